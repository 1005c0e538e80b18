using Terrace.Bayes;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.Posterior;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.SavedFits;

/// <summary>Everything there is to say about a Bayesian fit: what <c>terrace fit --engine nuts --json</c> prints.</summary>
public sealed record BayesianFitReport
{
    /// <summary>The formula as R would print it.</summary>
    public required string Formula { get; init; }

    /// <summary>The formulas of the components beside the conditional one.</summary>
    public IReadOnlyDictionary<string, string> ComponentFormulas { get; init; } = FitReport.NoComponents;

    /// <summary>The family's name.</summary>
    public required string Family { get; init; }

    /// <summary>The link's name.</summary>
    public required string Link { get; init; }

    /// <summary>The engine that was asked for.</summary>
    public required string RequestedEngine { get; init; }

    /// <summary>The number of rows used.</summary>
    public required long Rows { get; init; }

    /// <summary>The number of cells they collapse to.</summary>
    public required long Cells { get; init; }

    /// <summary>The number of rows left out because a value is missing.</summary>
    public required long Omitted { get; init; }

    /// <summary>The fit.</summary>
    public required BayesianFit Fit { get; init; }

    /// <summary>K-fold cross-validation, or null where it was not asked for.</summary>
    public KFold? KFold { get; init; }

    /// <summary>Hypotheses; empty where none was asked for.</summary>
    public IReadOnlyList<Hypothesis> Hypotheses { get; init; } = [];

    /// <summary>The fixed effects, aliased ones included, whose summary is null.</summary>
    public required IReadOnlyList<(string Component, string Term, VariableSummary? Summary)> FixedEffects { get; init; }

    /// <summary>The standard deviations of the group-level effects.</summary>
    public required IReadOnlyList<(string Component, string Group, string Term, VariableSummary Summary)> RandomEffects { get; init; }

    /// <summary>Their correlations.</summary>
    public required IReadOnlyList<(string Component, string Group, string Term1, string Term2, VariableSummary Summary)> Correlations { get; init; }

    /// <summary>The grouping factors with their numbers of levels.</summary>
    public required IReadOnlyList<GroupSize> Groups { get; init; }

    /// <summary>What the family adds.</summary>
    public required IReadOnlyList<VariableSummary> Parameters { get; init; }

    /// <summary>The parameters of a shrinkage prior of the coefficients: global and local scales, or R² and its shares; empty where there is none.</summary>
    public IReadOnlyList<VariableSummary> Shrinkage { get; init; } = [];

    /// <summary>The posterior covariance matrix of the fixed effects that are not aliased, and their names.</summary>
    public required (IReadOnlyList<string> Terms, Matrix Values) Covariance { get; init; }

    /// <summary>Seconds of wall clock; null where nobody measured.</summary>
    public double? Seconds { get; init; }

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<ModelWarning> Warnings { get; init; } = [];

    /// <summary>The report of <paramref name="fit"/>.</summary>
    public static BayesianFitReport Of(BayesianFit fit, FitContext context, string link, IReadOnlyDictionary<string, string>? components = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ModelStructure structure = fit.Model.Structure;
        DrawLayout layout = fit.Model.DrawLayout;
        IReadOnlyList<VariableSummary> all = fit.Summaries;
        var fixedEffects = new List<(string, string, VariableSummary?)>();
        foreach (PredictorDesign predictor in structure.Predictors)
        {
            int[] kept = [.. predictor.Basis.Kept.Skip(predictor.First)];
            for (int j = predictor.First; j < predictor.ColumnNames.Count; j++)
            {
                int place = Array.IndexOf(kept, j);
                fixedEffects.Add((predictor.Component, predictor.ColumnNames[j], place < 0 ? null : all[predictor.Start + place]));
            }
        }
        var random = new List<(string, string, string, VariableSummary)>();
        var correlations = new List<(string, string, string, string, VariableSummary)>();
        int sd = layout.StandardDeviations, cor = layout.CorrelationStart;
        foreach (GroupTerm term in structure.Terms)
        {
            foreach (string name in term.TermNames) random.Add((term.Component, term.Group, name, all[sd++]));
            for (int i = 1; i < term.Width; i++)
                for (int j = 0; j < i; j++) correlations.Add((term.Component, term.Group, term.TermNames[j], term.TermNames[i], all[cor++]));
        }
        return new BayesianFitReport
        {
            Formula = context.Formula,
            ComponentFormulas = components ?? FitReport.NoComponents,
            Family = fit.Model.Name,
            Link = link,
            RequestedEngine = context.RequestedEngine,
            Rows = context.Rows,
            Cells = context.Cells,
            Omitted = context.Omitted,
            Fit = fit,
            FixedEffects = fixedEffects,
            RandomEffects = random,
            Correlations = correlations,
            Groups = [.. structure.Terms.DistinctBy(term => term.Group).Select(term => new GroupSize(term.Group, term.Levels.Count))],
            Parameters = [.. all.Skip(layout.AuxiliaryStart)],
            Shrinkage = [.. all.Take(layout.AuxiliaryStart).Skip(layout.ShrinkageStart)],
            Covariance = (fit.Draws.Layout.Columns.Take(structure.FixedCount).Select(name => name[2..^1]).ToArray(), CovarianceOf(fit.Draws, structure.FixedCount)),
            Warnings = [.. fit.Warnings],
        };
    }

    private static Matrix CovarianceOf(Draws draws, int count)
    {
        var covariance = new Matrix(count, count);
        double[] means = [.. Enumerable.Range(0, count).Select(j => SampleMoments.Mean(draws.Column(j)))];
        for (int j = 0; j < count; j++)
        {
            for (int i = 0; i <= j; i++)
            {
                ReadOnlySpan<double> x = draws.Column(i), y = draws.Column(j);
                double sum = 0;
                for (int s = 0; s < x.Length; s++) sum += (x[s] - means[i]) * (y[s] - means[j]);
                covariance[i, j] = covariance[j, i] = sum / (x.Length - 1);
            }
        }
        return covariance;
    }
}
