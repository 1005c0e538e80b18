using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.SpecialFunctions;

/// <summary>
/// The logistic function and log(1 + e^x) of many linear predictors in one pass.
/// <para>Formula: see <see cref="LogisticCore{V}"/>; logistic(x) = 1/(1 + e) for x &gt;= 0, else e/(1 + e); log(1 + e^x) = max(x, 0) + log(1 + e).</para>
/// <para>Accuracy: both within 1e-15 relative (denormal results within their spacing); NaN stays NaN. Tests: LogisticKernelTests.</para>
/// </summary>
public static unsafe class LogisticKernel
{
    /// <summary>Writes logistic(eta) to <paramref name="mean"/> and log(1 + e^eta) to <paramref name="log1pExp"/>, all of one length.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Evaluate(ReadOnlySpan<double> eta, Span<double> mean, Span<double> log1pExp, SimdLevel? level = null)
    {
        if (mean.Length != eta.Length || log1pExp.Length != eta.Length) throw new ArgumentException("The spans differ in length.");
        fixed (double* x = eta, m = mean, l = log1pExp)
        {
            switch (SimdSupport.Choose(level))
            {
                case SimdLevel.Avx512: Run<Lanes512, Vector512<double>>(x, m, l, eta.Length); break;
                case SimdLevel.Avx2: Run<Lanes256, Vector256<double>>(x, m, l, eta.Length); break;
                default: Run<LanesScalar, double>(x, m, l, eta.Length); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<S, V>(double* eta, double* mean, double* log1pExp, int n) where S : struct, ILanes<V> where V : struct
    {
        int i = 0;
        for (; i + S.Count <= n; i += S.Count) Step<S, V>(eta + i, mean + i, log1pExp + i);
        if (i == n) return;
        double* rest = stackalloc double[3 * S.Count];
        for (int k = 0; k < S.Count; k++) rest[k] = i + k < n ? eta[i + k] : 0;
        Step<S, V>(rest, rest + S.Count, rest + 2 * S.Count);
        for (int k = 0; i + k < n; k++)
        {
            mean[i + k] = rest[S.Count + k];
            log1pExp[i + k] = rest[2 * S.Count + k];
        }
    }

    private static void Step<S, V>(double* eta, double* mean, double* log1pExp) where S : struct, ILanes<V> where V : struct
    {
        V x = S.Load(eta), zero = S.Broadcast(0);
        LogisticCore<V> core = LogisticCore<V>.Of<S>(x);
        S.Store(S.IfLess(x, zero, S.Multiply(core.Exponential, core.Larger), core.Larger), mean);
        S.Store(S.Add(S.IfLess(zero, x, x, zero), core.Log1p), log1pExp);
    }
}
