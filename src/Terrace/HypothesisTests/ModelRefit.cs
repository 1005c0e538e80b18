using Terrace.Design;
using Terrace.Families;
using Terrace.LinearModels;
using Terrace.MixedModels;

namespace Terrace.HypothesisTests;

/// <summary>Fits a model of the same kind to changed rows, for likelihood-ratio tests.</summary>
/// <remarks>
/// A mixed model from which the last random term goes is a linear or generalised linear one, with the same constants in its likelihood. The restricted likelihood of a linear model: −2ℓ = (n − p)(1 + log 2πs²)
/// + log|X'WX| − Σ log w, s² = RSS/(n − p) (Harville (1974), <em>Bayesian inference for variance components using only error contrasts</em>). Tests: DroppedTermsTests.
/// </remarks>
internal static class ModelRefit
{
    /// <summary>Refits by the engine of <paramref name="fit"/>, or by maximum likelihood instead of REML.</summary>
    public static Func<ModelRows, FittedLikelihood> Like(MixedModelFit fit, bool byMaximumLikelihood, Information information, CancellationToken cancellation)
    {
        bool reml = fit.Engine == "reml" && !byMaximumLikelihood;
        return rows =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (rows.Design.RandomTerms.Count > 0) return Of(Refitting.Refit(fit, rows, reml, information, cancellation));
            if (QuadratureEngine.PointsOf(fit.Engine) is not null) return Of(GeneralizedLinearModel.Fit(rows, fit.Family, Exact, cancellation));
            return reml ? Restricted(rows) : Of(LinearModel.Fit(rows));
        };
    }

    /// <summary>Refits a linear or generalised linear model.</summary>
    public static Func<ModelRows, FittedLikelihood> Like(GeneralizedLinearModelFit fit, CancellationToken cancellation) => rows =>
        Of(fit.Linear is null ? GeneralizedLinearModel.Fit(rows, fit.Family, Exact, cancellation) : LinearModel.Fit(rows));

    /// <summary>What tests need of a fit.</summary>
    public static FittedLikelihood Of(MixedModelFit fit) => new(fit.LogLikelihood, fit.Parameters, fit.Converged);

    /// <summary>What tests need of a fit.</summary>
    public static FittedLikelihood Of(GeneralizedLinearModelFit fit) => new(fit.LogLikelihood, fit.Parameters, fit.Converged);

    /// <summary>Iterations to rounding.</summary>
    internal static GlmOptions Exact { get; } = new() { Epsilon = 1e-13, MaxIterations = 100 };

    private static FittedLikelihood Restricted(ModelRows rows)
    {
        GeneralizedLinearModelFit fit = LinearModel.Fit(rows);
        Observations observations = fit.Observations;
        var basis = FixedEffectsBasis.Of(rows.Design.X, observations.Weight);
        int degrees = fit.ResidualDf;
        double criterion = degrees * (1 + Math.Log(2 * Math.PI * fit.Deviance / degrees)) + basis.LogDeterminant - observations.SumLogWeight;
        return new FittedLikelihood(-0.5 * criterion, fit.Parameters, true);
    }
}

/// <summary>What a likelihood-ratio test needs of a fit.</summary>
internal sealed record FittedLikelihood(double LogLikelihood, int Parameters, bool Converged)
{
    /// <summary>Akaike's criterion.</summary>
    public double Aic => -2 * LogLikelihood + 2 * Parameters;
}
