namespace Terrace.Poststratification;

/// <summary>
/// The same areas by ways of estimating that differ in how much they borrow: the respondents' mean as it is; plain poststratification; the model without its
/// group-level terms (complete pooling); with an own fixed effect for every level of every grouping factor (no pooling); and the multilevel model (partial pooling). NaN where a
/// way has no estimate. Where a part of an area cannot be estimated, the rest stands for the whole and a warning says how much that is.
/// </summary>
/// <param name="Grouping">The variables that make the areas; none for the whole population.</param>
/// <param name="Levels">The areas: a level of each variable.</param>
/// <param name="Raw">The mean of the area's respondents.</param>
/// <param name="Poststratified">The means of the respondents in each cell of the formula's categorical variables, weighted by the cells' counts.</param>
/// <param name="CompletePooling">Without group-level terms.</param>
/// <param name="NoPooling">With groups as fixed effects.</param>
/// <param name="PartialPooling">The model of the formula.</param>
public sealed record PoolingComparison(
    Grouping Grouping,
    IReadOnlyList<IReadOnlyList<string>> Levels,
    IReadOnlyList<IntervalEstimate> Raw,
    IReadOnlyList<IntervalEstimate> Poststratified,
    IReadOnlyList<IntervalEstimate> CompletePooling,
    IReadOnlyList<IntervalEstimate> NoPooling,
    IReadOnlyList<IntervalEstimate> PartialPooling);
