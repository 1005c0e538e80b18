using Terrace.Design;
using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>
/// Fits generalised linear mixed models g(E y) = offset + Xβ + Zb, b ~ N(0, Σ), by maximum likelihood: by the Laplace approximation, by adaptive Gauss–Hermite quadrature,
/// or at the joint mode.
/// </summary>
/// <remarks>
/// <para>−2 log L of <see cref="LaplaceDeviance"/> is minimised over θ and β together, from the joint mode at the identity, by a quasi-Newton search with its exact gradient; θ and β run in
/// coordinates (<see cref="LaplaceParameters"/>) in which the Hessian starts well conditioned. Standard errors come from the Hessian of −2 log L in (θ, β), by central differences of the gradient.</para>
/// <para>Bates et al. (2015) and lme4's <c>glmer</c> with nAGQ = 1 for the criterion; Tierney and Kadane (1986) for the approximation. Deviations from lme4: one search instead of two,
/// modes to 1e-12 instead of 1e-7, the observed information by default where the link is not canonical (an option). Families with a dispersion follow lme4: the random effects
/// are scaled by σ, and φ is profiled from the deviance.</para>
/// <para>With K &gt; 1 quadrature points −2 log L is that of <see cref="QuadratureDeviance"/>; everything else is the same, and the draws still use the quadratic approximation at the modes. With 0
/// points <see cref="JointModeDeviance"/> is minimised over θ alone, and standard errors are those of the penalised regression at the joint mode, as lme4's.</para>
/// <para>Check: MixedModelFixtureTests compares with lme4.</para>
/// </remarks>
public static class GeneralizedLinearMixedModel
{
    /// <summary>Fits the model.</summary>
    /// <param name="rows">The rows with their response.</param>
    /// <param name="family">The family and link; not Gaussian with the identity link, nor a quasi family.</param>
    /// <param name="options">The kind of information and the number of quadrature points.</param>
    /// <param name="cancellation">Ends the fit early.</param>
    /// <exception cref="ModelException">The data cannot carry the model; the message names the grouping factor, term or variable.</exception>
    public static MixedModelFit Fit(ModelRows rows, Family family, GeneralizedLinearMixedModelOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new GeneralizedLinearMixedModelOptions();
        RefuseFamily(family);
        RefusePoints(options.QuadraturePoints);
        var observations = Observations.Resolve(rows, family);
        InputChecks.Groups(rows);
        InputChecks.OutcomeVaries(observations, rows.Response!.Name);
        if (!family.HasKnownDispersion) InputChecks.ResidualVariance(rows, observations);
        if (options.Factorisation == Factorisation.Iterative)
            throw new ModelException("Only linear mixed models are fitted iteratively; for another family leave the factorisation to be chosen, or ask for a sparse one.");
        var cells = new MixedModelCells(rows.Design, FixedEffectsBasis.Of(rows.Design.X, observations.Weight), options.Factorisation);
        var scaling = new RandomTermScaling(cells, observations.Weight);
        var searched = scaling.IsFar ? new MixedModelCells(scaling.Orthonormal(rows.Design), cells.Basis, options.Factorisation) : cells;
        var laplace = new LaplaceDeviance(searched, observations, options.Information);
        bool jointMode = options.QuadraturePoints == 0;
        var criterion = Criterion(searched, observations, laplace, options.QuadraturePoints, out _);
        var parameters = LaplaceParameters.Start(searched, observations, laplace, criterion, jointMode);
        var search = new VarianceSearch(cells.Layout, parameters.Evaluate, parameters.Count, options.MaximumEvaluations, cancellation);
        double[] point = search.Minimize(parameters.StartPoint, parameters.CurvatureGuess(), parameters.StartCurvature);
        var hessian = parameters.Hessian(point);
        var check = Check(rows, cells, search, hessian, point);
        double value = criterion(parameters.Natural(point), []);
        return Assemble(rows, cells, observations, laplace, parameters, scaling, search, check, hessian, value, point, options.QuadraturePoints, cancellation);
    }

    private static ConvergenceCheck Check(ModelRows rows, MixedModelCells cells, VarianceSearch search, Matrix hessian, double[] point)
    {
        string[] fixedNames = point.Length == cells.Layout.ThetaCount ? [] : [.. cells.Basis.Kept.Select(j => rows.Design.ColumnNames[j])];
        return ConvergenceVerification.Of(cells.Layout, fixedNames, point, [.. search.Gradient], hessian, isExact: true);
    }

    /// <summary>The criterion for a number of quadrature points; <paramref name="reset"/> is to be called when the responses have changed.</summary>
    internal static Objective Criterion(MixedModelCells cells, Observations observations, LaplaceDeviance laplace, int points, out Action reset)
    {
        reset = laplace.Reset;
        if (points == 0) return new JointModeDeviance(cells, observations, laplace).Evaluate;
        if (points == 1) return laplace.Evaluate;
        var quadrature = new QuadratureDeviance(cells, observations, laplace, points);
        reset += quadrature.Reset;
        return quadrature.Evaluate;
    }

