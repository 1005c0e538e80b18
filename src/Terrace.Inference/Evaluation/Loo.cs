using Terrace.Inference.Diagnostics;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Inference.Evaluation;

/// <summary>One distinct observation's part of a cross-validation.</summary>
/// <param name="Elpd">The expected log predictive density, leaving it out.</param>
/// <param name="EffectiveParameters">How much less that is than with it.</param>
/// <param name="ParetoK">The shape of its importance ratios; above 0.7 its estimate is not to be trusted. NaN of WAIC.</param>
/// <param name="Multiplicity">How many observations it stands for.</param>
public readonly record struct PointwiseElpd(double Elpd, double EffectiveParameters, double ParetoK, int Multiplicity);

/// <summary>
/// The expected log predictive density of new observations, by leave-one-out cross-validation with Pareto smoothed importance sampling or by WAIC. Immutable.
/// <code>
/// loo    elpd_i = log Σ_s w_is p(y_i | θ_s),  w_is smoothed from 1/p(y_i | θ_s);   p_loo = Σ (log mean p(y_i | θ_s) − elpd_i)
/// waic   elpd_i = log mean_s p(y_i | θ_s) − var_s log p(y_i | θ_s)
/// standard error √(n var elpd_i)
/// </code>
/// Vehtari, Gelman and Gabry (2017), Practical Bayesian model evaluation using leave-one-out cross-validation and WAIC, sections 2 and 4. Observations that share a cell are left out one at a time, each by itself.
/// Checked in <c>LooReferenceTests</c>.
/// </summary>
public sealed class Loo
{
    private const double LargestK = 0.7;

    private Loo(IReadOnlyList<PointwiseElpd> pointwise)
    {
        Pointwise = pointwise;
        Count = pointwise.Sum(point => (long)point.Multiplicity);
        Elpd = Sum(point => point.Elpd);
        EffectiveParameters = Sum(point => point.EffectiveParameters);
        StandardError = Error(point => point.Elpd);
        HighK = (int)pointwise.Where(point => point.ParetoK > LargestK).Sum(point => (long)point.Multiplicity);
    }

    /// <summary>The distinct observations.</summary>
    public IReadOnlyList<PointwiseElpd> Pointwise { get; }

    /// <summary>The number of observations.</summary>
    public long Count { get; }

    /// <summary>The expected log predictive density of all observations.</summary>
    public double Elpd { get; }

    /// <summary>Its standard error.</summary>
    public double StandardError { get; }

    /// <summary>The effective number of parameters.</summary>
    public double EffectiveParameters { get; }

    /// <summary>The standard error of <see cref="EffectiveParameters"/>.</summary>
    public double EffectiveParametersError => Error(point => point.EffectiveParameters);

    /// <summary>How many observations have a Pareto k above 0.7.</summary>
    public int HighK { get; }

    /// <summary>The same with other values of some of the distinct observations.</summary>
    public Loo With(IReadOnlyDictionary<int, PointwiseElpd> replaced)
    {
        ArgumentNullException.ThrowIfNull(replaced);
        return new Loo([.. Pointwise.Select((point, i) => replaced.TryGetValue(i, out PointwiseElpd other) ? other : point)]);
    }

    /// <summary>The same with the draws moved for observations whose Pareto k is above 0.7, as <see cref="MomentMatching"/> has it.</summary>
    /// <param name="likelihood">The log likelihood that this comes from.</param>
    /// <param name="posterior">The posterior, one for each thread.</param>
    /// <param name="threads">The number of threads, 0 for all; the result does not depend on it.</param>
    /// <param name="cancellation">Ends the work early.</param>
    public Loo WithMomentMatching(IPointwiseLikelihood likelihood, Func<IMatchedPosterior> posterior, int threads = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(likelihood);
        int[] high = [.. Enumerable.Range(0, Pointwise.Count).Where(i => Pointwise[i].ParetoK > LargestK)];
        var matched = new PointwiseElpd[high.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount, CancellationToken = cancellation };
        Parallel.For(0, high.Length, options, () => (Posterior: posterior(), Values: new double[likelihood.Draws]), (j, _, space) =>
        {
            likelihood.Write(high[j], space.Values);
            double full = LogSum.LogSumExp(space.Values) - Math.Log(space.Values.Length);
            (double elpd, double k) = MomentMatching.Elpd(space.Posterior, high[j], RelativeEfficiency(space.Values, likelihood.Chains), cancellation);
            matched[j] = new PointwiseElpd(elpd, full - elpd, k, Pointwise[high[j]].Multiplicity);
            return space;
        }, _ => { });
        return With(high.Select((i, j) => (i, j)).ToDictionary(pair => pair.i, pair => matched[pair.j]));
    }

