using System.Runtime.Intrinsics;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.SpecialFunctions;

/// <summary>
/// The exponential of many numbers, for means under a log link.
/// <para>Formula and source: see <see cref="ExponentialCore"/>. Accuracy: 4e-16 relative; overflow gives infinity, NaN stays NaN. Tests: ExponentialKernelTests.</para>
/// </summary>
public static unsafe class ExponentialKernel
{
    /// <summary>Writes e^x to <paramref name="result"/>, which may be <paramref name="x"/> itself.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Evaluate(ReadOnlySpan<double> x, Span<double> result, SimdLevel? level = null)
    {
        if (result.Length != x.Length) throw new ArgumentException("The spans differ in length.");
        fixed (double* source = x, target = result)
        {
            switch (SimdSupport.Choose(level))
            {
                case SimdLevel.Avx512: Run<Lanes512, Vector512<double>>(source, target, x.Length); break;
                case SimdLevel.Avx2: Run<Lanes256, Vector256<double>>(source, target, x.Length); break;
                default: Run<LanesScalar, double>(source, target, x.Length); break;
            }
        }
    }

    private static void Run<S, V>(double* x, double* result, int n) where S : struct, ILanes<V> where V : struct
    {
        int i = 0;
        for (; i + S.Count <= n; i += S.Count) S.Store(ExponentialCore.Exp<S, V>(S.Load(x + i)), result + i);
        if (i == n) return;
        double* rest = stackalloc double[S.Count];
        for (int k = 0; k < S.Count; k++) rest[k] = i + k < n ? x[i + k] : 0;
        S.Store(ExponentialCore.Exp<S, V>(S.Load(rest)), rest);
        for (int k = 0; i + k < n; k++) result[i + k] = rest[k];
    }
}
