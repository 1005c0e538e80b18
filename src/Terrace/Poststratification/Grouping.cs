using Terrace.Data;

namespace Terrace.Poststratification;

/// <summary>The variables whose combinations are the areas of one set of estimates: <c>state</c>, or <c>state</c> by <c>edu</c>; none for the whole population.</summary>
public sealed record Grouping
{
    private static readonly string[] Reserved = ["population", "n", "estimate", "sd", "lower", "upper", "category"];

    /// <summary>Creates a grouping.</summary>
    /// <exception cref="DataException">A name is blank or repeated.</exception>
    public Grouping(params IReadOnlyList<string> variables)
    {
        foreach (string variable in variables)
        {
            if (string.IsNullOrWhiteSpace(variable)) throw new DataException("A variable to group by has no name; write names with commas between them, such as state,edu.");
            if (variables.Count(v => v == variable) > 1) throw new DataException($"The grouping {string.Join(", ", variables)} names '{variable}' twice.");
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

    /// <summary>Refuses a variable that is called like a column of the estimates, since a table has one column of a name.</summary>
    /// <exception cref="DataException">There is one.</exception>
    internal void RequireFreeNames()
    {
        if (Variables.FirstOrDefault(Reserved.Contains) is { } name) throw new DataException($"'{name}' is the name of a column of the estimates; rename the variable to group by it.");
    }

    /// <inheritdoc/>
    public bool Equals(Grouping? other) => other is not null && Variables.SequenceEqual(other.Variables, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Variables.Aggregate(17, (hash, name) => HashCode.Combine(hash, name));

    /// <inheritdoc/>
    public override string ToString() => Variables.Count == 0 ? "population" : string.Join(", ", Variables);
}
