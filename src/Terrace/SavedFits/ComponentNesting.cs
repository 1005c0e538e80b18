using Terrace.Formulas;

namespace Terrace.SavedFits;

/// <summary>
/// What the formulas of the components beside the conditional one say about nesting. A dispersion without a formula is one number, <c>~1</c>; a model without a zero part is the one
/// with it whose probability of structural zeros is 0.
/// </summary>
internal static class ComponentNesting
{
    private const string ZeroInflation = "zero-inflation";

    /// <summary>Whether every component of <paramref name="smaller"/> lies inside that of <paramref name="larger"/>.</summary>
    public static bool IsShown(ComparedModel smaller, ComparedModel larger) =>
        smaller.ComponentFormulas.Keys.Union(larger.ComponentFormulas.Keys).All(component => IsInside(Of(smaller, component), Of(larger, component)));

    /// <summary>Whether only <paramref name="larger"/> has a zero part.</summary>
    public static bool AddsZeroInflation(ComparedModel smaller, ComparedModel larger) =>
        larger.ComponentFormulas.ContainsKey(ZeroInflation) && !smaller.ComponentFormulas.ContainsKey(ZeroInflation);

    private static Formula? Of(ComparedModel model, string component) =>
        model.ComponentFormulas.TryGetValue(component, out string? text) ? Formula.Parse(text) : component == ZeroInflation ? null : Formula.Parse("~1");

    private static bool IsInside(Formula? inner, Formula? outer) => inner is null || (outer is not null
        && (!inner.HasIntercept || outer.HasIntercept)
        && ModelNesting.Labels(inner.FixedTerms).IsSubsetOf(ModelNesting.Labels(outer.FixedTerms))
        && inner.Offsets.Select(offset => offset.ToString()).ToHashSet().SetEquals(outer.Offsets.Select(offset => offset.ToString())));
}
