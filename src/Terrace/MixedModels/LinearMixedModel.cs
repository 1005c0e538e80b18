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
    /// <summary>
    /// Up to so many random effects times covariance parameters, the Hessian at the optimum is computed by differences of the gradient in every fit, which costs two evaluations a parameter: next to nothing.
    /// Beyond, the quasi-Newton Hessian of the search serves, unless it leaves a doubt or <see cref="LinearMixedModelOptions.VerifyHessian"/> asks for more.
    /// </summary>
    private const int LargestVerified = 2000;

    /// <summary>Fits the model.</summary>
    /// <param name="rows">The rows with their response.</param>
    /// <param name="options">REML or ML.</param>
    /// <param name="cancellation">Ends the fit early.</param>
    /// <exception cref="ModelException">The data cannot carry the model; the message names the grouping factor, term or variable.</exception>
    public static MixedModelFit Fit(ModelRows rows, LinearMixedModelOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new LinearMixedModelOptions();
        LinearCrossProducts sums = CrossProducts(rows, options.Factorisation, out MixedModelCells cells, out Observations observations, out double[] response);
        var scaling = new RandomTermScaling(cells, observations.Weight);
        if (cells.Pattern.Sparse is { IsOrdered: false }) return IterativeLinearMixedModel.Fit(rows, cells, observations, sums.Product, sums.Centre, scaling, options.Reml, cancellation);
        var searched = scaling.IsFar ? CrossProduct(new MixedModelCells(scaling.Orthonormal(rows.Design), cells.Basis, options.Factorisation), observations, response) : sums.Product;
        FittedState state = Estimate(sums, searched, scaling, options, cancellation);
        return MixedModelAssembly.Build(rows, cells, observations, state with { Data = new FittedData(rows, Information.Observed) });
    }

    /// <summary>Fits the model to rows that are read once from the beginning to the end, in memory that does not grow with their number: only cross-products are kept.</summary>
    /// <param name="frame">The formula as it was learned from these rows.</param>
    /// <param name="data">The rows.</param>
    /// <param name="options">REML or ML; the random effects beside those of the largest grouping factor are one dense matrix, whatever is asked for.</param>
    /// <param name="cancellation">Ends the fit early.</param>
    /// <returns>The same estimates as from the rows in memory (to rounding), without values for rows.</returns>
    /// <exception cref="ModelException">The data cannot carry the model; the message names the grouping factor, term or variable.</exception>
    public static StreamedFit FitStreamed(ModelFrame frame, IRowBlocks data, LinearMixedModelOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(data);
        var stream = new StreamedCrossProducts(frame, data.Source);
        foreach (Frame block in data.Blocks())
        {
            cancellation.ThrowIfCancellationRequested();
            stream.Add(block);
        }
        LinearCrossProducts sums = stream.Finish(out BlockedCrossProduct searched, out RandomTermScaling scaling);
        FittedState state = Estimate(sums, searched, scaling, options ?? new LinearMixedModelOptions(), cancellation);
        return new StreamedFit(MixedModelAssembly.Build(stream.Shape(sums), MixedModelRows.None, state), stream.Rows, stream.OmittedRows);
    }

    /// <summary>The cross-products of rows, the response centred by its regression on X.</summary>
    internal static LinearCrossProducts CrossProducts(ModelRows rows, Factorisation factorisation, out MixedModelCells cells, out Observations observations, out double[] response)
    {
        observations = Observations.Resolve(rows, Family.Gaussian());
        InputChecks.Groups(rows);
        InputChecks.ResidualVariance(rows, observations);
        cells = new MixedModelCells(rows.Design, FixedEffectsBasis.Of(rows.Design.X, observations.Weight), factorisation, mayIterate: true);
        response = Centre(cells, observations, out double[] centre);
        var product = CrossProduct(cells, observations, response);
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

    /// <summary>The estimates from the cross-products; <paramref name="searched"/> are those of the covariates that the search runs on.</summary>
    internal static FittedState Estimate(LinearCrossProducts sums, BlockedCrossProduct searched, RandomTermScaling scaling, LinearMixedModelOptions options, CancellationToken cancellation)
    {
        var layout = searched.Layout;
        var coordinates = scaling.IsFar ? scaling.Identity() : scaling;
        var deviance = new ProfiledDeviance(searched, sums.Rows, sums.WithinSquares, sums.SumLogWeight, sums.Basis.LogDeterminant, options.Reml);
        var objective = Scaled(deviance, coordinates);
        var search = new VarianceSearch(layout, objective, layout.ThetaCount, options.MaximumEvaluations, cancellation);
        double[] start = VarianceStart.Of(searched, coordinates, searched.SumOfSquares + sums.WithinSquares, sums.Rows);
        double[] theta = search.Minimize(start, CurvatureGuess(deviance, coordinates, [.. start]), point => Curvature(deviance, coordinates, point));
        bool isLarge = (long)layout.Columns * layout.ThetaCount > LargestVerified;
        var check = ConvergenceVerification.Of(layout, theta, search, objective, enough: isLarge && !options.VerifyHessian);
        coordinates.ToTheta(theta);
        double criterion = deviance.Evaluate(theta, []);
        if (scaling.IsFar) scaling.ToTheta(theta);
        return State(sums, deviance, theta, criterion, scaling, search, check, options.Reml);
    }

    internal static BlockedCrossProduct CrossProduct(MixedModelCells cells, Observations observations, double[] response)
    {
        var product = new BlockedCrossProduct(cells.Layout, cells.Pattern, cells.FixedColumns);
        new CrossProductAccumulator(cells).Accumulate(observations.Weight, response, product);
        return product;
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

    internal static double[] CurvatureGuess(ProfiledDeviance deviance, RandomTermScaling scaling, double[] start)
    {
        scaling.ToTheta(start);
        double[] guess = deviance.CurvatureGuess(start);
        scaling.ToCurvature(guess);
        return guess;
    }

    /// <summary>The response less offset and its regression on X, whose coefficients are <paramref name="centre"/>.</summary>
    internal static double[] Centre(MixedModelCells cells, Observations observations, out double[] centre)
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

    private static FittedState State(LinearCrossProducts sums, ProfiledDeviance deviance, double[] theta, double criterion, RandomTermScaling scaling, VarianceSearch search, ConvergenceCheck check, bool reml)
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
            Evaluations = search.Evaluations,
            Convergence = check,
            Joint = joint,
        };
    }
}
