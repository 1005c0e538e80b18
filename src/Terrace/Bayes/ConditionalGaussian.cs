using System.Runtime.CompilerServices;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>
/// The Gaussian approximation of all coefficients given θ, x | θ ~ N(x̂, H⁻¹), with what whitened coordinates need of it. A workspace of one thread.
/// <code>
/// H = s A + P + Q(θ) = LL',  x̂ = H⁻¹(s b + p),  Q = T⁻ᵀT⁻¹ level by level,  s = (σ₀/σ)² of Gaussian models, else 1
/// x = x̂ + L⁻ᵀξ;  G = L⁻¹,  v = G g,  g the gradient in x:
/// d/dH_ab [log p(x(H)) − Σ log L_ii] = −[(H⁻¹g)_a x̂_b + Σ_i ξ_i G_ia (Σ_(j&lt;i) v_j G_jb + ½ v_i G_ib) + ½ (H⁻¹)_ab],  contracted with dQ, and for H itself −[g'x̂ + ½ v'ξ + ½ n]
/// dQ = −(T⁻ᵀ dT' Q + Q dT T⁻¹)
/// </code>
/// The derivative of a Cholesky factor, dL = L Φ(L⁻¹ dH L⁻ᵀ), is that of Murray (2016), Differentiation of the Cholesky decomposition, equation 10; the contraction is worked out in docs/algorithms/whitened-nuts.md.
/// Checked by finite differences in <c>WhitenedDensityTests</c>.
/// </summary>
internal sealed class ConditionalGaussian
{
    private readonly ModelStructure _structure;
    private readonly Whitening _whitening;
    private readonly GroupPrior[] _priors;
    private readonly int _n;
    private readonly int _fixed;
    private readonly Matrix _g;
    private readonly double[] _w;
    private readonly double[] _mean;
    private readonly double[] _v;
    private readonly double[] _solved;
    private readonly double[][] _byBlock;
    private double _scale = 1;

    public ConditionalGaussian(ModelStructure structure, Whitening whitening, GroupPrior[] priors)
    {
        (_structure, _whitening, _priors) = (structure, whitening, priors);
        _n = structure.CoefficientCount;
        _fixed = structure.FixedCount;
        _g = new Matrix(_n, _n);
        (_w, _mean, _v, _solved) = (new double[_n], new double[_n], new double[_n], new double[_n]);
        _byBlock = [.. structure.Terms.Select(term => new double[term.Width * term.Width])];
    }

    /// <summary>Σ log L_ii.</summary>
    public double HalfLogDeterminant { get; private set; }

    /// <summary>x̂.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>Factors H at the parameters; the group priors must have been set. False where H is not positive definite.</summary>
    public bool Set(ParameterState state)
    {
        _scale = _whitening.LogSigma is { } log ? Math.Exp(2 * (log - state.Auxiliary.Psi[0])) : 1;
        double[] h = _g.Values;
        double[] a = _whitening.Information.Values;
        if (_scale == 1) a.CopyTo(h, 0);
        else
            for (int i = 0; i < h.Length; i++) h[i] = _scale * a[i];
        for (int j = 0; j < _fixed; j++)
            for (int i = j; i < _fixed; i++) h[j * _n + i] += _whitening.PriorPrecision[i, j];
        for (int k = 0; k < _structure.Terms.Count; k++) _priors[k].AddPrecision(_structure.Terms[k], _g);
        if (!Cholesky.TryFactor(_g)) return false;
        double sum = 0;
        for (int i = 0; i < _n; i++) sum += Math.Log(h[i * (_n + 1)]);
        HalfLogDeterminant = sum;
        Cholesky.InvertTriangle(_g);
        for (int i = 0; i < _n; i++) _v[i] = _scale * _whitening.Linear[i] + (i < _fixed ? _whitening.PriorLinear[i] : 0);
        Multiply(_v, _w);
        MultiplyTransposed(_w, _mean);
        return true;
    }

    /// <summary>x = x̂ + L⁻ᵀξ.</summary>
    public void Position(ReadOnlySpan<double> xi, Span<double> x)
    {
        for (int i = 0; i < _n; i++) _v[i] = _w[i] + xi[i];
        MultiplyTransposed(_v, x);
    }

    /// <summary>ξ of x: L'(x − x̂), by solving with G'.</summary>
    public void Whiten(ReadOnlySpan<double> x, Span<double> xi)
    {
        for (int i = 0; i < _n; i++) xi[i] = x[i] - _mean[i];
        // G'y = x − x̂ for y: G is lower triangular.
        for (int i = _n - 1; i >= 0; i--)
        {
            ReadOnlySpan<double> column = _g.Column(i);
            double sum = xi[i];
            for (int j = i + 1; j < _n; j++) sum -= column[j] * xi[j];
            xi[i] = sum / column[i];
        }
    }

