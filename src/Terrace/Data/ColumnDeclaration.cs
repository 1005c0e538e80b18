namespace Terrace.Data;

/// <summary>What the user says about a column, before its values are looked at.</summary>
/// <param name="Name">The column.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Levels">The levels of a factor in their order, or null to take the sorted values of the data.</param>
/// <param name="Label">A description of the variable.</param>
public sealed record ColumnDeclaration(string Name, ColumnType Type, IReadOnlyList<string>? Levels = null, string? Label = null)
{
    /// <summary>The declaration of a factor, as by the flag <c>--factor NAME[=L1,L2,…]</c>.</summary>
    public static ColumnDeclaration Factor(string name, IReadOnlyList<string>? levels = null) => new(name, ColumnType.Factor, levels);

    /// <summary>The declaration of an ordered factor, as by the flag <c>--ordered NAME=L1,L2,…</c>.</summary>
    public static ColumnDeclaration Ordered(string name, IReadOnlyList<string>? levels = null) => new(name, ColumnType.Ordered, levels);

    /// <summary>The declaration of a text column, as by the flag <c>--text NAME</c>.</summary>
    public static ColumnDeclaration Text(string name) => new(name, ColumnType.Text);

    internal bool IsFactor => Type is ColumnType.Factor or ColumnType.Ordered;
}