    /// <summary>Leave-one-out cross-validation.</summary>
    /// <param name="likelihood">The log likelihood of each observation under each draw.</param>
    /// <param name="relativeEfficiencies">How many independent draws one is worth, for each distinct observation; null to estimate them.</param>
    /// <param name="threads">The number of threads, 0 for all; the result does not depend on it.</param>
    /// <param name="cancellation">Ends the work early.</param>
    public static Loo Of(IPointwiseLikelihood likelihood, IReadOnlyList<double>? relativeEfficiencies = null, int threads = 0, CancellationToken cancellation = default) =>
        Each(likelihood, threads, (i, values) =>
        {
            double efficiency = relativeEfficiencies?[i] ?? RelativeEfficiency(values, likelihood.Chains);
            double full = LogSum.LogSumExp(values) - Math.Log(values.Length);
            double[] ratios = Array.ConvertAll(values, value => -value);
            double k = ParetoSmoothing.Smooth(ratios, efficiency);
            for (int s = 0; s < ratios.Length; s++) ratios[s] += values[s];
            double elpd = LogSum.LogSumExp(ratios);
            return (elpd, full - elpd, k);
        }, cancellation);

    /// <summary>WAIC.</summary>
    /// <param name="likelihood">The log likelihood of each observation under each draw.</param>
    /// <param name="threads">The number of threads, 0 for all.</param>
    /// <param name="cancellation">Ends the work early.</param>
    public static Loo Waic(IPointwiseLikelihood likelihood, int threads = 0, CancellationToken cancellation = default) => Each(likelihood, threads, (_, values) =>
    {
        double sd = Posterior.SampleMoments.StandardDeviation(values), full = LogSum.LogSumExp(values) - Math.Log(values.Length);
        return (full - sd * sd, sd * sd, double.NaN);
    }, cancellation);

    /// <summary>How many independent draws one draw of the likelihood is worth; 1 where it is constant.</summary>
    public static double RelativeEfficiency(ReadOnlySpan<double> logLikelihood, int chains)
    {
        double[] values = logLikelihood.ToArray();
        double largest = values.Max();
        for (int s = 0; s < values.Length; s++) values[s] = Math.Exp(values[s] - largest);
        double ess = Ess.OfMean(values, chains);
        return double.IsFinite(ess) && ess > 0 ? ess / values.Length : 1;
    }

    private static Loo Each(IPointwiseLikelihood likelihood, int threads, Func<int, double[], (double Elpd, double Parameters, double K)> evaluate, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(likelihood);
        var points = new PointwiseElpd[likelihood.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount, CancellationToken = cancellation };
        Parallel.For(0, points.Length, options, () => new double[likelihood.Draws], (i, _, values) =>
        {
            likelihood.Write(i, values);
            (double elpd, double parameters, double k) = evaluate(i, values);
            points[i] = new PointwiseElpd(elpd, parameters, k, likelihood.Multiplicity(i));
            return values;
        }, _ => { });
        return new Loo(points);
    }

    private double Sum(Func<PointwiseElpd, double> of)
    {
        double sum = 0;
        foreach (PointwiseElpd point in Pointwise) sum += point.Multiplicity * of(point);
        return sum;
    }

    private double Error(Func<PointwiseElpd, double> of)
    {
        double mean = Sum(of) / Count, squares = 0;
        foreach (PointwiseElpd point in Pointwise) squares += point.Multiplicity * (of(point) - mean) * (of(point) - mean);
        return Math.Sqrt(Count * squares / (Count - 1));
    }
}
