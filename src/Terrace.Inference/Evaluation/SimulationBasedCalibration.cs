using Terrace.Inference.Posterior;
using Terrace.Numerics.Distributions;

namespace Terrace.Inference.Evaluation;

/// <summary>One replicate: parameters drawn from the prior, and the posterior draws given data simulated from them.</summary>
/// <param name="Truth">The parameters, in the order of the draws' columns.</param>
/// <param name="Draws">The posterior draws.</param>
public sealed record CalibrationReplicate(double[] Truth, Draws Draws);

/// <summary>
/// Simulation-based calibration: if parameters come from the prior and data from the model given them, the rank of each parameter among its posterior draws is uniform, whatever the model; a sampler that is wrong bends it.
/// <code>rank = number of draws below the truth among L evenly spaced ones;   χ² = Σ_bins (count − N/B)² / (N/B) with B − 1 degrees of freedom</code>
/// Talts, Betancourt, Simpson, Vehtari and Gelman (2018), Validating Bayesian inference algorithms with simulation-based calibration, algorithm 2 (draws thinned to be nearly independent) and section 4. Checked in
/// <c>SimulationBasedCalibrationTests</c>.
/// </summary>
public sealed class SimulationBasedCalibration
{
    private SimulationBasedCalibration(IReadOnlyList<VariableCalibration> variables, int simulations) => (Variables, Simulations) = (variables, simulations);

    /// <summary>The variables.</summary>
    public IReadOnlyList<VariableCalibration> Variables { get; }

    /// <summary>The number of replicates.</summary>
    public int Simulations { get; }

    /// <summary>The smallest p-value times the number of variables, at most 1: a test of all at once (Bonferroni).</summary>
    public double JointPValue => Math.Min(1, Variables.Min(variable => variable.PValue) * Variables.Count);

    /// <summary>Runs replicates, spread over threads.</summary>
    /// <param name="simulations">How many.</param>
    /// <param name="replicate">Makes one, given its number from 0; called by several threads at once.</param>
    /// <param name="bins">The number of bins; a divisor of <paramref name="ranks"/> + 1.</param>
    /// <param name="ranks">L, the number of draws that a truth is ranked among.</param>
    /// <param name="threads">How many threads may be used; 0 for as many as there are processors.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="ArgumentException">The bins do not divide the ranks, or a replicate has fewer draws.</exception>
    public static SimulationBasedCalibration Run(int simulations, Func<int, CalibrationReplicate> replicate, int bins = 8, int ranks = 63, int threads = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(replicate);
        ArgumentOutOfRangeException.ThrowIfLessThan(simulations, 1);
        if (bins < 2 || (ranks + 1) % bins != 0) throw new ArgumentException($"{bins} bins do not divide the {ranks + 1} possible ranks.", nameof(bins));
        var all = new int[simulations][];
        IReadOnlyList<string>? names = null;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount, CancellationToken = cancellation };
        Parallel.For(0, simulations, options, r =>
        {
            CalibrationReplicate own = replicate(r);
            all[r] = Ranks(own, ranks);
            Interlocked.CompareExchange(ref names, own.Draws.Layout.Columns, null);
        });
        return new SimulationBasedCalibration([.. names!.Select((name, v) => VariableCalibration.Of(name, [.. all.Select(own => own[v])], bins, ranks))], simulations);
    }

    private static int[] Ranks(CalibrationReplicate replicate, int ranks)
    {
        Draws draws = replicate.Draws;
        if (draws.Count < ranks) throw new ArgumentException($"A replicate has {draws.Count} draws, too few for {ranks} ranks.");
        var own = new int[draws.Layout.Count];
        for (int v = 0; v < own.Length; v++)
        {
            ReadOnlySpan<double> column = draws.Column(v);
            for (int k = 0; k < ranks; k++)
                if (column[(int)((long)k * column.Length / ranks)] < replicate.Truth[v]) own[v]++;
        }
        return own;
    }
}

/// <summary>The ranks of one variable.</summary>
/// <param name="Name">The variable.</param>
/// <param name="Ranks">The rank in each replicate.</param>
/// <param name="Counts">How many fall into each bin.</param>
/// <param name="ChiSquare">The statistic of uniformity.</param>
/// <param name="PValue">Its p-value.</param>
public sealed record VariableCalibration(string Name, IReadOnlyList<int> Ranks, IReadOnlyList<int> Counts, double ChiSquare, double PValue)
{
    internal static VariableCalibration Of(string name, int[] ranks, int bins, int largest)
    {
        var counts = new int[bins];
        foreach (int rank in ranks) counts[rank * bins / (largest + 1)]++;
        double expected = (double)ranks.Length / bins, statistic = counts.Sum(count => (count - expected) * (count - expected) / expected);
        return new VariableCalibration(name, ranks, counts, statistic, ChiSquared.UpperTail(statistic, bins - 1));
    }
}
