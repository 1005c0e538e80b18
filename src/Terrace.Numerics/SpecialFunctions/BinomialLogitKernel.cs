using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.SpecialFunctions;

/// <summary>
/// The log-likelihood of binomial counts under a logit link and its derivatives by the linear predictor, in one pass over the cells.
/// <para>Formula: with m = logistic(x): value = sum s x - n log(1 + e^x), written as sum (s - n [x &gt; 0]) x - n log(1 + e^-|x|) so that nothing cancels;
/// residual s - n m, weight n m (1 - m), third n m (1 - m)(1 - 2 m).</para>
/// <para>Symbols: s = successes, n = trials, x = eta; the rest as in <see cref="LogisticCore{V}"/>. Source: McCullagh and Nelder (1989), section 4.4.1.
/// Tests: BinomialLogitKernelTests (plain loops, finite differences, each level forced).</para>
/// </summary>
public static unsafe class BinomialLogitKernel
{
    /// <summary>
    /// The sum of s x - n log(1 + e^x) over the cells (the log-likelihood without log binomial coefficients). The outputs are
    /// the derivatives: first, minus second, minus third; any of them may be empty and is then left out. The order of summation depends on the level only.
    /// </summary>
    /// <param name="eta">Linear predictors.</param>
    /// <param name="successes">Successes, 0 … trials; need not be whole.</param>
    /// <param name="trials">Trials.</param>
    /// <param name="residual">Receives s - n m.</param>
    /// <param name="weight">Receives n m (1 - m).</param>
    /// <param name="third">Receives n m (1 - m)(1 - 2 m).</param>
    /// <param name="level">The instructions to use; null for the best.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Evaluate(
        ReadOnlySpan<double> eta, ReadOnlySpan<double> successes, ReadOnlySpan<double> trials,
        Span<double> residual, Span<double> weight, Span<double> third, SimdLevel? level = null)
    {
        int n = eta.Length;
        if (successes.Length != n || trials.Length != n || !Fits(residual, n) || !Fits(weight, n) || !Fits(third, n))
        {
            throw new ArgumentException("The spans differ in length.");
        }

        fixed (double* x = eta, s = successes, t = trials, r = residual, w = weight, d = third)
        {
            var cells = new Cells(x, s, t, r, w, d);
            return SimdSupport.Choose(level) switch
            {
                SimdLevel.Avx512 => Run<Lanes512, Vector512<double>>(cells, n),
                SimdLevel.Avx2 => Run<Lanes256, Vector256<double>>(cells, n),
                _ => Run<LanesScalar, double>(cells, n),
            };
        }
    }

    private static bool Fits(ReadOnlySpan<double> output, int length) => output.IsEmpty || output.Length == length;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Run<S, V>(Cells cells, int n) where S : struct, ILanes<V> where V : struct
    {
        V sum = S.Broadcast(0);
        int i = 0;
        for (; i + S.Count <= n; i += S.Count) sum = S.Add(sum, Step<S, V>(cells, i));
        if (i < n) sum = S.Add(sum, Rest<S, V>(cells, i, n));
        return S.Sum(sum);
    }

    /// <summary>The last cells, copied beside empty ones (no trials, which add nothing).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Rest<S, V>(Cells cells, int from, int n) where S : struct, ILanes<V> where V : struct
    {
        double* copy = stackalloc double[6 * S.Count];
        for (int k = 0; k < 6 * S.Count; k++) copy[k] = 0;
        for (int k = 0; from + k < n; k++)
        {
            copy[k] = cells.Eta[from + k];
            copy[S.Count + k] = cells.Successes[from + k];
            copy[2 * S.Count + k] = cells.Trials[from + k];
        }

        V sum = Step<S, V>(new Cells(copy, copy + S.Count, copy + 2 * S.Count, copy + 3 * S.Count, copy + 4 * S.Count, copy + 5 * S.Count), 0);
        for (int k = 0; from + k < n; k++)
        {
            if (cells.Residual != null) cells.Residual[from + k] = copy[3 * S.Count + k];
            if (cells.Weight != null) cells.Weight[from + k] = copy[4 * S.Count + k];
            if (cells.Third != null) cells.Third[from + k] = copy[5 * S.Count + k];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Step<S, V>(in Cells cells, int i) where S : struct, ILanes<V> where V : struct
    {
        V x = S.Load(cells.Eta + i), successes = S.Load(cells.Successes + i), trials = S.Load(cells.Trials + i), zero = S.Broadcast(0), one = S.Broadcast(1);
        LogisticCore<V> core = LogisticCore<V>.Of<S>(x);
        V smaller = S.Multiply(core.Exponential, core.Larger);
        if (cells.Residual != null)
        {
            V mean = S.IfLess(x, zero, smaller, core.Larger);
            S.Store(S.MultiplySubtractFrom(trials, mean, successes), cells.Residual + i);
        }

        V weight = S.Multiply(trials, S.Multiply(smaller, core.Larger));
        if (cells.Weight != null) S.Store(weight, cells.Weight + i);
        if (cells.Third != null)
        {
            V asymmetry = S.Multiply(S.Subtract(one, core.Exponential), core.Larger);
            S.Store(S.Multiply(weight, S.IfLess(x, zero, asymmetry, S.Subtract(zero, asymmetry))), cells.Third + i);
        }

        V slope = S.IfLess(zero, x, S.Subtract(successes, trials), successes);
        return S.MultiplySubtractFrom(trials, core.Log1p, S.Multiply(slope, x));
    }

    /// <summary>Where the cells lie; outputs not wanted are null.</summary>
    private readonly struct Cells(double* eta, double* successes, double* trials, double* residual, double* weight, double* third)
    {
        public readonly double* Eta = eta, Successes = successes, Trials = trials, Residual = residual, Weight = weight, Third = third;
    }
}
