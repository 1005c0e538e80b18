using Terrace.Inference.Posterior;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Bayes;

/// <summary>One statistic of the responses beside those of replicated responses.</summary>
/// <param name="Statistic"><c>mean</c>, <c>sd</c>, <c>min</c>, <c>max</c>, <c>zeros</c> (a share), <c>count</c> (rows with a value) or <c>share</c> (of a category).</param>
/// <param name="Level">The level of the grouping factor, the value of a count or the category; empty for all rows.</param>
/// <param name="Observed">Its value of the responses.</param>
/// <param name="Mean">The mean over the replications.</param>
/// <param name="Lower">The lower limit of 95 % of them.</param>
/// <param name="Upper">The upper limit.</param>
/// <param name="PValue">The share of replications whose value is at least the observed one (Bayesian p-value): near 0 or 1 where the model misses it.</param>
public sealed record CheckedStatistic(string Statistic, string Level, double Observed, double Mean, double Lower, double Upper, double PValue);

/// <summary>
/// Posterior predictive check: statistics of the responses beside those of responses that the model replicates, one replication of all rows for each draw. Rows × draws are never held.
/// Gelman et al. (2013), Bayesian Data Analysis, section 6.3; Gabry, Simpson, Vehtari, Betancourt and Gelman (2019), section 5; Kleiber and Zeileis (2016) for counts by value (rootograms). Checked in <c>PredictiveCheckTests</c>.
/// </summary>
public static class PredictiveCheck
{
    private const ulong Stream = 1UL << 49;
    private const int MostValues = 50;

