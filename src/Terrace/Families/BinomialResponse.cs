using Terrace.Design;

namespace Terrace.Families;

/// <summary>
/// The rules that make a response binomial: 0/1 and logical values, the second of two levels, <c>cbind(successes, failures)</c>, counts with trials, proportions
/// with trials or with prior weights that are the trials. What could be read in two ways is refused. The proportion y, its weight w (trials times prior weight)
/// and the trials m that the binomial coefficient uses follow R's <c>binomial()</c>.
/// </summary>
internal static class BinomialResponse
{
    private const double CountTolerance = 1e-3; // R's tolerance for "non-integer #successes"

    /// <summary>Reads the response.</summary>
    /// <exception cref="ModelException">It is no binomial response, or an ambiguous one.</exception>
    public static RowResponses Resolve(ResponseValues response, double[] weights, double[]? trials, Family family)
    {
        if (trials is not null) return WithTrials(response, weights, trials, family);
        return response.Kind switch
        {
            ResponseKind.SuccessesAndFailures => SuccessesAndFailures(response, weights, family),
            ResponseKind.Categorical => Binary(TwoLevels(response), weights, response, family),
            ResponseKind.Logical => Binary(response.Values, weights, response, family),
            _ => Numbers(response, weights, family),
        };
    }

    private static RowResponses WithTrials(ResponseValues response, double[] weights, double[] trials, Family family)
    {
        if (response.Kind != ResponseKind.Numeric)
            throw new ModelException($"The response '{response.Name}' is {Describe(response.Kind)}, so it already says its trials; leave the trials out.");
        if (trials.Length != weights.Length) throw new ModelException($"There are {trials.Length} trials for {weights.Length} rows; give one number for each row.");
        int bad = Array.FindIndex(trials, t => !(t >= 0) || !IsCount(t));
        if (bad >= 0) throw new ModelException($"The trials of used row {bad + 1} are {RowResponses.Show(trials[bad])}; trials must be whole numbers not below 0.");
        if (Array.TrueForAll(trials, t => t == 0)) throw new ModelException($"All trials are 0, so the response '{response.Name}' says nothing; check the number of trials.");
        bool counts = Array.TrueForAll(response.Values, IsCount);
        int outside = Array.FindIndex(response.Values, v => v is < 0 or > 1);
        if (!counts && outside >= 0)
            throw new ModelException($"With trials the response '{response.Name}' must be counts or proportions from 0 to 1; it has values that are not whole numbers and, in used row {outside + 1}, {RowResponses.Show(response.Values[outside])}.");
        var successes = new double[trials.Length];
        for (int i = 0; i < successes.Length; i++) successes[i] = counts ? response.Values[i] : response.Values[i] * trials[i];
        int over = Array.FindIndex(response.Values, v => v < 0);
        for (int i = 0; i < successes.Length && over < 0; i++)
            if (successes[i] > trials[i] + CountTolerance) over = i;
        if (over >= 0) throw new ModelException($"The response '{response.Name}' is {RowResponses.Show(response.Values[over])} of {RowResponses.Show(trials[over])} trials in used row {over + 1}; successes lie between 0 and the trials.");
        if (family.HasLikelihood) RefuseFractions(successes, response);
        return Proportions(successes, trials, weights);
    }

    private static RowResponses SuccessesAndFailures(ResponseValues response, double[] weights, Family family)
    {
        double[] failures = response.Failures!;
        var total = new double[failures.Length];
        for (int i = 0; i < total.Length; i++)
        {
            if (!(response.Values[i] >= 0) || !(failures[i] >= 0) || double.IsInfinity(failures[i]))
                throw new ModelException($"The response '{response.Name}' has {RowResponses.Show(response.Values[i])} successes and {RowResponses.Show(failures[i])} failures in used row {i + 1}; counts are never negative.");
            total[i] = response.Values[i] + failures[i];
        }
        if (family.HasLikelihood)
        {
            RefuseFractions(response.Values, response);
            RefuseFractions(failures, response);
        }
        return Proportions(response.Values, total, weights);
    }

