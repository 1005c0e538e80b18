using Terrace.DistributionalModels;
using Terrace.Inference.Posterior;

namespace Terrace.Bayes;

/// <summary>
/// The posterior of a model's coefficients, effects and parameters as draws, with what says which column of a design and which level of a factor each belongs to: what predictions need, without the data. Immutable.
/// </summary>
public sealed class PosteriorCoefficients
{
    /// <summary>The family's name; <c>categorical</c> for unordered categories.</summary>
    public required string Family { get; init; }

    /// <summary>The link's name.</summary>
    public required string Link { get; init; }

    /// <summary>The categories of the response in their order, the reference first where they have none; empty for other responses.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The draws.</summary>
    public required Draws Draws { get; init; }

    /// <summary>The linear predictors, the conditional one (of categories one for each but the first) before the others.</summary>
    internal IReadOnlyList<PredictorColumns> Predictors { get; init; } = [];

    /// <summary>The group-level terms.</summary>
    internal IReadOnlyList<TermColumns> Terms { get; init; } = [];

    /// <summary>The parameters that are one number, in the order of the draws' last columns.</summary>
    internal IReadOnlyList<string> Auxiliary { get; init; } = [];

    /// <summary>The grouping factors, each once.</summary>
    public IReadOnlyList<string> Groups => [.. Terms.Select(term => term.Group).Distinct()];

    /// <summary>The column of the first parameter that is one number.</summary>
    internal int AuxiliaryStart => Draws.Layout.Count - Auxiliary.Count;

    /// <summary>Those of <paramref name="fit"/>, whose link is <paramref name="link"/> and whose response has <paramref name="categories"/>.</summary>
    public static PosteriorCoefficients Of(BayesianFit fit, string link, IReadOnlyList<string>? categories = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ModelStructure structure = fit.Model.Structure;
        DrawLayout layout = fit.Model.DrawLayout;
        var terms = new List<TermColumns>();
        int sd = layout.StandardDeviations, cor = layout.CorrelationStart;
        foreach (GroupTerm term in structure.Terms)
        {
            int position = terms.Count(other => other.Predictor == term.Predictor);
            terms.Add(new TermColumns(term.Predictor, position, term.Group, term.Levels, term.TermNames, layout.Effects + term.Start - structure.FixedCount, sd, cor));
            sd += term.Width;
            cor += CorrelationCoordinates.Count(term.Width);
        }
        return new PosteriorCoefficients
        {
            Family = structure.IsCategorical ? "categorical" : fit.Model.Name,
            Link = link,
            Categories = categories ?? [],
            Draws = fit.Draws,
            Predictors = [.. structure.Predictors.Select(predictor => new PredictorColumns(predictor.Component, [.. predictor.Basis.Kept.Skip(predictor.First)], predictor.ColumnNames.Count, predictor.Start))],
            Terms = terms,
            Auxiliary = [.. structure.Auxiliary.Select(parameter => parameter.Name)],
        };
    }

    /// <summary>The draws of the parameter called <paramref name="name"/>, or null.</summary>
    internal double[]? Parameter(string name)
    {
        int place = Auxiliary.ToList().IndexOf(name);
        return place < 0 ? null : Draws.Column(AuxiliaryStart + place).ToArray();
    }

    /// <summary>The index of the predictor of a component, or −1.</summary>
    internal int PredictorOf(string component) => Predictors.ToList().FindIndex(predictor => predictor.Component == component);

    /// <summary>How many predictors are made from the conditional design: one, or one for each category but the first.</summary>
    internal int Conditional => Predictors.Count(predictor => predictor.Component is not (Component.Dispersion or Component.ZeroInflation));
}

/// <summary>One linear predictor among the draws.</summary>
/// <param name="Component">The component, or the category.</param>
/// <param name="Kept">The columns of its design that have a coefficient, ascending.</param>
/// <param name="Columns">The number of columns of its design.</param>
/// <param name="First">The column of its first coefficient among the draws.</param>
internal sealed record PredictorColumns(string Component, int[] Kept, int Columns, int First);

/// <summary>One group-level term among the draws.</summary>
/// <param name="Predictor">The index of its linear predictor.</param>
/// <param name="Position">Its place among the terms of the formula.</param>
/// <param name="Group">The grouping factor.</param>
/// <param name="Levels">The levels.</param>
/// <param name="TermNames">The covariates.</param>
/// <param name="Effects">The column of its first effect; component j of level l is at <c>Effects + l × width + j</c>.</param>
/// <param name="Sd">The column of its first standard deviation.</param>
/// <param name="Correlations">The column of its first correlation.</param>
internal sealed record TermColumns(int Predictor, int Position, string Group, IReadOnlyList<string> Levels, IReadOnlyList<string> TermNames, int Effects, int Sd, int Correlations)
{
    public int Width => TermNames.Count;
}
