using Terrace.Design;
using Terrace.Predictions;

namespace Terrace.SavedFits;

/// <summary>A fit without its data: how rows are coded, what prediction needs, and what there is to say about the fit. Read and written by <see cref="SavedFitFile"/>.</summary>
/// <param name="Frame">The coding of the training data.</param>
/// <param name="Model">The estimates with their uncertainty; null for a distributional model.</param>
/// <param name="Report">The report; null where only predictions are wanted and the fit was read from a file.</param>
/// <param name="Data">What tells whether another fit is of the same data; null where it was not recorded.</param>
public sealed record SavedFit(ModelFrame Frame, PredictionModel? Model, FitReport? Report, DataFingerprint? Data = null)
{
    /// <summary>The estimates of a distributional model; null for other models.</summary>
    public DistributionalPredictionModel? Distributional { get; init; }

    /// <summary>The posterior of a Bayesian model; null for other models.</summary>
    public SavedPosterior? Posterior { get; init; }

    /// <summary>The report of a Bayesian model, in the place of <see cref="Report"/>; null where the fit was read from a file.</summary>
    public BayesianFitReport? BayesianReport { get; init; }
}