    private static RowResponses Numbers(ResponseValues response, double[] weights, Family family)
    {
        if (Array.TrueForAll(response.Values, v => v is 0 or 1)) return Binary(response.Values, weights, response, family);
        int outside = Array.FindIndex(response.Values, v => v is < 0 or > 1);
        if (outside >= 0)
            throw new ModelException($"The response '{response.Name}' is {RowResponses.Show(response.Values[outside])} in used row {outside + 1}, but a {family.Name} response is 0 or 1, or a proportion; for counts give the trials (--trials) or write cbind(successes, failures).");
        return Binary(response.Values, weights, response, family);
    }

    // y with weights that are the trials, as R reads a one-column response.
    private static RowResponses Binary(double[] y, double[] weights, ResponseValues response, Family family)
    {
        for (int i = 0; i < y.Length && family.HasLikelihood; i++)
        {
            double successes = weights[i] * y[i];
            if (Math.Abs(successes - Math.Round(successes)) > CountTolerance)
                throw new ModelException(FractionMessage(response, weights[i], y[i], i));
        }
        var used = new double[y.Length];
        for (int i = 0; i < y.Length; i++) used[i] = weights[i] == 0 ? 0 : y[i];
        return new RowResponses(used, weights, weights);
    }

    private static string FractionMessage(ResponseValues response, double weight, double y, int row) => y is 0 or 1
        ? $"The weight of used row {row + 1} is {RowResponses.Show(weight)}, but the weights of a binomial response '{response.Name}' count trials and must be whole; for sampling weights choose quasibinomial, or weight afterwards by poststratification."
        : $"The response '{response.Name}' is {RowResponses.Show(y)} in used row {row + 1}, which is no whole number of {RowResponses.Show(weight)} trials; give the trials of each proportion (--trials, or as weights), or choose quasibinomial.";

    private static double[] TwoLevels(ResponseValues response)
    {
        IReadOnlyList<string> levels = response.Levels!;
        if (levels.Count == 2) return response.Values;
        string shown = string.Join(", ", levels.Take(6).Select(l => $"'{l}'")) + (levels.Count > 6 ? ", …" : "");
        throw new ModelException($"The response '{response.Name}' has {levels.Count} level{(levels.Count == 1 ? "" : "s")} ({shown}), but a binomial response has two, the second of which is success; compare with one level, as in I({response.Name} == '{(levels.Count > 0 ? levels[^1] : "yes")}'), or drop levels that are not used.");
    }

    private static void RefuseFractions(double[] counts, ResponseValues response)
    {
        int bad = Array.FindIndex(counts, v => !IsCount(v));
        if (bad >= 0) throw new ModelException($"The response '{response.Name}' has {RowResponses.Show(counts[bad])} successes or failures in used row {bad + 1}; a binomial counts whole ones (quasibinomial takes fractions).");
    }

    private static RowResponses Proportions(double[] successes, double[] trials, double[] weights)
    {
        var y = new double[trials.Length];
        var weight = new double[trials.Length];
        for (int i = 0; i < y.Length; i++)
        {
            weight[i] = weights[i] * trials[i];
            y[i] = trials[i] > 0 ? Math.Min(1, successes[i] / trials[i]) : 0;
        }
        // R counts combinations of the weights when no row has more than one trial.
        return new RowResponses(y, weight, Array.Exists(trials, t => t > 1) ? trials : weight);
    }

    private static bool IsCount(double value) => Math.Abs(value - Math.Round(value)) <= CountTolerance;

    private static string Describe(ResponseKind kind) => kind switch
    {
        ResponseKind.SuccessesAndFailures => "successes and failures",
        ResponseKind.Categorical => "a category",
        _ => "true or false",
    };
}
