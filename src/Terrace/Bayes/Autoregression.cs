using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>
/// A stationary autoregression of order one along a term's levels, with standard deviation s of each level and correlation ρ of neighbours.
/// <code>
/// u_1 = s z_1,  u_t = ρ u_(t−1) + s q z_t,  q = √(1 − ρ²)          backwards: λ_t = g_t + ρ λ_(t+1)
/// Q = N/(s²q²),  N tridiagonal with 1 at its ends, 1 + ρ² between and −ρ beside the diagonal;   log |Q| = −2n log s − (n − 1) log q²
/// </code>
/// Derivatives in ρ are given in t = artanh ρ, dρ/dt = q². Rue and Held (2005), Gaussian Markov Random Fields, section 1.1. A workspace of one thread. Checked in <c>AutoregressionTests</c> by dense algebra and finite differences.
/// </summary>
internal sealed class Autoregression : BlockPrior
{
    private double _sd = 1;
    private double _rho;

    private double Rest => 1 - _rho * _rho;

    public override void Set(ReadOnlySpan<double> factor, double parameter) => (_sd, _rho) = (factor[0], parameter);

    public override void AddPrecision(Matrix h, int start, int count)
    {
        double unit = 1 / (_sd * _sd * Rest);
        if (count == 1) h.Values[start * h.Rows + start] += 1 / (_sd * _sd);
        if (count == 1) return;
        for (int t = 0; t < count; t++)
        {
            int at = start + t;
            h.Values[at * h.Rows + at] += t == 0 || t == count - 1 ? unit : unit * (1 + _rho * _rho);
            if (t + 1 < count) h.Values[at * h.Rows + at + 1] -= unit * _rho;
        }
    }

    public override double Add(ReadOnlySpan<double> factor, ReadOnlySpan<double> u, Span<double> byU, Span<double> byFactor, ref double byParameter)
    {
        int n = u.Length;
        double q2 = Rest, unit = 1 / (_sd * _sd * q2), all = 0, inner = 0, products = 0;
        if (n == 1) (q2, unit) = (1, 1 / (_sd * _sd));
        for (int t = 0; t < n; t++)
        {
            bool end = t == 0 || t == n - 1;
            double row = (end ? 1 : 1 + _rho * _rho) * u[t];
            all += u[t] * u[t];
            if (!end) inner += u[t] * u[t];
            if (t > 0) row -= _rho * u[t - 1];
            if (t + 1 < n)
            {
                row -= _rho * u[t + 1];
                products += u[t] * u[t + 1];
            }
            byU[t] -= unit * row;
        }
        double form = n == 1 ? all : all + _rho * _rho * inner - 2 * _rho * products;
        byFactor[0] += (unit * form - n) / _sd;
        if (n > 1) byParameter += -(_rho * inner - products) / (_sd * _sd) - unit * form * _rho + (n - 1) * _rho;
        return -0.5 * (unit * form + 2 * n * Math.Log(_sd) + (n - 1) * Math.Log(q2) + n * Math.Log(2 * Math.PI));
    }

    /// <summary>u from z; the factor and the parameter must have been set.</summary>
    public void Apply(ReadOnlySpan<double> z, Span<double> u)
    {
        double innovation = _sd * Math.Sqrt(Rest);
        u[0] = _sd * z[0];
        for (int t = 1; t < z.Length; t++) u[t] = _rho * u[t - 1] + innovation * z[t];
    }

    /// <summary>z from u.</summary>
    public void Standardise(ReadOnlySpan<double> u, Span<double> z)
    {
        double innovation = _sd * Math.Sqrt(Rest);
        for (int t = u.Length - 1; t > 0; t--) z[t] = (u[t] - _rho * u[t - 1]) / innovation;
        z[0] = u[0] / _sd;
    }

    /// <summary>The derivatives of what depends on u in z (overwritten) and s (overwritten), and in t (added), from those in u.</summary>
    public void Back(ReadOnlySpan<double> z, ReadOnlySpan<double> u, ReadOnlySpan<double> byU, Span<double> byZ, Span<double> byFactor, ref double byParameter)
    {
        double q = Math.Sqrt(Rest), later = 0, bySd = 0, byRho = 0;
        for (int t = z.Length - 1; t >= 0; t--)
        {
            bySd += byU[t] * u[t] / _sd;
            later = byU[t] + _rho * later;
            byZ[t] = later * _sd * (t == 0 ? 1 : q);
            // q² · dρ: the division by q of the innovation's derivative cancels one factor.
            if (t > 0) byRho += later * (Rest * u[t - 1] - _sd * _rho * q * z[t]);
        }
        byFactor[0] = bySd;
        byParameter += byRho;
    }

    /// <summary>Adds the derivatives in s and in t of Σ D·Q, D given by its diagonal and the means of its elements on both sides of it, and returns the sum.</summary>
    public double Through(ReadOnlySpan<double> diagonal, ReadOnlySpan<double> besides, Span<double> byFactor, ref double byParameter)
    {
        int count = diagonal.Length;
        double ends = 0, inner = 0, beside = 0;
        for (int t = 0; t < count; t++)
        {
            if (t == 0 || t == count - 1) ends += diagonal[t];
            else inner += diagonal[t];
            if (t + 1 < count) beside += besides[t];
        }
        double unit = 1 / (_sd * _sd * (count == 1 ? 1 : Rest));
        // D·Q = unit (ends + (1 + ρ²) inner − 2ρ beside); its derivatives in s and in t.
        double sum = unit * (count == 1 ? ends : ends + (1 + _rho * _rho) * inner - 2 * _rho * beside);
        byFactor[0] -= 2 * sum / _sd;
        if (count > 1) byParameter += (2 * _rho * inner - 2 * beside) / (_sd * _sd) + 2 * _rho * sum;
        return sum;
    }
}
