using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.NonlinearModels;

/// <summary>The parametric bootstrap of a nonlinear model, with or without random terms: <see cref="ParametricBootstrap"/> for mean functions.</summary>
/// <remarks>Efron and Tibshirani (1993), section 6.5; Bates and Watts (1988) for the model. Check: NonlinearRefitTests.</remarks>
public static class NonlinearBootstrap
{
    /// <summary>Runs the bootstrap of a least-squares fit; the statistics are its parameters and σ.</summary>
    /// <exception cref="ModelException">Fewer than two replicates could be fitted, or the checkpoint file is damaged or of another bootstrap.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static BootstrapResult Run(NonlinearModelFit fit, BootstrapOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return BootstrapWork.Run(new LeastSquaresBootstrap(fit), options ?? new BootstrapOptions(), cancellation);
    }

    /// <summary>Runs the bootstrap of a mixed model; the statistics are its standard deviations, correlations, σ and fixed effects.</summary>
    /// <exception cref="ModelException">As for a least-squares fit.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static BootstrapResult Run(NonlinearMixedModelFit fit, BootstrapOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new BootstrapOptions();
        return BootstrapWork.Run(new NonlinearMixedBootstrap(fit, options.KeepGroupEffects), options, cancellation);
    }

    /// <summary>The parameters of <paramref name="fit"/> as a bootstrap and a profile name them: those of the mean function, then σ.</summary>
    public static IReadOnlyList<ModelParameter> Parameters(NonlinearModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return [.. fit.Mean.Parameters.Select((name, j) => new ModelParameter(ModelParameterKind.FixedEffect, name, name) { Coefficient = j }), new ModelParameter(ModelParameterKind.ResidualStandardDeviation, ".sigma", "sigma")];
    }

    /// <summary>The standard deviations, correlations, σ and fixed effects of <paramref name="fit"/>, as a bootstrap and a profile name them.</summary>
    public static IReadOnlyList<ModelParameter> Parameters(NonlinearMixedModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return ModelParameters.Of(fit.Tangent).All;
    }

    private static void WriteIdentity(BinaryWriter writer, NonlinearData data, IReadOnlyList<double> estimates)
    {
        writer.Write("nonlinear");
        writer.Write(data.Frame.Formula.ToString());
        writer.Write(data.Options.Information.ToString());
        foreach (IReadOnlyList<double> numbers in (IReadOnlyList<double>[])[estimates, data.Rows.Response!.Values, data.Rows.Design.X.Values, data.Rows.Weights ?? []]) BootstrapCheckpoint.Write(writer, numbers);
    }

    private sealed class LeastSquaresBootstrap(NonlinearModelFit fit) : IBootstrapModel
    {
        public IReadOnlyList<string> Names { get; } = [.. Parameters(fit).Select(parameter => parameter.Name)];

        public double[] Estimates() => Values(fit);

        public void WriteIdentity(BinaryWriter writer) => NonlinearBootstrap.WriteIdentity(writer, fit.Data, Estimates());

        public IBootstrapSpace CreateSpace() => new Space(new NonlinearDraws(fit), fit.Data.Rows.Rows, (response, values, cancellation) =>
        {
            Values(NonlinearRefit.Of(fit, response, cancellation)).CopyTo(values);
            return new ReplicateOutcome(true, false);
        });

        private static double[] Values(NonlinearModelFit fit) => [.. fit.Estimates.Values, fit.Sigma];
    }

    private sealed class NonlinearMixedBootstrap(NonlinearMixedModelFit fit, bool keepGroupEffects) : IBootstrapModel
    {
        private readonly ModelParameters _parameters = ModelParameters.Of(fit.Tangent);

        public IReadOnlyList<string> Names => [.. _parameters.All.Select(parameter => parameter.Name)];

        public double[] Estimates() => Values(fit);

        public void WriteIdentity(BinaryWriter writer) => NonlinearBootstrap.WriteIdentity(writer, fit.Data, [.. Estimates(), .. fit.FittedValues()]);

        public IBootstrapSpace CreateSpace() => new Space(new NonlinearDraws(fit, keepGroupEffects), fit.Data.Rows.Rows, (response, values, cancellation) =>
        {
            NonlinearMixedModelFit refitted = NonlinearRefit.Of(fit, response, cancellation);
            if (refitted.Converged) Values(refitted).CopyTo(values);
            return new ReplicateOutcome(refitted.Converged, refitted.Singular);
        });

        private double[] Values(NonlinearMixedModelFit own) => _parameters.Values(own.Theta, own.Sigma, own.Beta);
    }

    private delegate ReplicateOutcome Refit(ReadOnlySpan<double> response, Span<double> values, CancellationToken cancellation);

    private sealed class Space(NonlinearDraws draws, int rows, Refit refit) : IBootstrapSpace
    {
        private readonly double[] _response = new double[rows];

        public ReplicateOutcome Replicate(Rng rng, Span<double> values, CancellationToken cancellation)
        {
            draws.DrawRows(rng, _response);
            return refit(_response, values, cancellation);
        }
    }
}
