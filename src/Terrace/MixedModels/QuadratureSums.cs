using System.Runtime.CompilerServices;
using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>The sums over the quadrature nodes of one level of the grouping factor: the integral of its likelihood, and what the integral's derivatives are made of.</summary>
/// <remarks>
/// <para>Nodes u_k = û + L'⁻¹x_k with weights relative to the mode, p_k = w_k exp(|x_k|²/2 + h(û) − h(u_k)), h(u) = D(u)/2 + |u|²/2; log Σ p_k − h(û) is the logarithm of the sum and π_k = p_k/Σp the
/// shares. Sums: Σ π_k ℓ'_k per cell, A = Σ π_k t_k -> <see cref="ModeSlopes"/>, Σ π_k t_k x_k', Σ π_k (Z'ℓ'_k)_a u_kb -> <see cref="ScoreEffects"/>, t_k = 2(u_k − T'Z'ℓ'_k). No node's scores are kept.</para>
/// <para>Pinheiro and Bates (1995), section 2.4; formulas of <see cref="QuadratureDeviance"/>. The cells are kept sorted by level. Check: QuadratureDevianceTests.</para>
/// </remarks>
internal sealed class QuadratureSums
{
    private readonly Observations _observations;
    private readonly QuadratureGrid _grid;
    private readonly int _width;
    private readonly int[] _order;
    private readonly int[] _starts;
    private readonly double[] _y;
    private readonly double[] _weight;
    private readonly double[] _z;
    private readonly double[] _base;
    private readonly double[] _eta;
    private readonly double[] _scores;
    private readonly double[] _information;
    private readonly double[] _meanScores;
    private readonly double[] _shift;
    private readonly double[] _effect;
    private readonly double[] _products;
    private readonly double[] _slope;
    private readonly double[] _scaleSlopes;
    private readonly double[] _scale;
    private readonly double[] _mixed;

    public QuadratureSums(MixedModelCells cells, Observations observations, QuadratureGrid grid)
    {
        (_observations, _grid, _width) = (observations, grid, grid.Dimensions);
        int[] codes = cells.LeadCodes;
        _order = [.. Enumerable.Range(0, cells.Count).OrderBy(i => codes[i])];
        _starts = new int[cells.Layout.LeadLevels + 1];
        foreach (int code in codes) _starts[code + 1]++;
        int largest = _starts.Max(), width = _width;
        for (int g = 1; g < _starts.Length; g++) _starts[g] += _starts[g - 1];
        _y = [.. _order.Select(i => observations.Y[i])];
        _weight = [.. _order.Select(i => observations.Weight[i])];
        _z = [.. _order.SelectMany(i => cells.LeadZ[(i * width)..(i * width + width)])];
        (_base, _eta, _scores, _information, _meanScores) = (new double[largest], new double[largest], new double[largest], new double[largest], new double[largest]);
        (_shift, _effect, _products, _slope) = (new double[width], new double[width], new double[width], new double[width]);
        (_scaleSlopes, _scale, _mixed) = (new double[width * width], new double[width * width], new double[width * width]);
        (ModeSlopes, ScoreEffects) = (new double[width], new double[width * width]);
    }

    /// <summary>A of the last level.</summary>
    public double[] ModeSlopes { get; }

    /// <summary>Σ π_k (Z'ℓ'_k)_a u_kb of the last level.</summary>
    public double[] ScoreEffects { get; }

    /// <summary>Takes the responses anew, after they have changed.</summary>
    public void Reset()
    {
        for (int i = 0; i < _y.Length; i++) _y[i] = _observations.Y[_order[i]];
    }

    /// <summary>The logarithm of the sum over the nodes of level <paramref name="g"/>; leaves the other sums if <paramref name="differentiate"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Integrate(int g, LaplaceDeviance laplace, bool differentiate)
    {
        int first = _starts[g], count = _starts[g + 1] - first;
        var mode = laplace.Modes.Spherical.AsSpan(g * _width, _width);
        for (int i = 0; i < count; i++) _base[i] = laplace.Modes.Eta[_order[first + i]];
        if (differentiate) Clear(count);
        double total = 0, atMode = Height(first, count, _base, mode, false);
        for (int k = 0; k < _grid.LogWeights.Length; k++)
        {
            Place(g, k, laplace, mode, count);
            double height = Height(first, count, _eta, _effect, differentiate);
            double share = Math.Exp(_grid.LogWeights[k] + atMode - height);
            if (!(share > 0)) continue;
            total += share;
            if (differentiate) Add(share, k, first, count, laplace.Modes.Lambda.Lead);
        }
        if (differentiate) Normalise(total, count);
        return Math.Log(total) - atMode;
    }

    /// <summary>K = L'⁻¹(I − Ψ)L⁻¹ of the last level, symmetric; <paramref name="factor"/> is its L.</summary>
    public ReadOnlySpan<double> Scale(ReadOnlySpan<double> factor)
    {
        int n = _width;
        for (int c = 0; c < n; c++) SmallTriangle.SolveLower(factor, n, _scaleSlopes.AsSpan(c * n, n));
        for (int c = 0; c < n; c++)
        {
            for (int r = c; r < n; r++) _scale[r + c * n] = _scale[c + r * n] = (r == c ? 1 : 0) - 0.5 * _scaleSlopes[c + r * n];
        }
        for (int pass = 0; pass < 2; pass++)
        {
            for (int c = 0; c < n; c++) SmallTriangle.SolveLowerTransposed(factor, n, _scale.AsSpan(c * n, n));
            Transpose(_scale);
        }
        return _scale;
    }

