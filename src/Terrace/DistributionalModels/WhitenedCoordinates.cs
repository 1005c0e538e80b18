using Terrace.Numerics.LinearAlgebra;

namespace Terrace.DistributionalModels;

/// <summary>
/// Coordinates ξ for coefficients x = centre + L'⁻¹ξ, L L' a guess at half the Hessian of −2 log L, so that the Hessian in ξ starts near 2I; and, in them, the search and the
/// covariance of a model without random effects.
/// </summary>
/// <remarks>Nocedal and Wright (2006), <em>Numerical Optimization</em>, section 2.2, on scaling; Berndt, Hall, Hall and Hausman (1974) for the guess by products of scores.
/// Symbols: L -> <c>_triangle</c>. Check: DistributionalModelTests.</remarks>
internal sealed class WhitenedCoordinates
{
    private readonly double[] _centre;
    private readonly Matrix _triangle;

    private WhitenedCoordinates(double[] centre, Matrix triangle)
    {
        _centre = centre;
        _triangle = triangle;
    }

    /// <summary>The number of coefficients.</summary>
    public int Count => _centre.Length;

    /// <summary>
    /// Coordinates from a guess (its lower triangle) at half the Hessian; a ridge keeps directions that it says nothing about. From coefficient <paramref name="first"/> on, those of
    /// parameters beside the mean, <paramref name="floor"/> is added, so that a unit step moves the predictor of a typical row by no more than about 1 where the likelihood is flat in it.
    /// </summary>
    public static WhitenedCoordinates Of(double[] centre, Matrix halfHessian, int first, double floor)
    {
        int n = centre.Length;
        for (double ridge = 1e-10; ; ridge *= 100)
        {
            var triangle = new Matrix(n, n);
            for (int j = 0; j < n; j++)
            {
                for (int i = j; i < n; i++) triangle[i, j] = halfHessian[i, j];
                triangle[j, j] += (ridge * (halfHessian[j, j] > 0 ? halfHessian[j, j] : 1)) + (j >= first ? floor : 0);
            }
            if (n == 0 || Cholesky.TryFactor(triangle)) return new WhitenedCoordinates(centre, triangle);
        }
    }

    /// <summary>ξ becomes x, in place.</summary>
    public void ToNatural(Span<double> point)
    {
        if (Count == 0) return;
        Cholesky.SolveLowerTransposed(_triangle, point);
        for (int j = 0; j < point.Length; j++) point[j] += _centre[j];
    }

    /// <summary>x becomes ξ, in place.</summary>
    public void FromNatural(Span<double> coefficients)
    {
        int n = Count;
        for (int j = 0; j < n; j++) coefficients[j] -= _centre[j];
        for (int j = 0; j < n; j++)
        {
            double sum = 0;
            for (int i = j; i < n; i++) sum += _triangle[i, j] * coefficients[i];
            coefficients[j] = sum;
        }
    }

    /// <summary>The gradient in x becomes that in ξ, in place.</summary>
    public void ToGradient(Span<double> gradient)
    {
        if (Count > 0) Cholesky.SolveLower(_triangle, gradient);
    }

    /// <summary>A direction in ξ becomes one in x, in place.</summary>
    public void ToDirection(Span<double> direction)
    {
        if (Count > 0) Cholesky.SolveLowerTransposed(_triangle, direction);
    }
}
