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
/// H is factored with the longest scalar term first, whose block is diagonal: its elimination leaves a Schur matrix of the rest. ξ is in that order. The derivative of a Cholesky factor, dL = L Φ(L⁻¹ dH L⁻ᵀ), is that of Murray (2016), Differentiation of the Cholesky decomposition, equation 10; the contraction is worked out in docs/algorithms/whitened-nuts.md.
/// Checked by finite differences in <c>WhitenedDensityTests</c>.
/// </summary>
internal sealed class ConditionalGaussian
{
    private const int SmallestLead = 8;
    private readonly ModelStructure _structure;
    private readonly Whitening _whitening;
    private readonly BlockPrior[] _priors;
    private readonly int _n;
    private readonly int _lead;
    private readonly int[] _order;
    private readonly int[] _start;
    private readonly Matrix _information;
    private readonly double[] _linear;
    private readonly Matrix _g;
    private readonly Matrix _schur;
    private readonly Matrix _coupling;
    private readonly double[] _w;
    private readonly double[] _mean;
    private readonly double[] _v;
    private readonly double[] _solved;
    private readonly double[] _byX;
    private readonly double[][] _byBlock;
    private readonly double[] _diagonal;
    private readonly double[] _beside;
    private double _scale = 1;

    public ConditionalGaussian(ModelStructure structure, Whitening whitening, BlockPrior[] priors)
    {
        (_structure, _whitening, _priors) = (structure, whitening, priors);
        _n = structure.CoefficientCount;
        _order = InnerOrder(structure, out _lead);
        var place = new int[_n];
        for (int i = 0; i < _n; i++) place[_order[i]] = i;
        _start = [.. structure.Blocks.Select(block => place[block.Start])];
        _information = Reordered(whitening.Information, _order);
        _linear = [.. _order.Select(j => whitening.Linear[j])];
        _g = new Matrix(_n, _n);
        _schur = new Matrix(_n - _lead, _n - _lead);
        _coupling = new Matrix(_n - _lead, _lead);
        (_w, _mean, _v, _solved, _byX) = (new double[_n], new double[_n], new double[_n], new double[_n], new double[_n]);
        _byBlock = [.. structure.Blocks.Select(block => new double[block.Width * block.Width])];
        int longest = structure.Blocks.Where(block => block.IsAutoregressive).Select(block => block.Count).DefaultIfEmpty(0).Max();
        (_diagonal, _beside) = (new double[longest], new double[longest]);
    }

    /// <summary>Σ log L_ii.</summary>
    public double HalfLogDeterminant { get; private set; }

    /// <summary>Factors H at the parameters; the group priors must have been set. False where H is not positive definite.</summary>
    public bool Set(ParameterState state)
    {
        _scale = _whitening.LogSigma is { } log ? Math.Exp(2 * (log - state.Auxiliary.Psi[0])) : 1;
        double half = EliminateLead();
        int k = _n - _lead;
        if (_lead > 0) Syrk.AddLower(_schur, -1, _coupling, false);
        if (double.IsNaN(half) || !Cholesky.TryFactor(_schur)) return false;
        for (int i = 0; i < k; i++) half += Math.Log(_schur[i, i]);
        HalfLogDeterminant = half;
        if (_lead > 0) Cholesky.SolveLower(_schur, _coupling);
        Cholesky.InvertTriangle(_schur);
        for (int j = 0; j < _lead; j++)
        {
            double root = _g[j, j];
            CopyScaled(-root, _coupling.Column(j), _g.Column(j)[_lead..]);
        }
        for (int j = 0; j < k; j++) _schur.Column(j)[j..].CopyTo(_g.Column(_lead + j)[(_lead + j)..]);
        for (int i = 0; i < _n; i++) _v[i] = _scale * _linear[i];
        for (int i = 0; i < _structure.FixedCount; i++) _v[_lead + i] += _whitening.PriorLinear[i];
        Multiply(_v, _w);
        MultiplyTransposed(_w, _mean);
        return true;
    }

    /// <summary>
    /// H = [D B'; B C] with D diagonal: sets the lead part D^-½ of G, the coupling to B D^-½ and the Schur matrix to C, and gives ½ log |D|; NaN where D is not positive.
    /// </summary>
    private double EliminateLead()
    {
        int k = _n - _lead;
        double half = 0, q = _lead > 0 ? ((GroupPrior)_priors[LeadTerm]).Precision(0, 0) : 0;
        for (int j = 0; j < _lead; j++)
        {
            ReadOnlySpan<double> column = _information.Column(j);
            double d = _scale * column[j] + q;
            if (!(d > 0)) return double.NaN;
            half += 0.5 * Math.Log(d);
            double root = 1 / Math.Sqrt(d);
            _g[j, j] = root;
            CopyScaled(_scale * root, column[_lead..], _coupling.Column(j));
        }
        for (int j = 0; j < k; j++) CopyScaled(_scale, _information.Column(_lead + j)[(_lead + j)..], _schur.Column(j)[j..]);
        for (int j = 0; j < _structure.FixedCount; j++)
            for (int i = j; i < _structure.FixedCount; i++) _schur[i, j] += _whitening.PriorPrecision[i, j];
        for (int t = 0; t < _priors.Length; t++)
            if (_start[t] >= _lead) _priors[t].AddPrecision(_schur, _start[t] - _lead, _structure.Blocks[t].Count);
        return half;
    }

