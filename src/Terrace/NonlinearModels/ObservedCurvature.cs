using Terrace.MixedModels;

namespace Terrace.NonlinearModels;

/// <summary>
/// The exact curvature of the penalised sum of squares, H = Λ'A'[Σ S]AΛ + I with S = w (j j' − (y − μ) ∂²f/∂φ²) per cell, as cross-products that the blocked Cholesky factor takes. They are
/// accumulated in passes of rank one: S = Σ_a (S_aa − Σ_{b≠a} S_ab) e_a e_a' + Σ_{a&lt;b} S_ab (e_a + e_b)(e_a + e_b)', in units in which all j are of order one, so that nothing cancels.
/// </summary>
/// <remarks>
/// <para>Bates and Watts (1988), section 3.2.2, for Newton's method beside Gauss and Newton's. Symbols: j -> slopes; ∂²f/∂φ² -> <see cref="LinearizedCells.SecondDerivatives"/>; S -> <c>_cells</c>,
/// cell by cell; e_a -> <c>_direction</c>. Only parameters with random effects count unless the fixed effects move too.</para>
/// <para>Check: NonlinearLikelihoodTests (the observed Laplace approximation against a dense twin).</para>
/// </remarks>
internal sealed class ObservedCurvature
{
    private readonly LinearizedCells _linear;
    private readonly CrossProductAccumulator _accumulator;
    private readonly BlockedCrossProduct _product;
    private readonly BlockedCrossProduct _pass;
    private readonly int[] _active;
    private readonly double[] _cells;
    private readonly double[] _scale;
    private readonly double[] _direction;
    private readonly double[] _weights;

    public ObservedCurvature(LinearizedCells linear, bool joint)
    {
        _linear = linear;
        int k = linear.Parameters, p = joint ? linear.Cells.FixedColumns : 0;
        _accumulator = new CrossProductAccumulator(linear.Cells);
        _product = new BlockedCrossProduct(linear.Cells.Layout, linear.Cells.Pattern, p);
        _pass = new BlockedCrossProduct(linear.Cells.Layout, linear.Cells.Pattern, p);
        Factor = new BlockedCholesky(linear.Cells.Layout, linear.Cells.Pattern, p);
        _active = joint ? [.. Enumerable.Range(0, k)] : linear.RandomParameters;
        _cells = new double[linear.Mean.Length * k * k];
        _scale = new double[k];
        _direction = new double[k];
        _weights = new double[linear.Mean.Length];
    }

    /// <summary>The factor of H where it was last found.</summary>
    public BlockedCholesky Factor { get; }

    /// <summary>Factors H at the last coefficients, given w and w (y − μ) per cell; false where it is not positive definite.</summary>
    public bool TryFactor(ReadOnlySpan<double> weight, ReadOnlySpan<double> weightedResiduals, RelativeCovarianceFactor lambda)
    {
        SetScale();
        for (int i = 0; i < _weights.Length; i++) FillCell(i, weight[i], weightedResiduals[i]);
        foreach (double[] block in _product.Blocks) Array.Clear(block);
        for (int a = 0; a < _active.Length; a++)
            for (int b = a; b < _active.Length; b++) AddPass(_active[a], _active[b]);
        _linear.FillTangent();
        return Factor.TryFactor(_product, lambda);
    }

    /// <summary>One over the root mean square of each derivative.</summary>
    private void SetScale()
    {
        Array.Clear(_scale);
        for (int i = 0; i < _weights.Length; i++)
        {
            ReadOnlySpan<double> slopes = _linear.Slopes(i);
            for (int a = 0; a < slopes.Length; a++) _scale[a] += slopes[a] * slopes[a];
        }
        for (int a = 0; a < _scale.Length; a++) _scale[a] = _scale[a] > 0 ? Math.Sqrt(_weights.Length / _scale[a]) : 1;
    }

    private void FillCell(int cell, double weight, double weightedResidual)
    {
        int k = _scale.Length;
        Span<double> s = _cells.AsSpan(cell * k * k, k * k);
        _linear.SecondDerivatives(cell, s);
        ReadOnlySpan<double> slopes = _linear.Slopes(cell);
        for (int a = 0; a < k; a++)
        {
            for (int b = a; b < k; b++)
            {
                double second = 0.5 * (s[a * k + b] + s[b * k + a]);
                s[a * k + b] = s[b * k + a] = (weight * slopes[a] * slopes[b] - weightedResidual * second) * _scale[a] * _scale[b];
            }
        }
    }

    private void AddPass(int a, int b)
    {
        int k = _scale.Length;
        Array.Clear(_direction);
        _direction[a] = 1 / _scale[a];
        _direction[b] = 1 / _scale[b];
        for (int i = 0; i < _weights.Length; i++)
        {
            ReadOnlySpan<double> s = _cells.AsSpan(i * k * k, k * k);
            double weight = s[a * k + b];
            foreach (int other in _active)
                if (a == b && other != a) weight -= s[a * k + other];
            _weights[i] = weight;
            _linear.FillRow(i, _direction);
        }
        _accumulator.Accumulate(_weights, [], _pass);
        foreach (var (from, to) in _pass.Blocks.Zip(_product.Blocks)) Add(from, to);
    }

    private static void Add(double[] from, double[] to)
    {
        for (int i = 0; i < to.Length; i++) to[i] += from[i];
    }
}