    /// <summary>The statistics: mean, sd, min, max and share of zeros of numbers, rows by value of counts, shares of categories; means by level of <paramref name="group"/> where one is given.</summary>
    /// <exception cref="ModelException">The fit is without data, or has no such grouping factor.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static IReadOnlyList<CheckedStatistic> Of(BayesianFit fit, IReadOnlyList<string> categories, string? group = null, ulong seed = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(categories);
        if (fit.Model.PriorOnly) throw new ModelException("Without the data there are no responses to be checked.");
        var likelihood = new RowLogLikelihood(fit);
        var response = new PosteriorResponse(PosteriorCoefficients.Of(fit, fit.Model.Link.Name, categories));
        GroupTerm? term = group is null ? null : KFold.Term(fit.Model, group);
        double[] y = [.. likelihood.ObservationOfRow.Select(i => Value(fit, likelihood, i))];
        var tally = new StatisticTally(fit.Draws.Count, response.IsByCategory, categories, y, term);
        int[] cells = fit.Model.Rows.RowToCell;
        var values = new double[fit.Draws.Count];
        // Rows of one observation have the same predictors, computed once.
        foreach (IGrouping<int, int> rows in Enumerable.Range(0, y.Length).GroupBy(row => likelihood.ObservationOfRow[row]))
        {
            cancellation.ThrowIfCancellationRequested();
            double[][] eta = likelihood.LinearPredictors(rows.Key);
            (_, double weight, double trials) = likelihood.Observation(rows.Key);
            foreach (int row in rows)
            {
                var rng = new Rng(seed, Stream + (ulong)row);
                if (response.IsByCategory) Categories(response, eta, categories.Count, rng, values);
                else response.Outcomes(eta, trials, weight, rng, values);
                tally.Add(row, values, term?.Codes[cells[row]] ?? -1);
            }
        }
        return tally.Statistics(y, [.. cells.Select(cell => term?.Codes[cell] ?? -1)]);
    }

    private static double Value(BayesianFit fit, RowLogLikelihood likelihood, int observation)
    {
        (double y, _, double trials) = likelihood.Observation(observation);
        return fit.Model.CountsSuccesses ? y / trials : y;
    }

    private static void Categories(PosteriorResponse response, double[][] eta, int count, Rng rng, double[] values)
    {
        double[] left = [.. values.Select(_ => rng.NextDouble())], probability = new double[values.Length];
        Array.Fill(values, count - 1);
        var settled = new bool[values.Length];
        for (int category = 0; category < count - 1; category++)
        {
            response.Probabilities(eta, category, probability);
            for (int s = 0; s < values.Length; s++)
            {
                left[s] -= probability[s];
                if (settled[s] || left[s] >= 0) continue;
                (values[s], settled[s]) = (category, true);
            }
        }
    }

    /// <summary>Sums of every replication.</summary>
    private sealed class StatisticTally
    {
        private readonly int _draws;
        private readonly bool _byCategory;
        private readonly IReadOnlyList<string> _categories;
        private readonly GroupTerm? _term;
        private readonly int _counted;
        private readonly double[] _sum;
        private readonly double[] _squares;
        private readonly double[] _smallest;
        private readonly double[] _largest;
        private readonly double[][] _count;
        private readonly double[][] _byLevel;
        private readonly double[] _rowsOfLevel;

        public StatisticTally(int draws, bool byCategory, IReadOnlyList<string> categories, double[] y, GroupTerm? term)
        {
            (_draws, _byCategory, _categories, _term) = (draws, byCategory, categories, term);
            bool counts = !byCategory && y.All(value => value >= 0 && value == Math.Floor(value));
            _counted = byCategory ? categories.Count : counts ? (int)Math.Min(y.Max(), MostValues) + 1 : 0;
            (_sum, _squares, _smallest, _largest) = (new double[draws], new double[draws], new double[draws], new double[draws]);
            Array.Fill(_smallest, double.PositiveInfinity);
            Array.Fill(_largest, double.NegativeInfinity);
            _count = [.. Enumerable.Range(0, Math.Max(_counted, 1)).Select(_ => new double[draws])];
            _byLevel = [.. Enumerable.Range(0, term?.Levels.Count ?? 0).Select(_ => new double[draws])];
            _rowsOfLevel = new double[_byLevel.Length];
        }

        public void Add(int row, double[] values, int level)
        {
            if (level >= 0) _rowsOfLevel[level]++;
            for (int s = 0; s < _draws; s++)
            {
                double value = values[s];
                _sum[s] += value;
                _squares[s] += value * value;
                _smallest[s] = Math.Min(_smallest[s], value);
                _largest[s] = Math.Max(_largest[s], value);
                if (_counted == 0) _count[0][s] += value == 0 ? 1 : 0;
                else if (value < _counted) _count[(int)value][s]++;
                if (level >= 0) _byLevel[level][s] += value;
            }
        }

        public CheckedStatistic[] Statistics(double[] y, int[] level)
        {
            int n = y.Length;
            var rows = new List<CheckedStatistic>();
            void Row(string statistic, string name, double observed, double[] replicated) => rows.Add(Summary(statistic, name, observed, replicated));
            if (_byCategory)
                for (int k = 0; k < _categories.Count; k++) Row("share", _categories[k], y.Count(value => value == k) / (double)n, [.. _count[k].Select(count => count / n)]);
            else
            {
                Row("mean", "", y.Average(), [.. _sum.Select(sum => sum / n)]);
                Row("sd", "", SampleMoments.StandardDeviation(y), [.. _sum.Select((sum, s) => Math.Sqrt(Math.Max(0, _squares[s] - sum * sum / n) / (n - 1)))]);
                Row("min", "", y.Min(), _smallest);
                Row("max", "", y.Max(), _largest);
                Row("zeros", "", y.Count(value => value == 0) / (double)n, [.. _count[0].Select(count => count / n)]);
                for (int k = 0; k < _counted; k++) Row("count", $"{k}", y.Count(value => value == k), _count[k]);
            }
            for (int l = 0; l < _byLevel.Length; l++)
            {
                if (_rowsOfLevel[l] == 0) continue;
                double own = 0;
                for (int i = 0; i < n; i++) own += level[i] == l ? y[i] / _rowsOfLevel[l] : 0;
                double size = _rowsOfLevel[l];
                Row("mean", _term!.Levels[l], own, [.. _byLevel[l].Select(sum => sum / size)]);
            }
            return [.. rows];
        }

        private static CheckedStatistic Summary(string statistic, string level, double observed, double[] replicated)
        {
            double[] limits = SampleQuantile.Of(replicated, [0.025, 0.975]);
            // Half of the replications that equal the observed value count, so that a statistic that the model always meets has 0.5.
            double above = replicated.Sum(value => value > observed ? 1 : value == observed ? 0.5 : 0) / replicated.Length;
            return new CheckedStatistic(statistic, level, observed, SampleMoments.Mean(replicated), limits[0], limits[1], above);
        }
    }
}
