using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.DistributionalModels;

/// <summary>The parametric bootstrap of a distributional model, with or without group-level terms: <see cref="ParametricBootstrap"/> for families with parameters beside the mean.</summary>
/// <remarks>Efron and Tibshirani (1993), section 6.5. Check: DistributionalRefitTests (a bootstrap's standard errors, threads, resumption).</remarks>
public static class DistributionalBootstrap
{
    /// <summary>Runs the bootstrap: responses are drawn from the fit, the model is refitted to each, and the parameters of <see cref="DistributionalRefit.Parameters"/> are kept.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">How many replicates and how.</param>
    /// <param name="cancellation">Ends the work early; what is finished is in the checkpoint file.</param>
    /// <exception cref="ModelException">The rows have prior weights, fewer than two replicates could be fitted, or the checkpoint file is damaged or of another bootstrap.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static BootstrapResult Run(DistributionalModelFit fit, BootstrapOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new BootstrapOptions();
        return BootstrapWork.Run(new Model(fit, options.KeepGroupEffects), options, cancellation);
    }

    private sealed class Model(DistributionalModelFit fit, bool keepGroupEffects) : IBootstrapModel
    {
        private readonly DistributionalRefit _refit = new(fit);

        public IReadOnlyList<string> Names => [.. _refit.Parameters.Select(parameter => parameter.Name)];

        public double[] Estimates() => DistributionalParameterList.Of(fit).Values(fit.Theta, fit.Components);

        public void WriteIdentity(BinaryWriter writer)
        {
            foreach (string text in (string[])["distributional", fit.Family.ToString(), fit.ResponseName, fit.Information.ToString(), .. fit.Components.SelectMany(component => component.Names), "|"]) writer.Write(text);
            foreach (double[] numbers in (double[][])[fit.Theta, .. fit.Components.Select(component => component.Estimates), fit.Response, fit.LinearPredictor]) BootstrapCheckpoint.Write(writer, numbers);
        }

        public IBootstrapSpace CreateSpace() => new Space(fit, _refit, keepGroupEffects);
    }

    private sealed class Space(DistributionalModelFit fit, DistributionalRefit refit, bool keepGroupEffects) : IBootstrapSpace
    {
        private readonly DistributionalDraws _draws = new(fit, keepGroupEffects);
        private readonly double[] _response = new double[fit.Response.Length];

        public ReplicateOutcome Replicate(Rng rng, Span<double> values, CancellationToken cancellation)
        {
            _draws.DrawRows(rng, _response);
            RefittedDistributionalModel refitted = refit.Fit(_response, cancellation);
            if (refitted.Converged) refitted.ParameterValues().CopyTo(values);
            return new ReplicateOutcome(refitted.Converged, refitted.Singular);
        }
    }
}
