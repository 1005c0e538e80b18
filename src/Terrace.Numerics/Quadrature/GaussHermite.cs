namespace Terrace.Numerics.Quadrature;

/// <summary>
/// Gauss–Hermite quadrature for the standard normal distribution: nodes and weights with which the mean of a function of a normal variable is a short sum.
/// <para>E f(Z) ≈ Σ w_i f(x_i), exact for polynomials up to degree 2n − 1; x_i are the zeros of the orthonormal polynomial h_n, w_i = 1 / (n h_{n−1}(x_i)²), and
/// h_{k+1}(x) = (x h_k(x) − √k h_{k−1}(x)) / √(k + 1).</para>
/// <para>x: <see cref="Nodes"/>, w: <see cref="Weights"/>, n: the number of nodes.</para>
/// <para>G. Szegő (1939), Orthogonal Polynomials, sections 3.4 and 5.5. The zeros are found by bisection between the zeros of the polynomial one degree lower,
/// which they enclose (section 3.3). Accuracy about 1e-14; pinned by <c>GaussHermiteTests</c> against the moments of the normal distribution.</para>
/// </summary>
public sealed class GaussHermite
{
    /// <summary>The largest number of nodes.</summary>
    public const int LargestCount = 100;

    /// <summary>Computes the rule with <paramref name="count"/> nodes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is not between 1 and <see cref="LargestCount"/>.</exception>
    public GaussHermite(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, LargestCount);
        double[] nodes = [0];
        for (int degree = 2; degree <= count; degree++) nodes = Zeros(degree, nodes);
        Nodes = nodes;
        Weights = Array.ConvertAll(nodes, x => 1 / (count * Square(Polynomial(count - 1, x))));
    }

    /// <summary>The nodes, ascending.</summary>
    public IReadOnlyList<double> Nodes { get; }

    /// <summary>The weights, which sum to 1.</summary>
    public IReadOnlyList<double> Weights { get; }

    private static double[] Zeros(int degree, double[] lower)
    {
        double bound = Math.Sqrt(4 * degree + 2);
        var zeros = new double[degree];
        for (int i = 0; i < degree; i++)
        {
            double left = i == 0 ? -bound : lower[i - 1], right = i == degree - 1 ? bound : lower[i];
            zeros[i] = Bisect(degree, left, right);
        }
        return zeros;
    }

    private static double Bisect(int degree, double left, double right)
    {
        bool rising = Polynomial(degree, right) > 0;
        while (true)
        {
            double middle = 0.5 * (left + right);
            if (middle <= left || middle >= right) return middle;
            if (Polynomial(degree, middle) > 0 == rising) right = middle;
            else left = middle;
            if (Math.Abs(right - left) < 1e-300) return 0;
        }
    }

    private static double Polynomial(int degree, double x)
    {
        double before = 0, value = 1;
        for (int k = 0; k < degree; k++) (before, value) = (value, (x * value - Math.Sqrt(k) * before) / Math.Sqrt(k + 1));
        return value;
    }

    private static double Square(double x) => x * x;
}