    /// <summary>
    /// The gradient in ξ from that in x, and the derivatives of log p(x) − Σ log L_ii through H and x̂ added to the state's derivatives in T and log σ.
    /// </summary>
    public void Gradient(ReadOnlySpan<double> byX, ReadOnlySpan<double> xi, Span<double> byXi, ParameterState state)
    {
        Multiply(byX, _v);
        _v.CopyTo(byXi);
        MultiplyTransposed(_v, _solved);
        double withPrior = 0;
        for (int k = 0; k < _structure.Terms.Count; k++)
        {
            GroupTerm term = _structure.Terms[k];
            Blocks(term.Start, term.Levels.Count, term.Width, xi, _byBlock[k]);
            withPrior += ThroughPrecision(term.Width, _priors[k], _byBlock[k], state.ByTriangle[k]);
        }
        if (_whitening.LogSigma is null) return;
        double whole = 0, linear = 0;
        for (int i = 0; i < _n; i++)
        {
            whole -= byX[i] * _mean[i] + 0.5 * _v[i] * xi[i] + 0.5;
            linear += _solved[i] * _whitening.Linear[i];
        }
        for (int j = 0; j < _fixed; j++)
            for (int i = 0; i < _fixed; i++) withPrior += _whitening.PriorPrecision[Math.Max(i, j), Math.Min(i, j)] * Element(i, j, xi);
        state.ByPsi[0] += -2 * (whole - withPrior) - 2 * _scale * linear;
    }

    /// <summary>The sum over a term's levels of the symmetric part of the derivatives in H's diagonal blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Blocks(int start, int levels, int width, ReadOnlySpan<double> xi, double[] sum)
    {
        Array.Clear(sum);
        if (width == 1)
        {
            for (int a = start; a < start + levels; a++) sum[0] += Diagonal(a, xi);
            return;
        }
        for (int at = start; at < start + levels * width; at += width)
            for (int i = 0; i < width; i++)
                for (int j = 0; j < width; j++) sum[i * width + j] += 0.5 * (Element(at + i, at + j, xi) + Element(at + j, at + i, xi));
    }

    /// <summary>The derivative in H_aa.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Diagonal(int a, ReadOnlySpan<double> xi)
    {
        ReadOnlySpan<double> column = _g.Column(a)[a..], x = xi[a..], v = _v.AsSpan(a);
        double before = 0, contraction = 0, squares = 0;
        for (int i = 0; i < column.Length; i++)
        {
            double g = column[i], own = v[i] * g;
            contraction += x[i] * g * (before + 0.5 * own);
            before += own;
            squares += g * g;
        }
        return -(_solved[a] * _mean[a] + contraction + 0.5 * squares);
    }

    /// <summary>The derivative in H_ab, not made symmetric.</summary>
    private double Element(int a, int b, ReadOnlySpan<double> xi)
    {
        ReadOnlySpan<double> first = _g.Column(a), second = _g.Column(b);
        double before = 0, contraction = 0, products = 0;
        for (int i = Math.Min(a, b); i < _n; i++)
        {
            double g = i >= a ? first[i] : 0, own = i >= b ? _v[i] * second[i] : 0;
            contraction += xi[i] * g * (before + 0.5 * own);
            before += own;
            if (i >= b) products += g * second[i];
        }
        return -(_solved[a] * _mean[b] + contraction + 0.5 * products);
    }

    /// <summary>Adds −2 (T⁻¹ D Q)' to the derivatives in T, and returns Σ D·Q.</summary>
    private static double ThroughPrecision(int width, GroupPrior prior, double[] byBlock, double[] byTriangle)
    {
        double[] inverse = prior.Inverse;
        Span<double> q = stackalloc double[width * width];
        double sum = 0;
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < width; j++)
            {
                double value = prior.Precision(i, j);
                q[i * width + j] = value;
                sum += value * byBlock[i * width + j];
            }
        }
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double value = 0;
                for (int m = 0; m <= j; m++)
                    for (int l = 0; l < width; l++) value += inverse[j * width + m] * byBlock[m * width + l] * q[l * width + i];
                byTriangle[i * width + j] -= 2 * value;
            }
        }
        return sum;
    }

    /// <summary>y = G x.</summary>
    private void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        y.Clear();
        for (int j = 0; j < _n; j++) ContiguousLoops.AddMultiple(x[j], _g.Column(j)[j..], y[j..]);
    }

    /// <summary>y = G'x.</summary>
    private void MultiplyTransposed(ReadOnlySpan<double> x, Span<double> y)
    {
        for (int j = 0; j < _n; j++) y[j] = ContiguousLoops.Dot(_g.Column(j)[j..], x[j..]);
    }
}
