using Terrace.Design;

namespace Terrace.Poststratification;

/// <summary>
/// Tells sampling weights from prior weights. A sampling weight says for how many people a respondent stands; a prior weight says how precise the row is (of a
/// proportion, its trials). Given as the other they make the intervals wrong, often by far, so what looks like a sampling weight is refused in MRP.
/// </summary>
internal static class SamplingWeights
{
    private const int ManyValues = 10;
    private static readonly string[] Names = ["weight", "weights", "wt", "wts", "wgt", "pw", "pweight", "pweights", "sampwt", "finalwt", "survey_weight", "rake", "raking"];

    /// <summary>Refuses weights that look like sampling weights.</summary>
    /// <param name="expression">The weights as the user wrote them.</param>
    /// <param name="rows">The rows with their evaluated weights.</param>
    /// <exception cref="ModelException">They do; the message says why and what to do.</exception>
    public static void Refuse(string expression, ModelRows rows)
    {
        if (rows.Weights is null || AreTrials(rows) || Reason(expression, rows.Weights) is not { } reason) return;
        throw new ModelException($"weights-ambiguous: '{expression}' looks like a sampling weight ({reason}), and a model's weights are not that: they say how precise a row is. "
            + "Leave the weights out; poststratification does their work: put the variables that the weights were made from into the formula and into the population. "
            + "If they are the trials of a proportion, give them as trials instead.");
    }

    // Weights that make whole successes of fractions can only be trials.
    private static bool AreTrials(ModelRows rows)
    {
        if (rows.Response is not { Kind: ResponseKind.Numeric } response) return false;
        bool hasFraction = response.Values.Any(y => y is > 0 and < 1);
        return hasFraction && response.Values.Zip(rows.Weights!).All(row => row.First is >= 0 and <= 1 && IsWhole(row.Second) && IsWhole(row.First * row.Second));
    }

    private static string? Reason(string expression, double[] weights)
    {
        if (Names.Contains(expression.Trim('`', ' ').ToLowerInvariant())) return "by its name";
        if (weights.Any(weight => !IsWhole(weight))) return "its values are not whole numbers";
        double mean = weights.Average();
        bool isFarFromOne = mean is > 2 or < 0.5;
        return isFarFromOne && weights.Distinct().Count() > ManyValues ? $"it has many values, of mean {mean:0.##}" : null;
    }

    private static bool IsWhole(double value) => Math.Abs(value - Math.Round(value)) < 1e-6 * Math.Max(1, Math.Abs(value));
}
