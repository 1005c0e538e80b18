namespace Terrace.Bayes;

/// <summary>One prior as it is told to the user.</summary>
/// <param name="Class">What kind of parameter: <c>intercept</c>, <c>b</c>, <c>sd</c>, <c>cor</c>, or the family parameter's name.</param>
/// <param name="Group">The grouping factor, or null.</param>
/// <param name="Term">The coefficient or covariate, or null where it is for all.</param>
/// <param name="Prior">As it was specified.</param>
/// <param name="Scaled">As it is used, after scaling to the data.</param>
public sealed record PriorDescription(string Class, string? Group, string? Term, string Prior, string Scaled);

/// <summary>The priors of a model: ready for its density, and as they are told.</summary>
/// <param name="Model">For the density.</param>
/// <param name="Descriptions">For the user.</param>
public sealed record ChosenPriors(ModelPriors Model, IReadOnlyList<PriorDescription> Descriptions);
