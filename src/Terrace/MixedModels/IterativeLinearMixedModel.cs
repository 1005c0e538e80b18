using Terrace.Design;
using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>
/// Fits a linear mixed model whose random effects are too many for an exact factor: conjugate gradients for the effects, stochastic traces for the gradient, and a log likelihood with a Monte Carlo error that is stated.
/// </summary>
/// <remarks>
/// <para>Fixed effects, their covariance and the modes of the random effects are exact given θ (to the tolerance of the conjugate gradients); θ carries an error of the fixed random probes of at most a few per cent of its standard error
/// (<see cref="IterativeSearch"/>). The conditional standard deviations of scalar terms are stochastic estimates, good to some per cent; those of terms with several columns are not computed.</para>
/// <para>Strandén and Lidauer (1999), <em>Solving large mixed linear models using preconditioned conjugate gradient iteration</em>; Ubaru, Chen and Saad (2017) for log determinants; Gilmour, Thompson and Cullis (1995) for the search. Check: IterativeLinearMixedModelTests.</para>
/// </remarks>
internal static class IterativeLinearMixedModel
{
    public static MixedModelFit Fit(ModelRows rows, MixedModelCells cells, Observations observations, BlockedCrossProduct product, double[] centre, RandomTermScaling scaling, bool reml, CancellationToken cancellation)
    {
        double within = observations.WithinSquares.Sum();
        double[] start = cells.Layout.IdentityTheta();
        scaling.ToTheta(start);
        IterativeDeviance At(double[] theta) => new(product, theta, observations.WeightedRows, within, observations.SumLogWeight, cells.Basis.LogDeterminant, reml);
        var search = new IterativeSearch(product, At, start, cancellation);
        search.Run();
        return Assemble(rows, cells, observations, product, centre, scaling, search, within, reml);
    }

    private static MixedModelFit Assemble(ModelRows rows, MixedModelCells cells, Observations observations, BlockedCrossProduct product, double[] centre, RandomTermScaling scaling, IterativeSearch search, double within, bool reml)
    {
        var deviance = search.Deviance;
        double sigma = Math.Sqrt(deviance.PenalisedSumOfSquares / deviance.Degrees), error = search.Traces.LogDeterminantError / 2;
        var covariance = cells.Basis.ToCoefficientCovariance(deviance.System.FixedCovariance());
        for (int i = 0; i < covariance.Values.Length; i++) covariance.Values[i] *= sigma * sigma;
        double[] conditionalTail = search.Traces.TailDiagonal, spherical = [.. deviance.Spherical];
        for (int j = 0; j < centre.Length; j++) spherical[cells.Layout.Columns + j] += centre[j];
        product.SumOfSquares += within;
        return MixedModelAssembly.Build(rows, cells, observations, new FittedState
        {
            Engine = reml ? "reml" : "ml",
            Theta = deviance.Theta,
            Sigma = sigma,
            Spherical = spherical,
            Conditional = Conditional(cells.Layout, deviance, search.Traces, sigma),
            BetaCovariance = covariance,
            Criterion = deviance.Value(search.Traces),
            Scaling = scaling,
            Evaluations = search.Evaluations,
            Convergence = ConvergenceVerification.Of(cells.Layout, [], deviance.Theta, search.Gradient, search.Information, isExact: false),
            Joint = new JointPrecision(product, cells.Basis, centre, deviance.Theta, sigma, true, observations.WeightedRows, observations.WeightSum),
            Data = new FittedData(rows, Information.Observed),
            LogLikelihoodError = error,
            Notes = [new ModelWarning("stochastic-loglik", FormattableString.Invariant($"The random effects were solved for iteratively: the log likelihood has a Monte Carlo standard error of {error:G2} ({search.Probes} probes), ")
                + (conditionalTail.Length > 0 ? "and the standard deviations of the random effects' modes are estimates." : "and the random effects' modes have no standard deviations."))],
        });
    }

    /// <summary>σ²θ² (M⁻¹)_ll of every level where all terms are scalar, else NaN.</summary>
    private static double[][] Conditional(RandomEffectsLayout layout, IterativeDeviance deviance, StochasticTraces traces, double sigma)
    {
        var result = new double[layout.Terms.Count][];
        for (int t = 0; t < result.Length; t++)
        {
            var term = layout.Terms[t];
            result[t] = new double[term.Levels.Count * term.Width * term.Width];
            Array.Fill(result[t], double.NaN);
            if (traces.TailDiagonal.Length == 0) continue;
            double theta = deviance.Theta[term.ThetaIndex(0, 0)], scale = sigma * sigma * theta * theta;
            for (int l = 0; l < result[t].Length; l++)
                result[t][l] = scale * (term.IsLead ? LeadVariance(deviance, traces, theta, l) : traces.TailDiagonal[term.Start + l - layout.LeadColumns]);
        }
        return result;
    }

    /// <summary>(M⁻¹)_ll = P + P² θ² c'S⁻¹c, P = 1/(θ²D + 1) and c'S⁻¹c the stochastic form of the level.</summary>
    private static double LeadVariance(IterativeDeviance deviance, StochasticTraces traces, double theta, int level)
    {
        double f = deviance.System.Lead.F(level)[0], m = deviance.System.Lead.M(level)[0], p = theta == 0 ? 1 : f / (theta * theta);
        return p + m * m * traces.LeadForms[level];
    }
}
