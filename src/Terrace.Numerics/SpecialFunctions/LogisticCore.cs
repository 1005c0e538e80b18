using System.Runtime.CompilerServices;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.SpecialFunctions;

/// <summary>
/// What the logistic likelihood needs of a register of linear predictors x, with one exponential and one division.
/// <para>Formula: e = e^-|x|; q = 1 / ((1 + e)(2 + e)); 1/(1 + e) = q (2 + e); s = e / (2 + e) = e q (1 + e);
/// log(1 + e) = 2 atanh(s) = 2 s + s^3 Q(s^2), Q of degree 9.</para>
/// <para>Source: Muller (2016), Elementary Functions, section 11.5 (logarithm by atanh); Q is the Chebyshev interpolant of (2 atanh(s)/s - 2) / s^2 on s^2 up to 1/9,
/// error 9e-17. Tests: LogisticKernelTests (relative error below 1e-15, each level forced).</para>
/// </summary>
/// <param name="Exponential">e = e^-|x|.</param>
/// <param name="Larger">1 / (1 + e): the larger of logistic(x) and logistic(-x).</param>
/// <param name="Log1p">log(1 + e).</param>
internal readonly record struct LogisticCore<V>(V Exponential, V Larger, V Log1p) where V : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LogisticCore<V> Of<S>(V x) where S : struct, ILanes<V>
    {
        V e = ExponentialCore.ExpOfMinusAbs<S, V>(x), one = S.Broadcast(1);
        V onePlus = S.Add(one, e), twoPlus = S.Add(S.Broadcast(2), e);
        V q = S.Divide(one, S.Multiply(onePlus, twoPlus));
        V half = S.Multiply(q, onePlus), twoS = S.Multiply(e, S.Add(half, half)), s = S.Multiply(S.Broadcast(0.5), twoS), s2 = S.Multiply(s, s);
        V log = S.MultiplyAdd(S.Multiply(s, s2), Polynomial<S>(s2), twoS);
        return new LogisticCore<V>(e, S.Multiply(q, twoPlus), log);
    }

    /// <summary>Q(z) in Estrin's order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Polynomial<S>(V z) where S : struct, ILanes<V>
    {
        V z2 = S.Multiply(z, z), z4 = S.Multiply(z2, z2);
        V a = S.MultiplyAdd(S.Broadcast(0.40000000000014596), z, S.Broadcast(0.6666666666666666));
        V b = S.MultiplyAdd(S.Broadcast(0.22222222717801782), z, S.Broadcast(0.2857142856710506));
        V c = S.MultiplyAdd(S.Broadcast(0.15385570592912243), z, S.Broadcast(0.18181789417326447));
        V d = S.MultiplyAdd(S.Broadcast(0.12001155182857778), z, S.Broadcast(0.13314135550881162));
        V e = S.MultiplyAdd(S.Broadcast(0.16164938169471338), z, S.Broadcast(0.08800317650868773));
        return S.MultiplyAdd(S.MultiplyAdd(e, z4, S.MultiplyAdd(d, z2, c)), z4, S.MultiplyAdd(b, z2, a));
    }
}
