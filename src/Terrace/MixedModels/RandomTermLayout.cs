using Terrace.Design;

namespace Terrace.MixedModels;

/// <summary>
/// Where one random-effects term sits in the vector of all random effects and in the vector of relative covariance parameters:
/// component j of level l is entry <c>Start + l * Stride + j</c>.
/// </summary>
internal sealed record RandomTermLayout
{
    /// <summary>The grouping factor.</summary>
    public required string Group { get; init; }

    /// <summary>The levels of the grouping factor.</summary>
    public required IReadOnlyList<string> Levels { get; init; }

    /// <summary>The covariates of the term.</summary>
    public required IReadOnlyList<string> TermNames { get; init; }

    /// <summary>The position of the term in the formula.</summary>
    public required int FormulaPosition { get; init; }

    /// <summary>The index of component 0 of level 0.</summary>
    public required int Start { get; init; }

    /// <summary>The distance between two levels.</summary>
    public required int Stride { get; init; }

    /// <summary>The index of the term's first relative covariance parameter.</summary>
    public required int ThetaStart { get; init; }

    /// <summary>Whether the term belongs to the grouping factor that is eliminated first.</summary>
    public required bool IsLead { get; init; }

    /// <summary>The number of covariates k.</summary>
    public int Width => TermNames.Count;

    /// <summary>The number of covariance parameters, k (k + 1) / 2.</summary>
    public int ThetaCount => Width * (Width + 1) / 2;

    /// <summary>The index of component <paramref name="component"/> of level <paramref name="level"/>.</summary>
    public int Index(int level, int component) => Start + level * Stride + component;

    /// <summary>The index of element (<paramref name="row"/>, <paramref name="column"/>), row ≥ column, of the relative factor among all parameters.</summary>
    public int ThetaIndex(int row, int column) => ThetaStart + column * Width - column * (column - 1) / 2 + row - column;

    /// <exception cref="ModelException">The levels depend on each other.</exception>
    internal static RandomTermLayout Of(RandomTermDesign term, int position)
    {
        if (term.Structure is not null)
            throw new ModelException($"{term.Group} is a structured term, whose levels depend on each other; maximum likelihood does not fit such terms here. Choose a Bayesian engine: --engine nuts, or approx or gibbs.");
        return new RandomTermLayout
        {
            Group = term.Group,
            Levels = term.Levels,
            TermNames = term.TermNames,
            FormulaPosition = position,
            Start = 0,
            Stride = term.TermNames.Count,
            ThetaStart = 0,
            IsLead = false,
        };
    }
}
