using Terrace.Data;
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
        LinearCrossProducts sums = CrossProducts(rows, out MixedModelCells cells, out Observations observations);
        return MixedModelAssembly.Build(rows, cells, observations, Estimate(sums, options ?? new LinearMixedModelOptions(), cancellation));
    }

    /// <summary>Fits the model to rows that are read once from the beginning to the end, in memory that does not grow with their number: only cross-products are kept.</summary>
    /// <param name="frame">The formula as it was learned from these rows.</param>
    /// <param name="data">The rows.</param>
    /// <param name="options">REML or ML.</param>
    /// <param name="cancellation">Ends the fit early.</param>
    /// <returns>The same estimates as from the rows in memory (to rounding), without values for rows.</returns>
    /// <exception cref="ModelException">The data cannot carry the model; the message names the grouping factor, term or variable.</exception>
    public static StreamedFit FitStreamed(ModelFrame frame, IRowBlocks data, LinearMixedModelOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new LinearMixedModelOptions();
        var stream = new StreamedCrossProducts(frame, data.Source);
        foreach (Frame block in data.Blocks())
        {
            cancellation.ThrowIfCancellationRequested();
            stream.Add(block);
        }
        LinearCrossProducts sums = stream.Finish();
        var fit = MixedModelAssembly.Build(stream.Shape(sums), MixedModelRows.None, Estimate(sums, options, cancellation));
        return new StreamedFit(fit, stream.Rows, stream.OmittedRows);
    }

    /// <summary>The cross-products of rows, the response centred by its regression on X.</summary>
    internal static LinearCrossProducts CrossProducts(ModelRows rows, out MixedModelCells cells, out Observations observations)
    {
        observations = Observations.Resolve(rows, Family.Gaussian());
        InputChecks.Groups(rows);
        InputChecks.ResidualVariance(rows, observations);
        cells = new MixedModelCells(rows.Design, FixedEffectsBasis.Of(rows.Design.X, observations.Weight));
        double[] response = Centre(cells, observations, out double[] centre);
        var product = new BlockedCrossProduct(cells.Layout, cells.Pattern, cells.FixedColumns);
        new CrossProductAccumulator(cells).Accumulate(observations.Weight, response, product);
        double within = observations.WithinSquares.Sum();
        InputChecks.ResponseVaries(product.SumOfSquares + within, Total(observations), observations.WeightedRows, cells.FixedColumns, rows.Response!.Name);
        return new LinearCrossProducts
        {
            Product = product,
            Basis = cells.Basis,
            Centre = centre,
            WithinSquares = within,
            Rows = observations.WeightedRows,
            SumLogWeight = observations.SumLogWeight,
            WeightSum = observations.WeightSum,
        };
    }

    /// <summary>The estimates from the cross-products.</summary>
    internal static FittedState Estimate(LinearCrossProducts sums, LinearMixedModelOptions options, CancellationToken cancellation)
    {
        BlockedCrossProduct product = sums.Product;
        var layout = product.Layout;
        var deviance = new ProfiledDeviance(product, sums.Rows, sums.WithinSquares, sums.SumLogWeight, sums.Basis.LogDeterminant, options.Reml);
        var scaling = new RandomTermScaling(product, sums.WeightSum);
        var search = new VarianceSearch(layout, Scaled(deviance, scaling), layout.ThetaCount, options.MaximumEvaluations, cancellation);
        double[] start = VarianceStart.Of(product, scaling, product.SumOfSquares + sums.WithinSquares, sums.Rows);
        double[] theta = search.Minimize(start, CurvatureGuess(deviance, scaling, [.. start]), point => Curvature(deviance, scaling, point));
        scaling.ToTheta(theta);
        return State(sums, deviance, theta, deviance.Evaluate(theta, []), scaling, search, options.Reml);
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

    private static FittedState State(LinearCrossProducts sums, ProfiledDeviance deviance, double[] theta, double criterion, RandomTermScaling scaling, VarianceSearch search, bool reml)
    {
        double sigma = Math.Sqrt(deviance.PenalisedSumOfSquares / deviance.Degrees);
        sums.Product.SumOfSquares += sums.WithinSquares;
        var joint = new JointPrecision(sums.Product, sums.Basis, sums.Centre, theta, sigma, true, sums.Rows, sums.WeightSum);
        double[] spherical = [.. deviance.Spherical];
        for (int j = 0; j < sums.Centre.Length; j++) spherical[sums.Product.Layout.Columns + j] += sums.Centre[j];
        return new FittedState
        {
            Engine = reml ? "reml" : "ml",
            Theta = theta,
            Sigma = sigma,
            Spherical = spherical,
            Factor = deviance.Factor,
            Inverse = deviance.Inverse,
            BetaCovariance = joint.FixedCovariance(deviance.Factor, sigma),
            Criterion = criterion,
            Scaling = scaling,
            Search = search,
            Joint = joint,
        };
    }
}