    /// <summary>T K.</summary>
    public ReadOnlySpan<double> Mix(double[] lambda, ReadOnlySpan<double> scale)
    {
        for (int c = 0; c < _width; c++) RelativeCovarianceFactor.MultiplyLevel(lambda, _width, scale.Slice(c * _width, _width), _mixed.AsSpan(c * _width));
        return _mixed;
    }

    /// <summary>Σ π_k ℓ'_k of the last level to its cells.</summary>
    public void SpreadScores(int g, Span<double> to)
    {
        for (int i = _starts[g]; i < _starts[g + 1]; i++) to[_order[i]] = _meanScores[i - _starts[g]];
    }

    /// <summary>c_i = W'_i z_i'T K T'z_i to the cells of level <paramref name="g"/>; <paramref name="mixed"/> is T K.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SpreadScale(int g, double[] lambda, ReadOnlySpan<double> mixed, ReadOnlySpan<double> slopes, Span<double> to)
    {
        for (int i = _starts[g]; i < _starts[g + 1]; i++)
        {
            var z = _z.AsSpan(i * _width, _width);
            RelativeCovarianceFactor.MultiplyLevelTransposed(lambda, _width, z, _slope);
            double sum = 0;
            for (int b = 0; b < _width; b++)
            {
                for (int a = 0; a < _width; a++) sum += z[a] * mixed[a + b * _width] * _slope[b];
            }
            to[_order[i]] = sum * slopes[_order[i]];
        }
    }

    private void Clear(int count)
    {
        Array.Clear(ModeSlopes);
        Array.Clear(ScoreEffects);
        Array.Clear(_scaleSlopes);
        _meanScores.AsSpan(0, count).Clear();
    }

    /// <summary>u_k = û + L'⁻¹x_k and η_k = η̂ + Z T L'⁻¹x_k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Place(int g, int k, LaplaceDeviance laplace, ReadOnlySpan<double> mode, int count)
    {
        _grid.Node(k).CopyTo(_shift);
        SmallTriangle.SolveLowerTransposed(laplace.Factor.LeadFactor(g), _width, _shift);
        for (int j = 0; j < _width; j++) _effect[j] = mode[j] + _shift[j];
        RelativeCovarianceFactor.MultiplyLevel(laplace.Modes.Lambda.Lead, _width, _shift, _shift);
        var z = _z.AsSpan(_starts[g] * _width, count * _width);
        if (_width == 1)
        {
            for (int i = 0; i < count; i++) _eta[i] = _base[i] + z[i] * _shift[0];
            return;
        }
        for (int i = 0; i < count; i++)
        {
            double sum = _base[i];
            for (int j = 0; j < _width; j++) sum += z[i * _width + j] * _shift[j];
            _eta[i] = sum;
        }
    }

    /// <summary>h = D/2 + |u|²/2, infinite where the means are not valid; leaves the scores if asked to.</summary>
    private double Height(int first, int count, double[] eta, ReadOnlySpan<double> effect, bool scores)
    {
        var kernel = _observations.Family.Kernel;
        ReadOnlySpan<double> y = _y.AsSpan(first, count), weight = _weight.AsSpan(first, count);
        double deviance = count == 0 ? 0 : scores
            ? kernel.Evaluate(eta.AsSpan(0, count), y, weight, Information.Expected, _scores.AsSpan(0, count), _information.AsSpan(0, count), [])
            : kernel.Deviance(eta.AsSpan(0, count), y, weight);
        foreach (double u in effect) deviance += u * u;
        return double.IsNaN(deviance) ? double.PositiveInfinity : 0.5 * deviance;
    }

    /// <summary>Adds a node's part to the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(double share, int k, int first, int count, double[] lambda)
    {
        Array.Clear(_products);
        for (int i = 0; i < count; i++)
        {
            double score = _scores[i];
            _meanScores[i] += share * score;
            for (int j = 0; j < _width; j++) _products[j] += _z[(first + i) * _width + j] * score;
        }
        RelativeCovarianceFactor.MultiplyLevelTransposed(lambda, _width, _products, _slope);
        var node = _grid.Node(k);
        for (int j = 0; j < _width; j++)
        {
            double slope = share * 2 * (_effect[j] - _slope[j]);
            ModeSlopes[j] += slope;
            for (int b = 0; b < _width; b++)
            {
                _scaleSlopes[j + b * _width] += slope * node[b];
                ScoreEffects[j + b * _width] += share * _products[j] * _effect[b];
            }
        }
    }

    private void Normalise(double total, int count)
    {
        for (int i = 0; i < count; i++) _meanScores[i] /= total;
        for (int j = 0; j < ModeSlopes.Length; j++) ModeSlopes[j] /= total;
        for (int j = 0; j < ScoreEffects.Length; j++)
        {
            ScoreEffects[j] /= total;
            _scaleSlopes[j] /= total;
        }
    }

    private void Transpose(double[] a)
    {
        for (int c = 0; c < _width; c++)
        {
            for (int r = c + 1; r < _width; r++) (a[r + c * _width], a[c + r * _width]) = (a[c + r * _width], a[r + c * _width]);
        }
    }
}
