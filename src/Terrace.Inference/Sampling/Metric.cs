using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.Sampling;

/// <summary>
/// The Euclidean metric: M⁻¹ as the identity, a diagonal or a matrix, learnt from positions by Welford's updates and shrunk a little to the identity.
/// <code>M⁻¹ = n/(n + 5) Ĉ + 10⁻³ · 5/(n + 5) I</code>
/// Betancourt (2017), A Conceptual Introduction to Hamiltonian Monte Carlo, section 4.2.1; Stan Reference Manual, "Euclidean metric"; Welford (1962). Checked in <c>AdaptationTests</c>.
/// </summary>
internal sealed class Metric
{
    private readonly MetricKind _kind;
    private readonly int _dimension;
    private readonly double[] _inverse;
    private readonly double[] _root;
    private readonly double[] _mean;
    private readonly double[] _moments;
    private readonly double[] _deviation;
    private Matrix? _factor;
    private long _count;

    public Metric(MetricKind kind, int dimension)
    {
        _kind = kind;
        _dimension = dimension;
        int size = kind == MetricKind.Dense ? dimension * dimension : dimension;
        (_inverse, _root, _mean, _moments, _deviation) = (new double[size], new double[dimension], new double[dimension], new double[kind == MetricKind.Unit ? 0 : size], new double[dimension]);
        for (int i = 0; i < dimension; i++) _inverse[kind == MetricKind.Dense ? i * (dimension + 1) : i] = 1;
        Renewed();
    }

    /// <summary>M⁻¹: its diagonal, or of a dense metric the matrix.</summary>
    public IReadOnlyList<double> Inverse => _inverse;

    /// <summary>Whether positions are to be learnt from.</summary>
    public bool Adapts => _kind != MetricKind.Unit;

    /// <summary>velocity = M⁻¹ momentum.</summary>
    public void Velocity(ReadOnlySpan<double> momentum, Span<double> velocity)
    {
        switch (_kind)
        {
            case MetricKind.Unit:
                momentum.CopyTo(velocity);
                break;
            case MetricKind.Diagonal:
                ContiguousLoops.ScaledProduct(_inverse, momentum, 1, velocity[.._dimension]);
                break;
            default:
                for (int i = 0; i < _dimension; i++) velocity[i] = ContiguousLoops.Dot(_inverse.AsSpan(i * _dimension, _dimension), momentum);
                break;
        }
    }

    /// <summary>momentum ~ N(0, M).</summary>
    public void DrawMomentum(Rng rng, Span<double> momentum)
    {
        for (int i = 0; i < _dimension; i++) momentum[i] = rng.NextNormal();
        if (_kind == MetricKind.Diagonal)
            for (int i = 0; i < _dimension; i++) momentum[i] /= _root[i];
        if (_kind == MetricKind.Dense) SolveTransposed(_factor!, momentum);
    }

    /// <summary>Learns from a position.</summary>
    public void Learn(ReadOnlySpan<double> position)
    {
        _count++;
        for (int i = 0; i < _dimension; i++)
        {
            _deviation[i] = position[i] - _mean[i];
            _mean[i] += _deviation[i] / _count;
        }
        if (_kind == MetricKind.Diagonal)
        {
            for (int i = 0; i < _dimension; i++) _moments[i] += _deviation[i] * (position[i] - _mean[i]);
            return;
        }
        for (int j = 0; j < _dimension; j++)
        {
            double after = position[j] - _mean[j];
            for (int i = 0; i < _dimension; i++) _moments[j * _dimension + i] += _deviation[i] * after;
        }
    }

    /// <summary>Takes the estimate and begins a new one.</summary>
    public void Renew()
    {
        double n = _count, weight = n / ((n + 5) * (n - 1)), ridge = 1e-3 * (5 / (n + 5));
        for (int i = 0; i < _inverse.Length; i++) _inverse[i] = weight * _moments[i];
        for (int i = 0; i < _dimension; i++) _inverse[_kind == MetricKind.Dense ? i * (_dimension + 1) : i] += ridge;
        Array.Clear(_mean);
        Array.Clear(_moments);
        _count = 0;
        Renewed();
    }

    /// <summary>Writes the state.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(_count);
        foreach (double[] part in new[] { _inverse, _mean, _moments })
            foreach (double value in part) writer.Write(value);
    }

    /// <summary>Reads the state.</summary>
    public void Load(BinaryReader reader)
    {
        _count = reader.ReadInt64();
        foreach (double[] part in new[] { _inverse, _mean, _moments })
            for (int i = 0; i < part.Length; i++) part[i] = reader.ReadDouble();
        Renewed();
    }

    private void Renewed()
    {
        if (_kind == MetricKind.Diagonal)
            for (int i = 0; i < _dimension; i++) _root[i] = Math.Sqrt(_inverse[i]);
        if (_kind != MetricKind.Dense) return;
        _factor = new Matrix(_dimension, _dimension, [.. _inverse]);
        if (!Cholesky.TryFactor(_factor)) throw new InvalidOperationException("The adapted dense metric is not positive definite; use the diagonal one, or a longer warm-up.");
    }

    /// <summary>x = L'⁻¹ x, so that x has covariance (LL')⁻¹.</summary>
    private static void SolveTransposed(Matrix factor, Span<double> x)
    {
        for (int j = x.Length - 1; j >= 0; j--)
        {
            ReadOnlySpan<double> column = factor.Column(j);
            double sum = x[j];
            for (int i = j + 1; i < x.Length; i++) sum -= column[i] * x[i];
            x[j] = sum / column[j];
        }
    }
}
