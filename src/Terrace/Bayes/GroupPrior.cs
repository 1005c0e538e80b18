using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>
/// The density of one block's coefficients given its covariance factor, group by group: u ~ N(0, TT').
/// <code>log p = −½ Σ |a_l|² − L log |T| − ½ q log 2π,  a = T⁻¹u;   ∂/∂u = −T⁻ᵀa;   ∂/∂T_ij = Σ (T⁻ᵀa)_i a_j − [i = j] L/T_ii</code>
/// Checked by finite differences in <c>WhitenedDensityTests</c>.
/// </summary>
internal sealed class GroupPrior(int width) : BlockPrior
{
    private readonly double[] _a = new double[width];

    /// <summary>T⁻¹, row by row, of the factor set last.</summary>
    public double[] Inverse { get; } = new double[width * width];

    /// <summary>Inverts the lower triangle T, given row by row.</summary>
    public override void Set(ReadOnlySpan<double> triangle, double parameter)
    {
        for (int j = 0; j < width; j++)
        {
            for (int i = 0; i < width; i++)
            {
                double sum = i == j ? 1 : 0;
                for (int m = j; m < i; m++) sum -= triangle[i * width + m] * Inverse[m * width + j];
                Inverse[i * width + j] = i < j ? 0 : sum / triangle[i * width + i];
            }
        }
    }

    /// <summary>An element of Q = T⁻ᵀT⁻¹, the precision of a level's effects.</summary>
    public double Precision(int i, int j)
    {
        double sum = 0;
        for (int m = Math.Max(i, j); m < width; m++) sum += Inverse[m * width + i] * Inverse[m * width + j];
        return sum;
    }

    public override void AddPrecision(Matrix h, int start, int count)
    {
        for (int j = 0; j < width; j++)
        {
            for (int i = j; i < width; i++)
            {
                double q = Precision(i, j);
                for (int at = start; at < start + count; at += width) h.Values[(at + j) * h.Rows + at + i] += q;
            }
        }
    }

    public override double Add(ReadOnlySpan<double> triangle, ReadOnlySpan<double> u, Span<double> byU, Span<double> byTriangle, ref double byParameter)
    {
        int levels = u.Length / width;
        double squares = 0, logs = 0;
        for (int start = 0; start < u.Length; start += width)
        {
            for (int i = 0; i < width; i++)
            {
                double sum = 0;
                for (int j = 0; j <= i; j++) sum += Inverse[i * width + j] * u[start + j];
                _a[i] = sum;
                squares += sum * sum;
            }
            for (int i = 0; i < width; i++)
            {
                double back = 0;
                for (int m = i; m < width; m++) back += Inverse[m * width + i] * _a[m];
                byU[start + i] -= back;
                for (int j = 0; j <= i; j++) byTriangle[i * width + j] += back * _a[j];
            }
        }
        for (int i = 0; i < width; i++)
        {
            logs += Math.Log(triangle[i * width + i]);
            byTriangle[i * width + i] -= levels / triangle[i * width + i];
        }
        return -0.5 * squares - levels * logs - 0.5 * u.Length * Math.Log(2 * Math.PI);
    }
}
