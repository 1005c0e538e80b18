using Terrace.Design;

namespace Terrace.NonlinearModels;

/// <summary>What a nonlinear model was fitted to and how, for everything that fits it again.</summary>
/// <param name="Frame">The formula with its coding.</param>
/// <param name="Rows">The rows with their response.</param>
/// <param name="Options">How it was fitted.</param>
internal sealed record NonlinearData(NonlinearModelFrame Frame, ModelRows Rows, NonlinearModelOptions Options)
{
    /// <summary>The rows with another response.</summary>
    /// <exception cref="ModelException">It has another length, or a value that is not finite.</exception>
    public ModelRows With(ReadOnlySpan<double> response)
    {
        if (response.Length != Rows.Rows) throw new ModelException($"The response for a refit has {response.Length} values, but the fit has {Rows.Rows} rows.");
        return Rows with { Response = Rows.Response! with { Values = response.ToArray() } };
    }

    /// <summary>The options with start values <paramref name="values"/>.</summary>
    public NonlinearModelOptions From(IReadOnlyList<double> values) =>
        Options with { Start = Frame.Mean.Parameters.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second) };
}

/// <summary>Fits a nonlinear model to other responses of the same rows (lme4's <c>refit</c>), from the original estimates. May be used by several threads at once.</summary>
/// <remarks>Check: NonlinearRefitTests (the original response gives the original fit; fits of simulated responses from other starts).</remarks>
public static class NonlinearRefit
{
    /// <summary>The least-squares fit of another response, one value for each row.</summary>
    /// <exception cref="ModelException">The response has another length, or the search does not converge on it.</exception>
    public static NonlinearModelFit Of(NonlinearModelFit fit, ReadOnlySpan<double> response, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return NonlinearLeastSquares.Fit(fit.Data.Frame, fit.Data.With(response), fit.Data.From(fit.Estimates.Values), cancellation);
    }

    /// <summary>The mixed model's fit of another response, one value for each row.</summary>
    /// <exception cref="ModelException">The response has another length, or the model cannot be fitted to it.</exception>
    public static NonlinearMixedModelFit Of(NonlinearMixedModelFit fit, ReadOnlySpan<double> response, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return NonlinearMixedModel.Fit(fit.Data.Frame, fit.Data.With(response), fit.Data.From(fit.Start), cancellation);
    }
}
