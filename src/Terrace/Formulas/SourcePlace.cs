namespace Terrace.Formulas;

/// <summary>
/// Where in a text an expression stands, for messages. All places are equal, so that two expressions are equal when they say the same,
/// wherever they were written.
/// </summary>
/// <param name="Text">The text that was parsed.</param>
/// <param name="Index">The position in it, counted from 0.</param>
public readonly record struct SourcePlace(string Text, int Index)
{
    /// <summary>Always true: a place is no part of what an expression says.</summary>
    public bool Equals(SourcePlace other) => true;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    internal FormulaException Fault(string problem) => new(problem, Text ?? "", Math.Min(Index, Text?.Length ?? 0));
}
