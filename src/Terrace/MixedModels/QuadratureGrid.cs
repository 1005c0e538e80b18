using Terrace.Numerics.Quadrature;

namespace Terrace.MixedModels;

/// <summary>The nodes of Gauss–Hermite quadrature in the d dimensions of one level's effects: every combination of the K nodes of the rule in one dimension, K^d in all.</summary>
/// <remarks>
/// <para>E f(Z) ≈ Σ_k w_k f(x_k) for Z standard normal in d dimensions, x_k = (x_{k1}, …, x_{kd}), w_k = Π_j w_{kj}: Pinheiro and Bates (1995), section 2.4; Pinheiro and Chao (2006), section 2.2.</para>
/// <para>Symbols: x_k -> <see cref="Node"/>; log w_k + |x_k|²/2 -> <see cref="LogWeights"/>. Check: QuadratureDevianceTests.</para>
/// </remarks>
internal sealed class QuadratureGrid
{
    /// <summary>The largest number of nodes: with it one evaluation calls the likelihood of every cell so many times.</summary>
    public const int LargestCount = 100_000;

    private readonly double[] _nodes;

    /// <summary>Combines <paramref name="points"/> nodes in each of <paramref name="dimensions"/> dimensions.</summary>
    /// <exception cref="ModelException">There would be more than <see cref="LargestCount"/>.</exception>
    public QuadratureGrid(int points, int dimensions)
    {
        double count = Math.Pow(points, dimensions);
        if (count > LargestCount) throw TooMany(points, dimensions, count);
        var rule = new GaussHermite(points);
        Dimensions = dimensions;
        LogWeights = new double[(int)count];
        _nodes = new double[LogWeights.Length * dimensions];
        for (int k = 0; k < LogWeights.Length; k++)
        {
            for (int j = 0, rest = k; j < dimensions; j++, rest /= points)
            {
                double x = rule.Nodes[rest % points];
                _nodes[k * dimensions + j] = x;
                LogWeights[k] += Math.Log(rule.Weights[rest % points]) + 0.5 * x * x;
            }
        }
    }

    /// <summary>The number d of effects of a level.</summary>
    public int Dimensions { get; }

    /// <summary>log w_k + |x_k|²/2 of every node.</summary>
    public double[] LogWeights { get; }

    /// <summary>x_k.</summary>
    public ReadOnlySpan<double> Node(int k) => _nodes.AsSpan(k * Dimensions, Dimensions);

    private static ModelException TooMany(int points, int dimensions, double count)
    {
        int most = (int)Math.Floor(Math.Pow(LargestCount, 1.0 / dimensions) + 1e-9);
        string way = most > 1 ? $"at most agq:{most} is possible; use that or laplace." : "Use laplace.";
        return new ModelException(FormattableString.Invariant(
            $"agq:{points} with {dimensions} effects for each level needs {points}^{dimensions} = {count:#,0} nodes for each, more than {LargestCount:N0}: {way}"));
    }
}
