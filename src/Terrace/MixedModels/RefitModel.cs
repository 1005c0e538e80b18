using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>
/// What refits of one model share: its cells, layout, basis of X and coordinates, the estimates, and the criterion's Hessian there, from which each search starts.
/// </summary>
/// <remarks>
/// <para>A search for new responses begins at the original estimates with the original Hessian, so that its first step is nearly a Newton step. Nothing is learnt from formulas again, and no Hessian is
/// computed at the new optimum. Starting at the original estimates is lme4's <c>refit</c> (Bates et al. 2015, section 5.2). Deviation: it ends when a step promises a fall of 1e-10 (1 + |criterion|), which
/// is below 1e-3 standard errors.</para>
/// <para>Check: RefitTests (complete fits of the same responses; covariates far from zero).</para>
/// </remarks>
internal abstract class RefitModel
{
    protected const double RelativeReduction = 1e-10;

    protected RefitModel(MixedModelFit fit, string purpose)
    {
        Data = FittedData.Of(fit, purpose);
        Fit = fit;
        Observations = Observations.Resolve(Data.Rows, fit.Family);
        Cells = new MixedModelCells(Data.Rows.Design, FixedEffectsBasis.Of(Data.Rows.Design.X, Observations.Weight), fit.Joint.Factorisation);
        Parameters = ModelParameters.Of(fit);
        Scaling = new RandomTermScaling(Cells, Observations.Weight);
        SearchCells = Scaling.IsFar ? new MixedModelCells(Scaling.Orthonormal(Data.Rows.Design), Cells.Basis, fit.Joint.Factorisation) : Cells;
    }

    public MixedModelFit Fit { get; }

    public FittedData Data { get; }

    /// <summary>The original responses.</summary>
    public Observations Observations { get; }

    /// <summary>The cells with the covariates as they are.</summary>
    public MixedModelCells Cells { get; }

    /// <summary>The cells on which the criterion is computed: those of orthonormal covariates where a covariate lies far from zero, as in the fit.</summary>
    public MixedModelCells SearchCells { get; }

    /// <summary>The coordinates of the relative covariance parameters of the covariates as they are.</summary>
    public RandomTermScaling Scaling { get; }

    public ModelParameters Parameters { get; }

    /// <summary>The model that suits <paramref name="fit"/>.</summary>
    /// <exception cref="ModelException">The fit was read from a file.</exception>
    public static RefitModel Of(MixedModelFit fit, string purpose) => QuadratureEngine.PointsOf(fit.Engine) is { } points
        ? new GeneralizedRefit(fit, points, purpose)
        : new LinearRefit(fit, purpose);

    /// <summary>A workspace of one thread.</summary>
    public abstract RefitWorkspace CreateWorkspace();

    /// <summary>The estimated relative covariance parameters of <see cref="SearchCells"/>.</summary>
    protected double[] SearchTheta()
    {
        double[] theta = [.. Fit.Theta];
        if (Scaling.IsFar) Scaling.FromTheta(theta);
        return theta;
    }

    /// <summary>The spherical random effects and γ at the original estimates: u = T⁻¹b, 0 where T is singular.</summary>
    public double[] OriginalSpherical()
    {
        var spherical = new double[Cells.Coefficients];
        foreach (var (term, index) in Fit.Terms.Select((t, i) => (t, i)))
        {
            var layout = Cells.Layout.Terms[index];
            for (int level = 0; level < layout.Levels.Count; level++)
            {
                for (int j = 0; j < layout.Width; j++)
                {
                    double rest = term.Modes[level, j];
                    for (int c = 0; c < j; c++) rest -= term.Factor[j, c] * spherical[layout.Index(level, c)];
                    spherical[layout.Index(level, j)] = term.Factor[j, j] * Scaling.Scale(index, j).Own > RandomEffectsLayout.SingularDiagonal ? rest / term.Factor[j, j] : 0;
                }
            }
        }
        Cells.Basis.FromCoefficients([.. Fit.Estimated.Select(j => Fit.Beta[j])]).CopyTo(spherical, Cells.Layout.Columns);
        return spherical;
    }

    /// <summary>The estimates from θ of <see cref="SearchCells"/>, σ and (u, γ).</summary>
    protected RefittedModel Result(double[] theta, double sigma, ReadOnlySpan<double> spherical, double criterion, VarianceSearch search)
    {
        if (Scaling.IsFar) Scaling.ToTheta(theta);
        var lambda = new RelativeCovarianceFactor(Cells.Layout);
        lambda.Set(theta);
        var b = new double[Cells.Coefficients];
        lambda.Multiply(spherical, b);
        return new RefittedModel(Parameters, Cells.Layout, theta, sigma, Cells.Basis.ToColumns(b.AsSpan(Cells.Layout.Columns), double.NaN), b)
        {
            Criterion = criterion,
            Evaluations = search.Evaluations,
            Converged = search.Converged && double.IsFinite(criterion),
            Singular = Cells.Layout.IsSingular(theta, Scaling),
        };
    }

    /// <summary>The Hessian by central differences of the gradient at <paramref name="point"/>, or null where it is not positive definite.</summary>
    protected static Matrix? HessianAt(Objective criterion, double[] point)
    {
        Matrix hessian = GradientDifferences.SymmetricHessian(criterion, point, [.. point.Select(value => 1e-3 * Math.Max(0.1, Math.Abs(value)))]);
        return point.Length > 0 && Cholesky.TryFactor(hessian.Copy()) ? hessian : null;
    }
}
