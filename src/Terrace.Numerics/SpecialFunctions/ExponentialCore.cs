using System.Runtime.CompilerServices;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.SpecialFunctions;

/// <summary>
/// The exponential of a register of doubles.
/// <para>Formula: e^x = 2^n e^r, n = round(x / log 2), r = x - n log 2 (in two parts); e^r = 1 + r + r^2 P(r), P of degree 9.
/// 2^n is multiplied in as two halves, so that results may be denormal, zero or infinite.</para>
/// <para>Source: Muller (2016), Elementary Functions, section 11.4 (argument reduction of Cody and Waite); P is the Chebyshev interpolant of
/// (e^r - 1 - r) / r^2 on |r| up to log(2)/2, error 1.1e-16. Tests: ExponentialKernelTests (relative error below 4e-16).</para>
/// </summary>
internal static class ExponentialCore
{
    private const double Furthest = 1400;
    private const double InverseLog2 = 1.4426950408889634;
    private const double Log2High = 0.6931471803691238, Log2Low = 1.9082149292705877e-10;

    /// <summary>e^x; not a number stays so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<S, V>(V x) where S : struct, ILanes<V> where V : struct
    {
        V zero = S.Broadcast(0), size = S.Min(S.Broadcast(Furthest), S.Abs(x));
        return Reduced<S, V>(S.IfLess(x, zero, S.Subtract(zero, size), size));
    }

    /// <summary>e^-|x|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpOfMinusAbs<S, V>(V x) where S : struct, ILanes<V> where V : struct =>
        Reduced<S, V>(S.Subtract(S.Broadcast(0), S.Min(S.Broadcast(Furthest), S.Abs(x))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduced<S, V>(V x) where S : struct, ILanes<V> where V : struct
    {
        V n = S.Round(S.Multiply(x, S.Broadcast(InverseLog2)));
        V r = S.MultiplySubtractFrom(n, S.Broadcast(Log2Low), S.MultiplySubtractFrom(n, S.Broadcast(Log2High), x));
        V half = S.Round(S.Multiply(n, S.Broadcast(0.5)));
        V value = S.Add(S.Broadcast(1), S.MultiplyAdd(S.Multiply(r, r), Polynomial<S, V>(r), r));
        return S.Multiply(S.Multiply(value, S.PowerOfTwo(half)), S.PowerOfTwo(S.Subtract(n, half)));
    }

    /// <summary>P(r) in Estrin's order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Polynomial<S, V>(V r) where S : struct, ILanes<V> where V : struct
    {
        V r2 = S.Multiply(r, r), r4 = S.Multiply(r2, r2);
        V a = S.MultiplyAdd(S.Broadcast(0.16666666666666669), r, S.Broadcast(0.5000000000000001));
        V b = S.MultiplyAdd(S.Broadcast(0.008333333333330062), r, S.Broadcast(0.04166666666662413));
        V c = S.MultiplyAdd(S.Broadcast(0.00019841269863053618), r, S.Broadcast(0.0013888888917213717));
        V d = S.MultiplyAdd(S.Broadcast(2.7557268459997064e-06), r, S.Broadcast(2.4801521295954376e-05));
        V e = S.MultiplyAdd(S.Broadcast(2.510038549551032e-08), r, S.Broadcast(2.7620088445409746e-07));
        return S.MultiplyAdd(S.MultiplyAdd(e, r4, S.MultiplyAdd(d, r2, c)), r4, S.MultiplyAdd(b, r2, a));
    }
}
