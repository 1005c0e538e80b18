using Terrace.Inference.Diagnostics;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.Approximations;

/// <summary>Draws from an approximation q of a posterior p, independent, with the check that the approximation can be given: the tail of the importance ratios p/q. Immutable.</summary>
/// <remarks>Yao, Vehtari, Simpson and Gelman (2018), Yes, but did it work? Evaluating variational inference: k̂ below 0.5 good, to 0.7 usable with weights, above not to be trusted. Checked in the tests of each approximation.</remarks>
public sealed class ApproximateDraws
{
    /// <summary>The k̂ above which the approximation is not to be trusted.</summary>
    public const double LargestK = 0.7;

    internal ApproximateDraws(Draws draws, double[] logDensity, double[] logApproximation, ImportanceCheck check, long evaluations) =>
        (Draws, LogDensity, LogApproximation, ParetoK, Efficiency, Elbo, Proposals, Evaluations) = (draws, logDensity, logApproximation, check.ParetoK, check.Efficiency, check.Elbo, check.Count, evaluations);

    /// <summary>The draws: one chain.</summary>
    public Draws Draws { get; }

    /// <summary>log p of each draw on the unconstrained scale, up to a constant of the model.</summary>
    public IReadOnlyList<double> LogDensity { get; }

    /// <summary>log q of each draw.</summary>
    public IReadOnlyList<double> LogApproximation { get; }

    /// <summary>The shape k̂ of the tail of p/q: infinite where the tail is too short to tell.</summary>
    public double ParetoK { get; }

    /// <summary>The share of independent draws of p that draws of q are worth, (Σw)²/(S Σw²) with smoothed ratios w, before any resampling.</summary>
    public double Efficiency { get; }

    /// <summary>The mean of log p − log q over draws of q, before any resampling: the evidence lower bound.</summary>
    public double Elbo { get; }

    /// <summary>The number of draws of q whose ratios were checked: more than <see cref="Draws"/> holds where those were resampled.</summary>
    public int Proposals { get; }

    /// <summary>How often the density was evaluated.</summary>
    public long Evaluations { get; }

    /// <summary>Whether k̂ says that means and quantiles can be trusted.</summary>
    public bool IsTrusted => ParetoK <= LargestK;

    /// <summary>The verdict, a sentence.</summary>
    public string Verdict => ParetoK switch
    {
        <= 0.5 => FormattableString.Invariant($"The approximation is good: the importance ratios have k-hat {ParetoK:0.00} (below 0.5)."),
        <= LargestK => FormattableString.Invariant($"The approximation is fair: the importance ratios have k-hat {ParetoK:0.00} (0.5 to 0.7); tails may be off."),
        _ => FormattableString.Invariant($"Do not trust the approximation: the importance ratios have k-hat {ParetoK:0.00} (above 0.7), so that it misses part of the posterior. Sample it in full."),
    };

    /// <summary>Puts positions into words: draws of the model's variables.</summary>
    internal static Draws Of(ILogDensityModel model, ILogDensity density, IReadOnlyList<double[]> positions, ulong seed)
    {
        int columns = model.Layout.Count, count = positions.Count;
        double[] draw = new double[columns], values = new double[checked(columns * count)];
        for (int s = 0; s < count; s++)
        {
            density.WriteDraw(positions[s], new Rng(seed, ApproximationStreams.Generated + (ulong)s), draw);
            for (int c = 0; c < columns; c++) values[c * count + s] = draw[c];
        }
        return new Draws(model.Layout, 1, count, values);
    }

    /// <summary>What the ratios of draws of q say: k̂ (0 where all are equal but for rounding), efficiency, lower bound.</summary>
    internal static ImportanceCheck Check(ReadOnlySpan<double> logDensity, ReadOnlySpan<double> logApproximation)
    {
        var ratios = new double[logDensity.Length];
        double smallest = double.PositiveInfinity, largest = double.NegativeInfinity, elbo = 0, squares = 0;
        for (int s = 0; s < ratios.Length; s++)
        {
            double ratio = logDensity[s] - logApproximation[s];
            ratios[s] = double.IsNaN(ratio) ? double.NegativeInfinity : ratio;
            elbo += ratios[s] / ratios.Length;
            (smallest, largest) = (Math.Min(smallest, ratios[s]), Math.Max(largest, ratios[s]));
        }
        if (double.IsNegativeInfinity(largest)) return new ImportanceCheck(double.PositiveInfinity, 0, elbo, ratios.Length);
        double k = ParetoSmoothing.Smooth(ratios);
        foreach (double ratio in ratios) squares += Math.Exp(2 * ratio);
        return new ImportanceCheck(largest - smallest < 1e-6 ? 0 : k, 1 / (ratios.Length * squares), elbo, ratios.Length);
    }
}

/// <summary>What importance ratios say of an approximation.</summary>
/// <param name="ParetoK">The shape of their tail.</param>
/// <param name="Efficiency">The effective share of the draws.</param>
/// <param name="Elbo">The mean of their logarithms.</param>
/// <param name="Count">Their number.</param>
internal readonly record struct ImportanceCheck(double ParetoK, double Efficiency, double Elbo, int Count);

/// <summary>The streams of random numbers of the approximations, apart from those of samplers.</summary>
internal static class ApproximationStreams
{
    public const ulong Start = 1UL << 50, Draw = 1UL << 51, Generated = 1UL << 52, Resample = 1UL << 53, Gradient = 1UL << 54;
}
