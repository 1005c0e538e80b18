namespace Terrace.MixedModels;

/// <summary>
/// The model of a fit with the estimates for another response: what a bootstrap replicate needs. Standard errors, conditional variances and warnings are left out, which is what makes it quick;
/// <see cref="MixedModelRefit.FitCompletely"/> has them. Immutable.
/// </summary>
public sealed class RefittedModel
{
    private readonly ModelParameters _parameters;
    private readonly RandomEffectsLayout _layout;
    private readonly double[] _b;

    internal RefittedModel(ModelParameters parameters, RandomEffectsLayout layout, double[] theta, double sigma, double[] beta, double[] b)
    {
        (_parameters, _layout, _b) = (parameters, layout, b);
        (Theta, Sigma, Beta) = (theta, sigma, beta);
    }

    /// <summary>The relative covariance parameters, as <see cref="MixedModelFit.Theta"/>.</summary>
    public IReadOnlyList<double> Theta { get; }

    /// <summary>The residual standard deviation, or the root of the dispersion; 1 for binomial and Poisson.</summary>
    public double Sigma { get; }

    /// <summary>The fixed effects, one for each column of the model matrix, NaN where aliased.</summary>
    public IReadOnlyList<double> Beta { get; }

    /// <summary>−2 log likelihood with all constants; of a REML fit the REML criterion.</summary>
    public required double Criterion { get; init; }

    /// <summary>How often the criterion was evaluated.</summary>
    public required int Evaluations { get; init; }

    /// <summary>Whether the optimiser met its conditions.</summary>
    public required bool Converged { get; init; }

    /// <summary>Whether a variance is 0 or a correlation ±1.</summary>
    public required bool Singular { get; init; }

    /// <summary>The standard deviations, correlations, σ and fixed effects in the order of <see cref="MixedModelRefit.Parameters"/>; a correlation with a standard deviation of 0 is NaN.</summary>
    public double[] ParameterValues() => _parameters.Values([.. Theta], Sigma, [.. Beta]);

    /// <summary>The mode of one random effect: term in the order of <see cref="MixedModelFit.Terms"/>, level, covariate.</summary>
    public double RandomEffect(int term, int level, int component) => _b[_layout.Terms[term].Index(level, component)];
}
