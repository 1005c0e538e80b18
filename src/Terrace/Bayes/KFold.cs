using Terrace.Inference.Evaluation;
using Terrace.Inference.Posterior;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Bayes;

/// <summary>
/// K-fold cross-validation of a Bayesian model: it is fitted K times, each time without one fold, under the priors of the full fit, and the fold's rows are judged by the draws. A level whose rows are all left out has effects drawn from the distribution of the
/// levels, independent of other such levels.
/// <code>elpd_i = log 1/S Σ_s p(y_i | θ_s),  θ_s ~ p(θ | y without the fold of i);   elpd = Σ elpd_i, standard error √(n var elpd_i);   p = Σ (log 1/S Σ_s p(y_i | θ_s) of the full fit − elpd_i)</code>
/// Vehtari, Gelman and Gabry (2017), section 2.3. Checked in <c>KFoldTests</c> against fits by hand.
/// </summary>
public sealed class KFold
{
    private KFold(Folds folds, string? by, double[] rowElpd, double full)
    {
        (Folds, By, RowElpd) = (folds, by, rowElpd);
        Elpd = rowElpd.Sum();
        StandardError = Math.Sqrt(rowElpd.Length) * SampleMoments.StandardDeviation(rowElpd);
        EffectiveParameters = full - Elpd;
    }

    /// <summary>The folds.</summary>
    public Folds Folds { get; }

    /// <summary>The grouping factor whose levels were left out whole; null for folds of single rows.</summary>
    public string? By { get; }

    /// <summary>The expected log predictive density of each row, in the order of the rows.</summary>
    public IReadOnlyList<double> RowElpd { get; }

    /// <summary>Their sum.</summary>
    public double Elpd { get; }

    /// <summary>Its standard error.</summary>
    public double StandardError { get; }

    /// <summary>How much less that is than with every row.</summary>
    public double EffectiveParameters { get; }

    /// <summary>Folds of single rows: categories and yes-or-no answers spread evenly, others at random.</summary>
    /// <exception cref="ModelException">There are fewer than two folds, or fewer rows than folds.</exception>
    public static Folds RowFolds(BayesianFit fit, int count, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(fit);
        double[] y = fit.Model.Rows.Y;
        return Possible(() => y.Distinct().Take(11).Count() <= 10 ? Folds.Stratified(y, count, seed) : Folds.Random(y.Length, count, seed));
    }

    /// <summary>Folds that leave out whole levels of a grouping factor of the model.</summary>
    /// <exception cref="ModelException">The model has no such grouping factor; there are fewer than two folds, or fewer levels than folds.</exception>
    public static Folds GroupFolds(BayesianFit fit, string group, int count, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(fit);
        GroupTerm term = Term(fit.Model, group);
        return Possible(() => Folds.Grouped([.. fit.Model.Rows.RowToCell.Select(cell => term.Codes[cell])], count, seed));
    }

    /// <summary>The first term of a grouping factor; a structured one may go by its variable.</summary>
    /// <exception cref="ModelException">The model has no such grouping factor.</exception>
    internal static GroupTerm Term(BayesianModel model, string group)
    {
        GroupTerm? term = model.Structure.Terms.FirstOrDefault(term => term.Group == group || term.Structure is not null && term.Group.EndsWith($"({group})", StringComparison.Ordinal));
        string[] groups = [.. model.Structure.Terms.Select(other => other.Group).Distinct()];
        return term ?? throw new ModelException($"The model has no grouping factor '{group}'{(groups.Length == 0 ? "" : $"; it has {string.Join(", ", groups)}")}.");
    }

    private static Folds Possible(Func<Folds> folds)
    {
        try
        {
            return folds();
        }
        catch (ArgumentException fault)
        {
            throw new ModelException(fault.Message);
        }
    }

    /// <summary>Fits the model without each fold and judges the fold.</summary>
    /// <param name="fit">The fit of all rows.</param>
    /// <param name="settings">How the fits without a fold run; each has a seed of its own made from the seed there.</param>
    /// <param name="folds">The folds.</param>
    /// <param name="by">The grouping factor that made the folds, or null.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="ModelException">The rows outside a fold do not determine the coefficients; the message names the fold.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static KFold Of(BayesianFit fit, BayesianSettings settings, Folds folds, string? by = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(folds);
        if (fit.Model.PriorOnly) throw new ModelException("Without the data there is nothing to cross-validate.");
        var rowElpd = new double[fit.Model.Rows.Y.Length];
        for (int fold = 0; fold < folds.Count; fold++)
        {
            BayesianFit other = Without(fit, settings, folds, fold, cancellation);
            Judge(new RowLogLikelihood(fit.Model, other.Draws), folds.In(fold), rowElpd);
        }
        var full = new RowLogLikelihood(fit);
        var together = new double[rowElpd.Length];
        Judge(full, [.. Enumerable.Range(0, together.Length)], together);
        return new KFold(folds, by, rowElpd, together.Sum());
    }

    private static BayesianFit Without(BayesianFit fit, BayesianSettings settings, Folds folds, int fold, CancellationToken cancellation)
    {
        try
        {
            BayesianModel model = fit.Model.Subset(folds.Outside(fold));
            return BayesianFit.Sample(model, fit.Priors, settings with { Sampling = settings.Sampling with { Seed = settings.Sampling.Seed + 1_000_003UL * (ulong)(fold + 1), CheckpointDirectory = null } }, cancellation);
        }
        catch (ModelException fault)
        {
            throw new ModelException($"The model cannot be fitted without fold {fold + 1} of {folds.Count}: {fault.Message} Take other folds: another number, another seed.");
        }
    }

    private static void Judge(RowLogLikelihood likelihood, int[] rows, double[] elpd)
    {
        var values = new double[likelihood.Draws];
        var known = new Dictionary<int, double>();
        foreach (int row in rows)
        {
            int observation = likelihood.ObservationOfRow[row];
            if (!known.TryGetValue(observation, out double own))
            {
                likelihood.Write(observation, values);
                known[observation] = own = LogSum.LogSumExp(values) - Math.Log(values.Length);
            }
            elpd[row] = own;
        }
    }
}
