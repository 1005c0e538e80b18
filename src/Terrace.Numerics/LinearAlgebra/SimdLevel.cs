using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Terrace.Numerics.LinearAlgebra;

/// <summary>Which instructions a kernel uses. Results of the levels agree to rounding.</summary>
public enum SimdLevel
{
    /// <summary>One number at a time: runs everywhere.</summary>
    Scalar,

    /// <summary>Four numbers at a time with fused multiply-add.</summary>
    Avx2,

    /// <summary>Eight numbers at a time with fused multiply-add.</summary>
    Avx512,
}

/// <summary>What this processor can run.</summary>
public static class SimdSupport
{
    /// <summary>The widest level of this processor.</summary>
    public static SimdLevel Best => Avx512F.IsSupported && Avx512DQ.IsSupported && Vector512.IsHardwareAccelerated
        ? SimdLevel.Avx512
        : Avx2.IsSupported && Fma.IsSupported ? SimdLevel.Avx2 : SimdLevel.Scalar;

    /// <summary>Whether this processor can run <paramref name="level"/>.</summary>
    public static bool Runs(SimdLevel level) => level <= Best;

    /// <summary>The level asked for, or the best one for null.</summary>
    /// <exception cref="PlatformNotSupportedException">The processor cannot run it.</exception>
    internal static SimdLevel Choose(SimdLevel? asked)
    {
        SimdLevel level = asked ?? Best;
        return Runs(level) ? level : throw new PlatformNotSupportedException($"This processor cannot run {level} instructions.");
    }
}
