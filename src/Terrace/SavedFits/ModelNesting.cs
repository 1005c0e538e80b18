using Terrace.Formulas;

namespace Terrace.SavedFits;

/// <summary>
/// What the formulas of two models say about nesting: a model lies inside another if its fixed terms are among the other's, each of its random terms has a random term of the
/// other with the same groups and at least its effects, and the offsets are the same. Models can be nested though their terms do not show it, such as <c>x</c> in <c>poly(x, 2)</c>.
/// </summary>
internal static class ModelNesting
{
    /// <summary>Whether the formulas show that <paramref name="smaller"/> lies inside <paramref name="larger"/>.</summary>
    public static bool IsShown(ComparedModel smaller, ComparedModel larger)
    {
        if (smaller.Nonlinear is not null || larger.Nonlinear is not null) return smaller.Nonlinear is { } within && larger.Nonlinear is { } around && within.IsWithin(around);
        Formula inner = smaller.Frame.Formula, outer = larger.Frame.Formula;
        return (!inner.HasIntercept || SpansIntercept(larger))
            && Labels(inner.FixedTerms).IsSubsetOf(Labels(outer.FixedTerms))
            && inner.RandomTerms.All(term => outer.RandomTerms.Any(candidate => Contains(candidate, term) && (candidate.Undivided is null || IsIndependent(term, smaller))))
            && HaveSameOffsets(smaller, larger)
            && ComponentNesting.IsShown(smaller, larger);
    }

    /// <summary>The variances that the larger model has and the smaller one has not: setting them to zero puts the hypothesis on the boundary.</summary>
    public static IReadOnlyList<string> VariancesTested(ComparedModel smaller, ComparedModel larger)
    {
        if (smaller.Nonlinear is { } few && larger.Nonlinear is { } many) return [.. many.Variances.Except(few.Variances)];
        HashSet<string> kept = [.. smaller.Frame.Formula.RandomTerms.SelectMany(Variances)];
        return [.. larger.Frame.Formula.RandomTerms.SelectMany(Variances).Where(variance => !kept.Contains(variance)).Distinct()];
    }

    /// <summary>Whether the two models have the same offsets, inside the formula and beside it.</summary>
    public static bool HaveSameOffsets(ComparedModel first, ComparedModel other) => Offsets(first).SetEquals(Offsets(other));

    private static HashSet<string> Offsets(ComparedModel model)
    {
        IEnumerable<Expression> inside = model.Frame.Formula.Offsets;
        return [.. (model.Frame.Options.Offset is { } beside ? inside.Append(beside) : inside).Select(offset => offset.ToString())];
    }

    /// <summary>Whether the columns of the fixed effects can add up to the intercept: there is one, or a factor with a column for every level.</summary>
    private static bool SpansIntercept(ComparedModel model) =>
        model.Frame.Formula.HasIntercept || model.Frame.Formula.FixedTerms.Any(term => term.Variables.All(variable => model.Frame.FactorLevels.ContainsKey(variable.ToString())));

    private static bool Contains(RandomTerm outer, RandomTerm inner) =>
        Group(outer) == Group(inner) && (!inner.HasIntercept || outer.HasIntercept) && Labels(inner.Terms).IsSubsetOf(Labels(outer.Terms));

    /// <summary>Whether the effects of a term are independent of each other: parts of <c>||</c>, or a single column.</summary>
    private static bool IsIndependent(RandomTerm term, ComparedModel model) => term.Undivided is not null || term.Terms.Count == 0
        || (!term.HasIntercept && term.Terms.Count == 1 && term.Terms[0].Variables.All(expression => model.Frame.Coding.Variables.Any(v => v.Expression.Equals(expression) && v.Levels is null && v.Parts == 1)));

    private static IEnumerable<string> Variances(RandomTerm term)
    {
        string group = Group(term);
        if (term.HasIntercept) yield return $"(Intercept) of {group}";
        foreach (string label in Labels(term.Terms)) yield return $"{label} of {group}";
    }

    private static string Group(RandomTerm term) => Joined(term.GroupFactors);

    internal static HashSet<string> Labels(IEnumerable<FormulaTerm> terms) => [.. terms.Select(term => Joined(term.Variables))];

    // a:b and b:a are the same term.
    private static string Joined(IEnumerable<Expression> factors) => string.Join(':', factors.Select(factor => factor.ToString()).Order(StringComparer.Ordinal));
}
