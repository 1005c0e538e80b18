using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The loops over contiguous numbers that decompositions and model kernels spend their time in, on whatever vectors the processor has.
/// <para>Formulas: sum x_i y_i; y_i + f x_i; f x_i; f x_i y_i; x_i / d; max |x_i|; sum (s x_i)^2. Sums have one or two partial sums per lane.</para>
/// <para>Source: Lawson et al. (1979), Basic linear algebra subprograms for Fortran usage. Tests: PivotedQrTests and BlockedCholeskyTests, through what is built on them.</para>
/// </summary>
internal static class ContiguousLoops
{
    /// <summary>Sum of x_i y_i over the length of <paramref name="x"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        y = y[..x.Length];
        int whole = x.Length - x.Length % (2 * Vector<double>.Count);
        var vx = MemoryMarshal.Cast<double, Vector<double>>(x[..whole]);
        var vy = MemoryMarshal.Cast<double, Vector<double>>(y[..whole]);
        Vector<double> first = Vector<double>.Zero, second = Vector<double>.Zero;
        for (int i = 0; i + 1 < vx.Length; i += 2)
        {
            first += vx[i] * vy[i];
            second += vx[i + 1] * vy[i + 1];
        }

        double sum = Vector.Sum(first + second);
        for (int i = whole; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }

    /// <summary>Adds <paramref name="factor"/> x to the first elements of <paramref name="y"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddMultiple(double factor, ReadOnlySpan<double> x, Span<double> y)
    {
        y = y[..x.Length];
        int whole = x.Length - x.Length % Vector<double>.Count;
        var vx = MemoryMarshal.Cast<double, Vector<double>>(x[..whole]);
        var vy = MemoryMarshal.Cast<double, Vector<double>>(y[..whole]);
        for (int i = 0; i < vy.Length; i++) vy[i] += vx[i] * factor;
        for (int i = whole; i < y.Length; i++) y[i] += factor * x[i];
    }

    /// <summary>Multiplies every element by <paramref name="factor"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(Span<double> x, double factor)
    {
        int whole = x.Length - x.Length % Vector<double>.Count;
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(x[..whole]);
        for (int i = 0; i < vectors.Length; i++) vectors[i] *= factor;
        for (int i = whole; i < x.Length; i++) x[i] *= factor;
    }

    /// <summary>target_i = factor x_i y_i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScaledProduct(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double factor, Span<double> target)
    {
        int whole = target.Length - target.Length % Vector<double>.Count;
        var vx = MemoryMarshal.Cast<double, Vector<double>>(x[..whole]);
        var vy = MemoryMarshal.Cast<double, Vector<double>>(y[..whole]);
        var result = MemoryMarshal.Cast<double, Vector<double>>(target[..whole]);
        for (int i = 0; i < result.Length; i++) result[i] = vx[i] * vy[i] * factor;
        for (int i = whole; i < target.Length; i++) target[i] = x[i] * y[i] * factor;
    }

    /// <summary>Divides every element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Divide(Span<double> x, double divisor)
    {
        int whole = x.Length - x.Length % Vector<double>.Count;
        var vx = MemoryMarshal.Cast<double, Vector<double>>(x[..whole]);
        var divisors = new Vector<double>(divisor);
        for (int i = 0; i < vx.Length; i++) vx[i] /= divisors;
        for (int i = whole; i < x.Length; i++) x[i] /= divisor;
    }

    /// <summary>The largest absolute value, 0 of nothing; NaN if an element is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double LargestMagnitude(ReadOnlySpan<double> x)
    {
        double largest = 0;
        foreach (double value in x) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }

    /// <summary>Sum of (scale x_i)^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfSquares(ReadOnlySpan<double> x, double scale)
    {
        int whole = x.Length - x.Length % Vector<double>.Count;
        var vx = MemoryMarshal.Cast<double, Vector<double>>(x[..whole]);
        var sums = Vector<double>.Zero;
        for (int i = 0; i < vx.Length; i++)
        {
            var scaled = vx[i] * scale;
            sums += scaled * scaled;
        }

        double sum = Vector.Sum(sums);
        for (int i = whole; i < x.Length; i++) sum += x[i] * scale * (x[i] * scale);
        return sum;
    }
}
