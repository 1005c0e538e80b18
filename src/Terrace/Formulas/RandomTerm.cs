namespace Terrace.Formulas;

/// <summary>One random-effects term after expansion: effects of a grouping factor that are correlated with each other.</summary>
public sealed record RandomTerm
{
    /// <summary>Whether the effects include an intercept.</summary>
    public required bool HasIntercept { get; init; }

    /// <summary>The terms left of the bar without the intercept, in R's order.</summary>
    public required IReadOnlyList<FormulaTerm> Terms { get; init; }

    /// <summary>The grouping expression: <c>county</c>, <c>age:edu</c>, and <c>b:a</c> for the inner one of <c>(1|a/b)</c>.</summary>
    public required Expression Group { get; init; }

    /// <summary>Of a part of <c>(1 + f || g)</c> the undivided term <c>(1 + f | g)</c>, by which its factors are coded and each of whose columns varies by itself; otherwise null.</summary>
    public RandomTerm? Undivided { get; init; }

    /// <summary>The grouping factor as lme4 names it; of a structured one without its options: <c>bym2(state)</c>.</summary>
    public string GroupName => Structure?.Name ?? Group.ToString();

    /// <summary>How the levels depend on each other; null where they do not.</summary>
    internal StructureCall? Structure => StructureCall.Of(Group);

    /// <summary>The factors whose combinations are the groups, in the order in which a level's name joins them.</summary>
    public IReadOnlyList<Expression> GroupFactors
    {
        get
        {
            var factors = new List<Expression>();
            RandomTermExpansion.CollectFactors(Group, factors);
            return factors;
        }
    }

    /// <summary>Whether both have the same effects, independent or not, and the same group.</summary>
    public bool Equals(RandomTerm? other) =>
        other is not null && HasIntercept == other.HasIntercept && Group.Equals(other.Group) && Terms.SequenceEqual(other.Terms) && Equals(Undivided, other.Undivided);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(HasIntercept, Group, Terms.Count);

    /// <summary>The term as one writes it: <c>(1 + x | g)</c>.</summary>
    public override string ToString() => $"({string.Join(" + ", Terms.Select(term => term.Label).Prepend(HasIntercept ? "1" : "0"))} | {GroupName})";
}
