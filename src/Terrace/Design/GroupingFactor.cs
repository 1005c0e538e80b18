using Terrace.Design.Structures;

namespace Terrace.Design;

/// <summary>
/// A grouping factor as it was learned: the levels that occur in the training data, each a combination of levels of its variables, the first variable's
/// running slowest.
/// </summary>
/// <param name="Name">The name as lme4 gives it, such as <c>age:edu</c>.</param>
/// <param name="Variables">The positions of its variables among the model's grouping variables.</param>
/// <param name="Combinations">The code of each variable, for each level.</param>
/// <param name="Structure">How the levels depend on each other, in the order of their combinations; null where they do not, or for a frame read from a file.</param>
internal sealed record GroupingFactor(string Name, int[] Variables, int[][] Combinations, LevelStructure? Structure = null)
{
    /// <summary>Whether the levels depend on each other, so that there are no others.</summary>
    public bool IsStructured => Structure is not null;

    /// <summary>The names of the levels, such as <c>1:2</c>.</summary>
    public string[] LevelNames(IReadOnlyList<IReadOnlyList<string>> variableLevels) => Array.ConvertAll(Combinations, codes => NameOf(codes, variableLevels));

    /// <summary>The name of a combination of codes.</summary>
    public string NameOf(ReadOnlySpan<int> codes, IReadOnlyList<IReadOnlyList<string>> variableLevels)
    {
        var parts = new string[Variables.Length];
        for (int i = 0; i < parts.Length; i++) parts[i] = variableLevels[Variables[i]][codes[i]];
        return string.Join(':', parts);
    }
}