    private static void CopyScaled(double factor, ReadOnlySpan<double> from, Span<double> to)
    {
        from.CopyTo(to);
        if (factor != 1) ContiguousLoops.Scale(to, factor);
    }

    private int LeadTerm => Array.IndexOf(_start, 0);

    /// <summary>The coefficients with the levels of the longest scalar term first, whose own block of H is diagonal, then the fixed ones, then the other terms.</summary>
    private static int[] InnerOrder(ModelStructure structure, out int lead)
    {
        CoefficientBlock? longest = structure.Blocks.Where(block => block.Width == 1 && block.Basis is null && !block.IsAutoregressive).MaxBy(block => block.Count);
        if (longest is null || longest.Count < SmallestLead)
        {
            lead = 0;
            return [.. Enumerable.Range(0, structure.CoefficientCount)];
        }
        lead = longest.Count;
        return [.. Enumerable.Range(longest.Start, longest.Count), .. Enumerable.Range(0, longest.Start), .. Enumerable.Range(longest.Start + longest.Count, structure.CoefficientCount - longest.Start - longest.Count)];
    }

    private static Matrix Reordered(Matrix lower, int[] order)
    {
        var result = new Matrix(order.Length, order.Length);
        for (int j = 0; j < order.Length; j++)
            for (int i = j; i < order.Length; i++) result[i, j] = lower[Math.Max(order[i], order[j]), Math.Min(order[i], order[j])];
        return result;
    }

    /// <summary>x = x̂ + L⁻ᵀξ.</summary>
    public void Position(ReadOnlySpan<double> xi, Span<double> x)
    {
        for (int i = 0; i < _n; i++) _v[i] = _w[i] + xi[i];
        MultiplyTransposed(_v, _byX);
        for (int i = 0; i < _n; i++) x[_order[i]] = _byX[i];
    }

    /// <summary>ξ of x: L'(x − x̂), by solving with G'.</summary>
    public void Whiten(ReadOnlySpan<double> x, Span<double> xi)
    {
        for (int i = 0; i < _n; i++) xi[i] = x[_order[i]] - _mean[i];
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
        for (int i = 0; i < _n; i++) _byX[i] = byX[_order[i]];
        Multiply(_byX, _v);
        _v.CopyTo(byXi);
        MultiplyTransposed(_v, _solved);
        double withPrior = 0;
        for (int k = 0; k < _priors.Length; k++)
        {
            CoefficientBlock block = _structure.Blocks[k];
            if (_priors[k] is GroupPrior group)
            {
                Blocks(_start[k], block.Count / block.Width, block.Width, xi, _byBlock[k]);
                withPrior += ThroughPrecision(block.Width, group, _byBlock[k], state.ByFactor[k]);
            }
            else withPrior += ThroughAutoregression((Autoregression)_priors[k], k, xi, state);
        }
        if (_whitening.LogSigma is null) return;
        double whole = 0, linear = 0;
        for (int i = 0; i < _n; i++)
        {
            whole -= _byX[i] * _mean[i] + 0.5 * _v[i] * xi[i] + 0.5;
            linear += _solved[i] * _linear[i];
        }
        for (int j = 0; j < _structure.FixedCount; j++)
            for (int i = 0; i < _structure.FixedCount; i++) withPrior += _whitening.PriorPrecision[Math.Max(i, j), Math.Min(i, j)] * Element(_lead + i, _lead + j, xi);
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

    private double ThroughAutoregression(Autoregression prior, int k, ReadOnlySpan<double> xi, ParameterState state)
    {
        CoefficientBlock block = _structure.Blocks[k];
        for (int t = 0; t < block.Count; t++)
        {
            int at = _start[k] + t;
            _diagonal[t] = Diagonal(at, xi);
            if (t + 1 < block.Count) _beside[t] = 0.5 * (Element(at, at + 1, xi) + Element(at + 1, at, xi));
        }
        return prior.Through(_diagonal.AsSpan(0, block.Count), _beside, state.ByFactor[k], ref state.ByParameter(block));
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
