using System.Numerics;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>Counts of successes given their log odds: Σ s η − N log(1 + e^η), residual s − N/(1 + e^−η).</summary>
internal readonly ref struct BinomialLogitRows(ReadOnlySpan<int> successes, ReadOnlySpan<int> trials) : ILinkedRows
{
    private readonly ReadOnlySpan<int> _successes = successes, _trials = trials;

    /// <inheritdoc/>
    public static int ScratchColumns => 2;

    /// <inheritdoc/>
    public double Evaluate(int from, scoped Span<double> eta, scoped Span<double> scratch, bool slopes)
    {
        Span<double> successes = scratch[..eta.Length], trials = scratch[eta.Length..];
        IntColumn.ToDoubles(_successes, from, successes);
        IntColumn.ToDoubles(_trials, from, trials);
        return BinomialLogitKernel.Evaluate(eta, successes, trials, slopes ? eta : [], [], []);
    }

    /// <summary>Refuses trials below 0 and successes outside 0 … trials: by SIMD, with a search for the culprit only when there is one.</summary>
    public static void Check(string function, ReadOnlySpan<int> successes, ReadOnlySpan<int> trials)
    {
        bool fine = !trials.ContainsAnyExceptInRange(0, int.MaxValue) && !successes.ContainsAnyExceptInRange(0, int.MaxValue);
        if (successes.Length == trials.Length) fine = fine && NoneExceeds(successes, trials);
        else if (trials.Length == 1) fine = fine && !successes.ContainsAnyExceptInRange(0, Math.Max(trials[0], 0));
        else fine = fine && !trials.ContainsAnyExceptInRange(successes[0], int.MaxValue);
        for (int i = 0; i < Math.Max(successes.Length, trials.Length) && !fine; i++)
        {
            int n = trials[trials.Length == 1 ? 0 : i], s = successes[successes.Length == 1 ? 0 : i];
            DiscreteDomain.Count(function, "number of trials", n);
            DiscreteDomain.Range(function, "outcome", s, 0, n);
        }
    }

    private static bool NoneExceeds(ReadOnlySpan<int> successes, ReadOnlySpan<int> trials)
    {
        int i = 0;
        for (; i + Vector<int>.Count <= successes.Length; i += Vector<int>.Count)
            if (Vector.GreaterThanAny(new Vector<int>(successes[i..]), new Vector<int>(trials[i..]))) return false;
        for (; i < successes.Length; i++)
            if (successes[i] > trials[i]) return false;
        return true;
    }

    /// <summary>Σ log C(N, s) over <paramref name="n"/> rows.</summary>
    public static double LogCoefficients(int n, ReadOnlySpan<int> successes, ReadOnlySpan<int> trials)
    {
        double sum = 0;
        for (int i = 0; i < n; i++) sum += LogFactorial.Choose(trials[trials.Length == 1 ? 0 : i], successes[successes.Length == 1 ? 0 : i]);
        return sum;
    }
}
