namespace Terrace.MixedModels;

/// <summary>
/// The relative factors T of one term in which the correlation of two of its effects has a given value, as a smooth function of free coordinates.
/// </summary>
/// <remarks>
/// <para>With rows T_j and T_i (i &gt; j), q = T_j/|T_j| and free v in place of T_i: z = v − (v·q)q, T_i = ρ|z|q + √(1 − ρ²) z, so that |T_i| = |z| and T_i·T_j = ρ|T_i||T_j|, also at ρ = ±1. All other
/// rows are free. The coordinate of v along q is idle. Gradient, with g that in T_i: A = √(1 − ρ²)g + ρ(g·q)z/|z|; in v: A − (A·q)q; in q: ρ|z|g − (A·q)v − (v·q)A, of which what is
/// orthogonal to q, over |T_j|, is added to that in T_j.</para>
/// <para>The scale on which lme4 profiles is that of Bates, Mächler, Bolker and Walker (2015), section 5.1; the coordinates are our own. Symbols: v -> the row in the point. Check: ProfileLikelihoodTests (finite differences).</para>
/// </remarks>
internal sealed class HeldCorrelation(RandomTermLayout term, int row, int other)
{
    private readonly double[] _q = new double[row + 1];
    private readonly double[] _z = new double[row + 1];
    private double _alongQ;
    private double _lengthOfZ;
    private double _lengthOfOther;

    /// <summary>ρ.</summary>
    public double Value { get; set; }

    private double Rest => Math.Sqrt(Math.Max(0, 1 - Value * Value));

    /// <summary>The point whose factor is <paramref name="theta"/>, which has the correlation <see cref="Value"/>, in place.</summary>
    public void FromTheta(Span<double> theta)
    {
        Measure(theta);
        double length = Math.Sqrt(ModelParameters.Product(term, row, row, theta));
        for (int c = 0; c <= row; c++)
            theta[term.ThetaIndex(row, c)] = _lengthOfZ > 1e-8 * length ? _z[c] * length / _lengthOfZ : c == row ? length : 0;
    }

    /// <summary>Turns the point into θ, in place.</summary>
    public void ToTheta(Span<double> point)
    {
        Measure(point);
        for (int c = 0; c <= row; c++) point[term.ThetaIndex(row, c)] = Value * _lengthOfZ * _q[c] + Rest * _z[c];
    }

    /// <summary>Turns the gradient in θ into that in the point last seen by <see cref="ToTheta"/>, in place.</summary>
    public void ToGradient(Span<double> gradient)
    {
        double gq = 0, aq = 0, rq = 0;
        Span<double> a = stackalloc double[row + 1], inQ = stackalloc double[row + 1];
        for (int c = 0; c <= row; c++) gq += gradient[term.ThetaIndex(row, c)] * _q[c];
        for (int c = 0; c <= row; c++)
        {
            a[c] = Rest * gradient[term.ThetaIndex(row, c)] + (_lengthOfZ > 0 ? Value * gq * _z[c] / _lengthOfZ : 0);
            aq += a[c] * _q[c];
        }
        for (int c = 0; c <= row; c++)
        {
            double v = _z[c] + _alongQ * _q[c];
            inQ[c] = Value * _lengthOfZ * gradient[term.ThetaIndex(row, c)] - aq * v - _alongQ * a[c];
            rq += inQ[c] * _q[c];
        }
        for (int c = 0; c <= row; c++) gradient[term.ThetaIndex(row, c)] = a[c] - aq * _q[c];
        for (int c = 0; c <= other; c++) gradient[term.ThetaIndex(other, c)] += (inQ[c] - rq * _q[c]) / _lengthOfOther;
    }

    private void Measure(ReadOnlySpan<double> point)
    {
        _lengthOfOther = Math.Sqrt(ModelParameters.Product(term, other, other, point));
        _alongQ = 0;
        for (int c = 0; c <= row; c++)
        {
            _q[c] = c <= other ? point[term.ThetaIndex(other, c)] / _lengthOfOther : 0;
            _alongQ += point[term.ThetaIndex(row, c)] * _q[c];
        }
        double squares = 0;
        for (int c = 0; c <= row; c++)
        {
            _z[c] = point[term.ThetaIndex(row, c)] - _alongQ * _q[c];
            squares += _z[c] * _z[c];
        }
        _lengthOfZ = Math.Sqrt(squares);
    }
}
