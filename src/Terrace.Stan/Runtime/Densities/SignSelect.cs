using System.Runtime.CompilerServices;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>A choice by the sign of a number, by masks of bits: on random data a mispredicted branch costs more than the exponential beside it.</summary>
internal static class SignSelect
{
    /// <summary><paramref name="yes"/> if the sign bit of <paramref name="x"/> is set (negative, or −0), else <paramref name="no"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Negative(double x, double yes, double no)
    {
        long mask = BitConverter.DoubleToInt64Bits(x) >> 63;
        return BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(yes) & mask) | (BitConverter.DoubleToInt64Bits(no) & ~mask));
    }
}
