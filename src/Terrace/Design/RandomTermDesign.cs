using Terrace.Design.Structures;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Design;

/// <summary>
/// One random-effects term <c>(x | g)</c> for a set of rows: row i has the effects of level <c>Codes[i]</c>, multiplied by row i of <see cref="Z"/>.
/// A term <c>(x || g)</c> is several of these with one grouping factor.
/// </summary>
public sealed record RandomTermDesign
{
    /// <summary>The grouping factor as lme4 names it: <c>county</c>, <c>age:edu</c>, <c>b:a</c> for the inner one of <c>(1|a/b)</c>.</summary>
    public required string Group { get; init; }

    /// <summary>The levels that occurred in the training data, in order; of an interaction <c>1:2</c>.</summary>
    public required IReadOnlyList<string> Levels { get; init; }

    /// <summary>Levels of new data that the training data lack; code <c>Levels.Count + k</c> is <c>NewLevels[k]</c>.</summary>
    public IReadOnlyList<string> NewLevels { get; init; } = [];

    /// <summary>Each row's level.</summary>
    public required int[] Codes { get; init; }

    /// <summary>The columns of <see cref="Z"/>, named as R names them: <c>(Intercept)</c>, <c>floor</c>.</summary>
    public required IReadOnlyList<string> TermNames { get; init; }

    /// <summary>The covariates, rows × terms.</summary>
    public required Matrix Z { get; init; }

    /// <summary>How the levels depend on each other; null where they do not.</summary>
    internal LevelStructure? Structure { get; init; }
}
