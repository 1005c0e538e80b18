using Terrace.Numerics.RandomNumbers;

namespace Terrace.MixedModels;

/// <summary>A linear or generalised linear mixed model in a parametric bootstrap: refits share the design, the basis and the Hessian of the original (<see cref="RefitModel"/>).</summary>
internal sealed class MixedBootstrap(RefitModel model, BootstrapStatistic statistic, bool keepGroupEffects) : IBootstrapModel
{
    public IReadOnlyList<string> Names => statistic.Names;

    public double[] Estimates()
    {
        var estimates = new double[Names.Count];
        statistic.Compute(Original(), estimates);
        return estimates;
    }

    public void WriteIdentity(BinaryWriter writer)
    {
        MixedModelFit fit = model.Fit;
        foreach (string text in (string[])[fit.Engine, fit.Family.ToString(), fit.ResponseName, model.Data.Information.ToString(), .. fit.FixedNames, "|"]) writer.Write(text);
        foreach (RandomTermFit term in fit.Terms)
        {
            writer.Write(term.Group);
            writer.Write(term.Levels.Count);
            foreach (string name in term.TermNames) writer.Write(name);
        }
        foreach (double[] numbers in (double[][])[fit.Theta, fit.Beta, [fit.Sigma], fit.Response, fit.Weights, fit.Fitted]) BootstrapCheckpoint.Write(writer, numbers);
    }

    public IBootstrapSpace CreateSpace() => new Space(model, statistic, keepGroupEffects);

    private RefittedModel Original()
    {
        MixedModelFit fit = model.Fit;
        var b = new double[model.Cells.Coefficients];
        foreach (RandomTermFit term in fit.Terms)
        {
            for (int level = 0; level < term.Levels.Count; level++)
            {
                for (int j = 0; j < term.Layout.Width; j++) b[term.Layout.Index(level, j)] = term.Modes[level, j];
            }
        }
        return new RefittedModel(model.Parameters, model.Cells.Layout, fit.Theta, fit.Sigma, fit.Beta, b) { Criterion = fit.Deviance, Evaluations = fit.Evaluations, Converged = fit.Converged, Singular = fit.Singular };
    }

    private sealed class Space(RefitModel model, BootstrapStatistic statistic, bool keepGroupEffects) : IBootstrapSpace
    {
        private readonly RefitWorkspace _refit = model.CreateWorkspace();
        private readonly OutcomeDraws _draws = new(model, keepGroupEffects);

        public ReplicateOutcome Replicate(Rng rng, Span<double> values, CancellationToken cancellation)
        {
            _draws.DrawInto(_refit.Observations, rng);
            RefittedModel refitted = _refit.Fit(cancellation);
            if (refitted.Converged) statistic.Compute(refitted, values);
            return new ReplicateOutcome(refitted.Converged, refitted.Singular);
        }
    }
}