    private static void RefusePoints(int points)
    {
        if (points is < 0 or > QuadratureEngine.LargestCount)
            throw new ModelException($"The number of quadrature points is {points}; it is from 0 to {QuadratureEngine.LargestCount}.");
    }

    private static void RefuseFamily(Family family)
    {
        if (!family.HasLikelihood)
            throw new ModelException($"The {family.Name} family has no likelihood, so a mixed model cannot be fitted with it; choose {family.Name.Replace("quasi", "", StringComparison.Ordinal)} with a random effect for each observation instead.");
        if (family.IsGaussian && family.Link == Link.Identity)
            throw new ModelException("A Gaussian mixed model with the identity link is linear; fit it by REML or maximum likelihood (engine reml or ml).");
    }

    private static MixedModelFit Assemble(ModelRows rows, MixedModelCells cells, Observations observations, LaplaceDeviance laplace, LaplaceParameters parameters,
        RandomTermScaling scaling, VarianceSearch search, ConvergenceCheck check, Matrix hessian, double criterion, double[] point, int points, CancellationToken cancellation)
    {
        double[] theta = parameters.Natural(point)[..cells.Layout.ThetaCount];
        if (scaling.IsFar) scaling.ToTheta(theta);
        double sigma = Scale(observations, laplace.Modes);
        double weights = 0;
        foreach (double w in laplace.Weights) weights += w;
        var joint = new JointPrecision(Quadratic(cells, laplace, theta), cells.Basis, new double[cells.FixedColumns], theta, sigma, false, observations.WeightedRows, weights);
        bool positive = parameters.TryCovariance(hessian, out var covariance);
        double[] mode = [.. laplace.Modes.Spherical];
        Matrix betaCovariance = positive && points > 0 ? cells.Basis.ToCoefficientCovariance(covariance) : joint.FixedCovariance(joint.AtEstimate().Factor, sigma);
        return MixedModelAssembly.Build(rows, cells, observations, new FittedState
        {
            Engine = QuadratureEngine.NameOf(points),
            Theta = theta,
            Sigma = sigma,
            Spherical = mode,
            Factor = laplace.Factor,
            BetaCovariance = betaCovariance,
            Criterion = criterion,
            ConditionalDeviance = laplace.Modes.Deviance,
            Scaling = scaling,
            Evaluations = search.Evaluations,
            Convergence = check,
            Joint = joint,
            Marginal = () => StartAt(new JointMarginal(cells, observations), mode),
            Separation = MixedSeparation.Of(rows, observations, cells, betaCovariance, theta, cancellation),
            HessianIsPositive = positive,
            Data = new FittedData(rows, laplace.Information),
        });
    }

    private static JointMarginal StartAt(JointMarginal marginal, double[] mode)
    {
        mode.CopyTo(marginal.Start, 0);
        return marginal;
    }

    /// <summary>σ = 1, or the root of the penalised Pearson statistic over n as lme4 has it.</summary>
    internal static double Scale(Observations observations, PenalizedIrls modes)
    {
        if (observations.Family.HasKnownDispersion) return 1;
        var mean = new double[modes.Eta.Length];
        observations.Family.Kernel.Means(modes.Eta, mean);
        double sum = modes.Penalty;
        for (int c = 0; c < mean.Length; c++)
        {
            double residual = observations.Y[c] - mean[c];
            sum += (observations.Weight[c] * residual * residual + observations.WithinSquares[c]) / observations.Family.Variance(mean[c]);
        }
        return Math.Sqrt(sum / observations.WeightedRows);
    }

    /// <summary>The quadratic approximation of the log likelihood at the estimates, its mean at the estimates: r = A'WA (b, γ) + (Z'ℓ', 0).</summary>
    private static BlockedCrossProduct Quadratic(MixedModelCells cells, LaplaceDeviance laplace, double[] theta)
    {
        var product = new BlockedCrossProduct(cells.Layout, cells.Pattern, cells.FixedColumns);
        new CrossProductAccumulator(cells).Accumulate(laplace.Weights, [], product);
        var lambda = new RelativeCovarianceFactor(cells.Layout);
        lambda.Set(theta);
        double[] coefficients = new double[cells.Coefficients], score = new double[cells.Coefficients];
        lambda.Multiply(laplace.Modes.Spherical, coefficients);
        product.Multiply(coefficients, product.RightSide);
        cells.TransposedProduct(laplace.Modes.Score, score);
        for (int i = 0; i < cells.Layout.Columns; i++) product.RightSide[i] += score[i];
        for (int i = 0; i < coefficients.Length; i++) product.SumOfSquares += coefficients[i] * product.RightSide[i];
        return product;
    }
}
