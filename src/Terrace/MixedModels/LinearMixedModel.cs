using Terrace.Design;
using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>
/// Fits linear mixed models y = offset + Xβ + Zb + ε, b ~ N(0, Σ), ε ~ N(0, σ²/w), by restricted maximum likelihood or maximum likelihood.
/// </summary>
/// <remarks>
/// <para>The profiled deviance or REML criterion of <see cref="ProfiledDeviance"/> is minimised over θ by a quasi-Newton search with its exact gradient
/// (<see cref="VarianceSearch"/>, in the coordinates of <see cref="RandomTermScaling"/>); then σ² = r²/n or r²/(n − p), Cov(β) = σ²(R_X'R_X)⁻¹.</para>
/// <para>Bates, Mächler, Bolker and Walker (2015), <em>Fitting linear mixed-effects models using lme4</em>, sections 3.3 to 3.6. Deviations: rows with equal covariates are one cell,
/// which changes no result; the response is centred by its regression on X and X orthonormalised before anything is multiplied.</para>
/// <para>Check: MixedModelFixtureTests compares with lme4.</para>
/// </remarks>
public static class LinearMixedModel
{
    /// <summary>Fits the model.</summary>
    /// <param name="rows">The rows with their response.</param>
    /// <param name="options">REML or ML.</param>
    /// <param name="cancellation">Ends the fit early.</param>
    /// <exception cref="ModelException">The data cannot carry the model; the message names the grouping factor, term or variable.</exception>
    public static MixedModelFit Fit(ModelRows rows, LinearMixedModelOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new LinearMixedModelOptions();
        var observations = Observations.Resolve(rows, Family.Gaussian());
        InputChecks.Groups(rows);
        InputChecks.ResidualVariance(rows, observations);
        var cells = new MixedModelCells(rows.Design, FixedEffectsBasis.Of(rows.Design.X, observations.Weight));
        double[] response = Centre(cells, observations, out double[] centre);
        var product = new BlockedCrossProduct(cells.Layout, cells.Pattern, cells.FixedColumns);
        new CrossProductAccumulator(cells).Accumulate(observations.Weight, response, product);
        double within = observations.WithinSquares.Sum();
        InputChecks.ResponseVaries(product.SumOfSquares + within, Total(observations), observations.WeightedRows, cells.FixedColumns, rows.Response!.Name);
        var deviance = new ProfiledDeviance(product, observations.WeightedRows, within, observations.SumLogWeight, cells.Basis.LogDeterminant, options.Reml);
        var scaling = new RandomTermScaling(cells, observations.Weight);
        var search = new VarianceSearch(cells.Layout, Scaled(deviance, scaling), cells.Layout.ThetaCount, options.MaximumEvaluations, cancellation);
        double[] start = VarianceStart.Of(product, scaling, product.SumOfSquares + within, observations.WeightedRows);
        double[] theta = search.Minimize(start, CurvatureGuess(deviance, scaling, [.. start]), point => Curvature(deviance, scaling, point));
        scaling.ToTheta(theta);
        double criterion = deviance.Evaluate(theta, []);
        return Assemble(rows, cells, observations, deviance, product, centre, theta, criterion, scaling, search, options.Reml);
    }

    /// <summary>The criterion and its gradient in the coordinates of <paramref name="scaling"/>.</summary>
    private static Objective Scaled(ProfiledDeviance deviance, RandomTermScaling scaling)
    {
        double[] theta = [];
        return (point, gradient) =>
        {
            if (theta.Length != point.Length) theta = new double[point.Length];
            point.CopyTo(theta);
            scaling.ToTheta(theta);
            double value = deviance.Evaluate(theta, gradient);
            if (gradient.Length > 0) scaling.ToGradient(gradient);
            return value;
        };
    }

    /// <summary>The average information in the coordinates of <paramref name="scaling"/>, with a floor on the diagonal for deviations at zero, where it vanishes.</summary>
    private static Matrix Curvature(ProfiledDeviance deviance, RandomTermScaling scaling, double[] point)
    {
        double[] theta = [.. point];
        scaling.ToTheta(theta);
        var information = deviance.Information(theta);
        scaling.ToHessian(information);
        for (int k = 0; k < theta.Length; k++) information[k, k] += 1e-4;
        return information;
    }

    private static double[] CurvatureGuess(ProfiledDeviance deviance, RandomTermScaling scaling, double[] start)
    {
        scaling.ToTheta(start);
        double[] guess = deviance.CurvatureGuess(start);
        scaling.ToCurvature(guess);
        return guess;
    }

    /// <summary>The response less offset and its regression on X, whose coefficients are <paramref name="centre"/>.</summary>
    private static double[] Centre(MixedModelCells cells, Observations observations, out double[] centre)
    {
        double[] response = [.. observations.Y.Select((y, i) => y - cells.Offset[i])];
        double[] weighted = [.. response.Select((y, i) => y * observations.Weight[i])];
        var products = new double[cells.Coefficients];
        cells.TransposedProduct(weighted, products);
        Array.Clear(products, 0, cells.Layout.Columns);
        centre = products[cells.Layout.Columns..];
        var fitted = new double[cells.Count];
        cells.AddProduct(products, fitted);
        for (int i = 0; i < response.Length; i++) response[i] -= fitted[i];
        return response;
    }

    private static double Total(Observations observations)
    {
        double total = 0;
        for (int i = 0; i < observations.Y.Length; i++) total += observations.Weight[i] * observations.Y[i] * observations.Y[i];
        return total;
    }

    private static MixedModelFit Assemble(ModelRows rows, MixedModelCells cells, Observations observations, ProfiledDeviance deviance, BlockedCrossProduct product,
        double[] centre, double[] theta, double criterion, RandomTermScaling scaling, VarianceSearch search, bool reml)
    {
        double sigma = Math.Sqrt(deviance.PenalisedSumOfSquares / deviance.Degrees);
        product.SumOfSquares += observations.WithinSquares.Sum();
        var joint = new JointPrecision(product, cells.Basis, centre, theta, sigma, true, observations.WeightedRows, observations.WeightSum);
        double[] spherical = [.. deviance.Spherical];
        for (int j = 0; j < centre.Length; j++) spherical[cells.Layout.Columns + j] += centre[j];
        return MixedModelAssembly.Build(rows, cells, observations, new FittedState
        {
            Engine = reml ? "reml" : "ml",
            Theta = theta,
            Sigma = sigma,
            Spherical = spherical,
            Factor = deviance.Factor,
            BetaCovariance = joint.FixedCovariance(deviance.Factor, sigma),
            Criterion = criterion,
            Scaling = scaling,
            Search = search,
            Joint = joint,
        });
    }
}
