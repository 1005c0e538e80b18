using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.NonlinearModels;

/// <summary>The two searches behind a nonlinear mixed model: over θ at the joint mode of random and fixed effects, then over θ and fixed effects.</summary>
/// <remarks>Bates (2011), section 6, fits in the same two stages. Coordinates: θ as <see cref="RandomTermScaling"/> has it at the start, γ = γ₀ + σ₀ v with σ₀ from the first stage.</remarks>
internal sealed class NonlinearMixedSearch
{
    private readonly LinearizedCells _linear;
    private readonly MixedModelCells _cells;
    private readonly Observations _observations;
    private readonly NonlinearModelOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly RandomTermScaling _scaling;

    public NonlinearMixedSearch(LinearizedCells linear, Observations observations, NonlinearModelOptions options, CancellationToken cancellation)
    {
        _linear = linear;
        _cells = linear.Cells;
        _observations = observations;
        _options = options;
        _cancellation = cancellation;
        _scaling = new RandomTermScaling(_cells, observations.Weight);
    }

    /// <summary>Searches from the fixed effects <paramref name="start"/>; the criterion is left at the optimum.</summary>
    public NonlinearMixedOptimum Run(ReadOnlySpan<double> start)
    {
        double[] gamma = _cells.Basis.FromCoefficients(start);
        double[] scaled = AtJointMode(gamma, out double[] spherical, out double sigma);
        var laplace = new NonlinearLaplace(_linear, _observations, joint: false, _options.Information);
        spherical.CopyTo(laplace.Modes.Spherical, 0);
        double[] centre = spherical[_cells.Layout.Columns..];
        int thetas = _cells.Layout.ThetaCount;
        NonlinearPoint Natural(double[] point) => new(ThetaOf(point), [.. centre.Select((c, j) => c + sigma * point[thetas + j])]);
        Objective criterion = laplace.InCoordinates(Natural);
        var search = new VarianceSearch(_cells.Layout, criterion, thetas + centre.Length, _options.MaximumEvaluations, _cancellation);
        double[] best = search.Minimize([.. scaled, .. new double[centre.Length]], [.. Curvature(), .. centre.Select(_ => 2.0)]);
        string[] names = [.. _cells.Basis.Kept.Select(j => _linear.Rows.Design.ColumnNames[j])];
        Matrix hessian = GradientDifferences.Hessian(criterion, best);
        var check = ConvergenceVerification.Of(_cells.Layout, names, best, [.. search.Gradient], hessian, isExact: true);
        (double[] theta, double[] fixedEffects, _) = Natural(best);
        Matrix? covariance = _options.HessianStandardErrors ? Covariance(hessian, thetas, sigma) : null;
        return new NonlinearMixedOptimum(laplace, theta, laplace.Value(theta, fixedEffects), search, check, covariance);
    }

    /// <summary>Cov(γ) = σ₀² times the corner of 2 F''⁻¹; null where F'' is not positive definite.</summary>
    private static Matrix? Covariance(Matrix hessian, int first, double sigma)
    {
        if (!Cholesky.TryFactor(hessian)) return null;
        Matrix inverse = Cholesky.InverseFromFactor(hessian);
        var covariance = new Matrix(inverse.Rows - first, inverse.Rows - first);
        for (int j = 0; j < covariance.Columns; j++)
            for (int i = 0; i < covariance.Rows; i++) covariance[i, j] = 2 * sigma * sigma * inverse[first + i, first + j];
        return covariance;
    }

    private double[] AtJointMode(double[] gamma, out double[] spherical, out double sigma)
    {
        var laplace = new NonlinearLaplace(_linear, _observations, joint: true);
        gamma.CopyTo(laplace.Modes.Spherical, _cells.Layout.Columns);
        var search = new VarianceSearch(_cells.Layout, laplace.InCoordinates(point => new NonlinearPoint(ThetaOf(point), [])), _cells.Layout.ThetaCount, _options.MaximumEvaluations, _cancellation);
        double[] best = search.Minimize(_cells.Layout.IdentityTheta(), Curvature());
        if (!double.IsFinite(laplace.Value(ThetaOf(best), [])))
            throw new ModelException("No modes of the random effects are found at the start values; choose start values closer to the curves of the groups.");
        spherical = [.. laplace.Modes.Spherical];
        sigma = Math.Sqrt(laplace.Modes.Penalised / _observations.WeightedRows);
        return best;
    }

    private double[] ThetaOf(double[] point)
    {
        double[] theta = point[.._cells.Layout.ThetaCount];
        _scaling.ToTheta(theta);
        return theta;
    }

    /// <summary>A guess at the second derivatives in the scaled θ: 2 per level.</summary>
    private double[] Curvature()
    {
        var guess = new double[_cells.Layout.ThetaCount];
        foreach (RandomTermLayout term in _cells.Layout.Terms)
            for (int k = 0; k < term.ThetaCount; k++) guess[term.ThetaStart + k] = 2.0 * term.Levels.Count;
        return guess;
    }
}

/// <summary>Where the search for a nonlinear mixed model ended.</summary>
/// <param name="Laplace">The criterion, with the modes at the optimum.</param>
/// <param name="Theta">θ.</param>
/// <param name="Criterion">−2 log L.</param>
/// <param name="Search">The search over (θ, β).</param>
/// <param name="Convergence">What shows that it ended at an optimum.</param>
/// <param name="Covariance">Cov(γ) by the Hessian; null where that was not asked for or is not positive definite.</param>
internal sealed record NonlinearMixedOptimum(
    NonlinearLaplace Laplace, double[] Theta, double Criterion, VarianceSearch Search, ConvergenceCheck Convergence, Matrix? Covariance);
