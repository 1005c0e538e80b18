using Terrace.Data;

namespace Terrace.Poststratification;

/// <summary>The variables whose combinations are the areas of one set of estimates: <c>state</c>, or <c>state</c> by <c>edu</c>; none for the whole population.</summary>
public sealed record Grouping
{
    private static readonly string[] Reserved = ["population", "n", "estimate", "sd", "lower", "upper", "category"];

    /// <summary>Creates a grouping.</summary>
    /// <exception cref="DataException">A name is blank, repeated, or that of a column of the result.</exception>
    public Grouping(params IReadOnlyList<string> variables)
    {
        foreach (string variable in variables)
        {
            if (string.IsNullOrWhiteSpace(variable)) throw new DataException("A variable to group by has no name; write names with commas between them, such as state,edu.");
            if (variables.Count(v => v == variable) > 1) throw new DataException($"The grouping {string.Join(", ", variables)} names '{variable}' twice.");
            if (Reserved.Contains(variable)) throw new DataException($"'{variable}' is the name of a column of the estimates; rename the variable to group by it.");
        }
        Variables = [.. variables];
    }

    /// <summary>The whole population.</summary>
    public static Grouping None { get; } = new();

    /// <summary>The variables, the first varying slowest.</summary>
    public IReadOnlyList<string> Variables { get; }

    /// <summary>Reads names with commas between them.</summary>
    /// <exception cref="DataException">A name is blank or repeated.</exception>
    public static Grouping Parse(string text) => new([.. text.Split(',').Select(name => name.Trim())]);

    /// <inheritdoc/>
    public bool Equals(Grouping? other) => other is not null && Variables.SequenceEqual(other.Variables, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Variables.Aggregate(17, (hash, name) => HashCode.Combine(hash, name));

    /// <inheritdoc/>
    public override string ToString() => Variables.Count == 0 ? "population" : string.Join(", ", Variables);
}
