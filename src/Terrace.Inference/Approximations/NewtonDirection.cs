using Terrace.Inference.LogDensities;
using Terrace.Inference.Sampling;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.Inference.Approximations;

/// <summary>
/// Newton's direction, with the Hessian by central differences of the gradient. Where −log density is not convex its eigenvalues are taken by their size, so that the search leaves saddles and climbs.
/// <code>p = Σ (v'g / max(|λ|, ε |λ|_max)) v  over the eigenpairs of the negative Hessian</code>
/// Nocedal and Wright (2006), section 3.4. The factor of Cholesky serves where the matrix is positive definite.
/// </summary>
internal sealed class NewtonDirection : IAscentDirection
{
    private const int LargestDimension = 2_000;
    private const double SmallestShare = 1e-10, Step = 1e-5;
    private readonly ILogDensity _density;
    private readonly bool _jacobian;
    private LbfgsPoint? _last;
    private double[] _direction = [];
    private bool _gradientOnly;

    /// <summary>Of a density.</summary>
    /// <exception cref="SamplingException">The matrix would be too large.</exception>
    public NewtonDirection(ILogDensity density, bool includeJacobian)
    {
        if (density.Dimension > LargestDimension) throw new SamplingException($"Newton's method factors a matrix, of {density.Dimension} rows here and {LargestDimension} at most; take L-BFGS.");
        (_density, _jacobian) = (density, includeJacobian);
    }

    public bool IsEmpty => _gradientOnly;

    public long Evaluations { get; private set; }

    public void Clear() => _gradientOnly = true;

    public double Add(LbfgsPoint from, LbfgsPoint to)
    {
        _gradientOnly = false;
        double squares = 0;
        for (int i = 0; i < to.Position.Length; i++) squares += (to.Position[i] - from.Position[i]) * (to.Position[i] - from.Position[i]);
        return Math.Sqrt(squares);
    }

    public double[] Direction(LbfgsPoint at)
    {
        if (_gradientOnly) return [.. at.Gradient];
        if (ReferenceEquals(at, _last)) return _direction;
        _last = at;
        Matrix hessian = GradientDifferences.SymmetricHessian(Negative, at.Position, [.. at.Position.Select(x => Step * Math.Max(1, Math.Abs(x)))]);
        // Where the density ends within a step nothing is known of the curvature.
        _direction = hessian.Values.Any(value => !double.IsFinite(value)) ? [.. at.Gradient] : Solve(hessian, at.Gradient);
        return _direction;
    }

    private double Negative(ReadOnlySpan<double> x, Span<double> gradient)
    {
        Evaluations++;
        DensityValue value = _density.Evaluate(x, gradient, _jacobian);
        for (int i = 0; i < gradient.Length; i++) gradient[i] = -gradient[i];
        return value.IsAccepted ? -value.Value : double.PositiveInfinity;
    }

    private static double[] Solve(Matrix hessian, double[] gradient)
    {
        double[] direction = [.. gradient];
        Matrix factor = hessian.Copy();
        if (Cholesky.TryFactor(factor))
        {
            Cholesky.SolveLower(factor, direction);
            Cholesky.SolveLowerTransposed(factor, direction);
            return direction;
        }
        SymmetricEigen eigen = SymmetricEigen.Decompose(hessian);
        double largest = eigen.Values.Max(Math.Abs);
        if (!(largest > 0)) return direction;
        Array.Clear(direction);
        for (int j = 0; j < direction.Length; j++)
        {
            double along = 0;
            for (int i = 0; i < direction.Length; i++) along += eigen.Vectors[i, j] * gradient[i];
            along /= Math.Max(Math.Abs(eigen.Values[j]), SmallestShare * largest);
            for (int i = 0; i < direction.Length; i++) direction[i] += along * eigen.Vectors[i, j];
        }
        return direction;
    }
}
