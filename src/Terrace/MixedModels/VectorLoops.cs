using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Terrace.MixedModels;

/// <summary>The loops over contiguous numbers that the blocked kernels spend their time in, on whatever vectors the processor has.</summary>
/// <remarks>Σ x_i y_i, x_i ← f x_i and z_i ← f x_i y_i; the sum has four partial sums per vector lane. Check: BlockedCholeskyTests, through everything that is built on them.</remarks>
internal static class VectorLoops
{
    /// <summary>Σ x_i y_i over the length of <paramref name="x"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        y = y[..x.Length];
        int lanes = Vector<double>.Count, whole = x.Length - x.Length % (2 * lanes);
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
}
