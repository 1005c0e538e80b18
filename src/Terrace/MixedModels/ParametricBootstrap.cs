namespace Terrace.MixedModels;

/// <summary>
/// The parametric bootstrap of a mixed model (lme4's <c>bootMer</c>): responses are drawn from the fitted model, the model is refitted to each, and statistics of the refits are kept.
/// </summary>
/// <remarks>
/// <para>y*_r ~ p(y | β̂, σ̂, b) with b = b̂ or b ~ N(0, Σ̂) (<see cref="OutcomeDraws"/>), t*_r = T(refit(y*_r)), r = 1 … R. Efron and Tibshirani (1993), <em>An Introduction to the Bootstrap</em>, section 6.5;
/// Bates, Mächler, Bolker and Walker (2015), section 5.2.</para>
/// <para>A replicate whose refit fails or does not converge has NaN statistics and is listed with its reason. Each replicate has its own stream of random numbers and starts from the original estimates,
/// so that the bits depend neither on the number of threads nor on interruptions.</para>
/// <para>Check: ParametricBootstrapTests (threads, resumption, the reference standard deviations of lme4).</para>
/// </remarks>
public static class ParametricBootstrap
{
    /// <summary>Runs the bootstrap.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">How many replicates and how.</param>
    /// <param name="statistic">What is kept of each refit; by default the standard deviations, correlations, σ and fixed effects under lme4's names.</param>
    /// <param name="cancellation">Ends the work early; what is finished is in the checkpoint file.</param>
    /// <exception cref="ModelException">The family cannot be simulated, fewer than two replicates could be fitted, or the checkpoint file is damaged or of another bootstrap.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static BootstrapResult Run(MixedModelFit fit, BootstrapOptions? options = null, BootstrapStatistic? statistic = null, CancellationToken cancellation = default)
    {
        options ??= new BootstrapOptions();
        RefitModel model = RefitModel.Of(fit, "a bootstrap");
        return BootstrapWork.Run(new MixedBootstrap(model, statistic ?? Parameters(model), options.KeepGroupEffects), options, cancellation);
    }

    /// <summary>The default statistic of <paramref name="fit"/>: its standard deviations, correlations, σ and fixed effects.</summary>
    public static IReadOnlyList<ModelParameter> DefaultParameters(MixedModelFit fit) => ModelParameters.Of(fit).All;

    private static BootstrapStatistic Parameters(RefitModel model) =>
        new([.. model.Parameters.All.Select(p => p.Name)], (refitted, values) => refitted.ParameterValues().CopyTo(values));
}
