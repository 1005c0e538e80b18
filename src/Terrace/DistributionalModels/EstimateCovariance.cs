using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.DistributionalModels;

/// <summary>The covariance of maximum-likelihood estimates: 2 × the inverse Hessian of −2 log L.</summary>
/// <remarks>
/// <para>The Hessian is taken by central differences of the exact gradient, in coordinates in which it is near 2I, so that one step suits all. Directions in which the likelihood is flat (a parameter that runs to its boundary: φ → ∞ of a negative binomial, the logit of no structural zeros → −∞) have eigenvalues below
/// 1e-5; they are left out of the inverse, so that the other estimates keep their standard errors, and the parameters that move along them are named. Pawitan (2001), <em>In All
/// Likelihood</em>, section 8.5, on flat directions. Check: DistributionalModelTests.</para>
/// </remarks>
internal sealed class EstimateCovariance
{
    private const double Step = 1e-3;
    private const double Flat = 1e-5;
    private const double LeastCurvature = 1e-7;

    private EstimateCovariance(Matrix covariance, List<FlatDirection> flat, bool isPositive)
    {
        Covariance = covariance;
        FlatDirections = flat;
        IsPositive = isPositive;
    }

    /// <summary>The covariance of the point's coordinates.</summary>
    public Matrix Covariance { get; }

    /// <summary>The directions in which the likelihood hardly changes.</summary>
    public IReadOnlyList<FlatDirection> FlatDirections { get; }

    /// <summary>Whether the Hessian has no clearly negative eigenvalue.</summary>
    public bool IsPositive { get; }

    /// <summary>Half the Hessian.</summary>
    public required Matrix HalfHessian { get; init; }

    /// <summary>At <paramref name="point"/>, where the gradient of <paramref name="criterion"/> is near 0.</summary>
    public static EstimateCovariance At(Objective criterion, double[] point)
    {
        int n = point.Length;
        Matrix half = Half(criterion, point);
        var covariance = new Matrix(n, n);
        var flat = new List<FlatDirection>();
        if (n == 0) return new EstimateCovariance(covariance, flat, true) { HalfHessian = half };
        if (half.Values.Any(value => !double.IsFinite(value)))
        {
            Array.Fill(covariance.Values, double.NaN);
            return new EstimateCovariance(covariance, flat, false) { HalfHessian = half };
        }
        var eigen = SymmetricEigen.Decompose(half);
        bool positive = true;
        for (int k = 0; k < n; k++)
        {
            if (eigen.Values[k] > Flat)
            {
                Add(covariance, eigen, k);
                continue;
            }
            positive &= eigen.Values[k] > -1e-3;
            flat.Add(new FlatDirection(eigen.Vectors.Column(k).ToArray(), Math.Max(eigen.Values[k], LeastCurvature)));
        }
        return new EstimateCovariance(covariance, flat, positive) { HalfHessian = half };
    }

    /// <summary>A direction of unit length in the point's coordinates, with half the curvature along it.</summary>
    internal sealed record FlatDirection(double[] Direction, double Curvature);

    private static void Add(Matrix covariance, SymmetricEigen eigen, int k)
    {
        for (int j = 0; j < covariance.Columns; j++)
        {
            for (int i = 0; i < covariance.Rows; i++) covariance[i, j] += eigen.Vectors[i, k] * eigen.Vectors[j, k] / eigen.Values[k];
        }
    }

    private static Matrix Half(Objective criterion, double[] point)
    {
        int n = point.Length;
        var half = new Matrix(n, n);
        for (int k = 0; k < n; k++)
        {
            double h = Step * Math.Max(1, 0.1 * Math.Abs(point[k]));
            double[] slope = Central(criterion, point, k, h);
            for (int i = 0; i < n; i++)
            {
                half[i, k] += slope[i] / 4;
                half[k, i] += slope[i] / 4;
            }
        }
        return half;
    }

    private static double[] Central(Objective criterion, double[] point, int k, double h)
    {
        double[] probe = [.. point], up = new double[point.Length], down = new double[point.Length];
        probe[k] = point[k] + h;
        bool defined = double.IsFinite(criterion(probe, up));
        probe[k] = point[k] - h;
        defined &= double.IsFinite(criterion(probe, down));
        for (int i = 0; i < up.Length; i++) up[i] = defined ? (up[i] - down[i]) / (2 * h) : double.NaN;
        return up;
    }
}
