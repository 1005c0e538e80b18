using Terrace.Design;
using Terrace.Families;
using Terrace.MixedModels;

namespace Terrace.NonlinearModels;

/// <summary>
/// Fits nonlinear mixed models y = f(x; φ) + ε, φ = β + b for the row's groups, b ~ N(0, Σ), ε ~ N(0, σ²/w), by maximum likelihood with the Laplace approximation, as lme4's nlmer.
/// </summary>
/// <remarks>
/// <para>β starts from the least-squares fit without random effects (or the given start values); then −2 log L at the joint mode of (u, β) is minimised over θ, and from there
/// −2 log L of <see cref="NonlinearLaplace"/> over (θ, β) together, both by the quasi-Newton search of <see cref="VarianceSearch"/>. θ runs in the coordinates of
/// <see cref="RandomTermScaling"/> for Z at the start, γ = Rβ in units of σ. Cov(β) = σ² (R_X'R_X)⁻¹ of the linear mixed model that touches the fit at the modes.</para>
/// <para>Bates (2011), <em>Computational methods for mixed models</em>, section 6; Pinheiro and Bates (1995), Approximations to the log-likelihood function in the nonlinear mixed-effects
/// model, section 2.2 (Laplacian approximation, modified by the Gauss–Newton curvature).</para>
/// <para>Check: NonlinearMixedModelTests, against lme4's fits and by numerical integration.</para>
/// </remarks>
public static class NonlinearMixedModel
{
    /// <summary>Fits the model.</summary>
    /// <param name="frame">The formula with its coding of the data; it has random terms.</param>
    /// <param name="rows">The rows with their response, coded by <paramref name="frame"/>.</param>
    /// <param name="options">Start values of the fixed effects, and limits.</param>
    /// <param name="cancellation">Ends the fit early.</param>
    /// <exception cref="ModelException">The data cannot carry the model, a start value is missing, or a parameter is not identified; the message names it.</exception>
    public static NonlinearMixedModelFit Fit(NonlinearModelFrame frame, ModelRows rows, NonlinearModelOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new NonlinearModelOptions();
        if (frame.Formula.RandomTerms.Count == 0) throw new ModelException("The formula has no random terms; fit it by nonlinear least squares.");
        var problem = new NonlinearProblem(frame.Mean, rows);
        LeastSquaresResult pooled = NonlinearLeastSquares.Search(problem, options, cancellation);
        var linear = new LinearizedCells(problem, rows, pooled.Search.Jacobian);
        InputChecks.Groups(linear.Rows);
        InputChecks.ResidualVariance(linear.Rows, problem.Observations);
        var search = new NonlinearMixedSearch(linear, problem.Observations, options, cancellation);
        NonlinearMixedOptimum optimum = search.Run(pooled.Search.Parameters);
        return new NonlinearMixedModelFit(new NonlinearData(frame, rows, options), pooled.Search.Parameters, Assemble(linear, problem.Observations, optimum));
    }

    private static MixedModelFit Assemble(LinearizedCells linear, Observations observations, NonlinearMixedOptimum optimum)
    {
        MixedModelCells cells = linear.Cells;
        PenalizedLeastSquares modes = optimum.Laplace.Modes;
        double sigma = Math.Sqrt(modes.Penalised / observations.WeightedRows);
        var joint = new JointPrecision(Tangent(cells, observations, modes), cells.Basis, new double[cells.FixedColumns], optimum.Theta, sigma, true, observations.WeightedRows, observations.WeightSum);
        BlockedCholesky factor = joint.AtEstimate().Factor;
        linear.SetOffset(modes.Coefficients);
        return MixedModelAssembly.Build(linear.Rows, cells, observations, new FittedState
        {
            Engine = "ml",
            Theta = optimum.Theta,
            Sigma = sigma,
            Spherical = [.. modes.Spherical],
            Factor = factor,
            BetaCovariance = optimum.Covariance is { } hessian ? cells.Basis.ToCoefficientCovariance(hessian) : joint.FixedCovariance(factor, sigma),
            Criterion = optimum.Criterion,
            Scaling = new RandomTermScaling(cells, observations.Weight),
            Evaluations = optimum.Search.Evaluations,
            Convergence = optimum.Convergence,
            Joint = joint,
        });
    }

    /// <summary>The cross-products of the tangent linear model, its mean at the estimates: r = A'WA (b, γ) + (Z'W(y − μ), 0).</summary>
    private static BlockedCrossProduct Tangent(MixedModelCells cells, Observations observations, PenalizedLeastSquares modes)
    {
        var product = new BlockedCrossProduct(cells.Layout, cells.Pattern, cells.FixedColumns);
        new CrossProductAccumulator(cells).Accumulate(observations.Weight, [], product);
        product.Multiply(modes.Coefficients, product.RightSide);
        var score = new double[cells.Coefficients];
        cells.TransposedProduct(modes.WeightedResiduals, score);
        for (int i = 0; i < cells.Layout.Columns; i++) product.RightSide[i] += score[i];
        double explained = 0;
        for (int i = 0; i < score.Length; i++) explained += modes.Coefficients[i] * product.RightSide[i];
        product.SumOfSquares = modes.Penalised + explained;
        return product;
    }
}
