using System.Globalization;
using Terrace.Design;

namespace Terrace.Families;

/// <summary>
/// The response, weight and trials of each row as a family means them, or a refusal. For a binomial the rules are those of <see cref="BinomialResponse"/>.
/// </summary>
internal sealed record RowResponses(double[] Y, double[] Weight, double[] Trials)
{
    /// <summary>Reads the response of <paramref name="rows"/>.</summary>
    /// <exception cref="ModelException">The response, the weights or the trials do not suit the family.</exception>
    public static RowResponses Resolve(ModelRows rows, Family family)
    {
        ResponseValues response = rows.Response ?? throw new ModelException("The formula has no response; write it before the tilde, as in 'y ~ x'.");
        if (rows.Rows == 0) throw new ModelException($"No row is left to fit '{response.Name}' to: every row has a missing value in a variable of the formula.");
        double[] weights = Weights(rows);
        RefuseInfinite(response);
        NumberRange.Require($"The response '{response.Name}'", response.Values);
        NumberRange.Require("The weight of a row", weights);
        return family.IsBinomial ? BinomialResponse.Resolve(response, weights, rows.Trials, family) : Numbers(response, weights, rows.Trials, family);
    }

    /// <summary>A number as messages show it.</summary>
    internal static string Show(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The prior weights, or ones.</summary>
    internal static double[] Weights(ModelRows rows)
    {
        if (rows.Weights is null) return [.. Enumerable.Repeat(1.0, rows.Rows)];
        if (rows.Weights.Length != rows.Rows) throw new ModelException($"There are {rows.Weights.Length} weights for {rows.Rows} rows; give one for each row.");
        int bad = Array.FindIndex(rows.Weights, w => !(w >= 0) || double.IsInfinity(w));
        if (bad >= 0) throw new ModelException($"The weight of row {rows.SourceRows[bad] + 1} is {Show(rows.Weights[bad])}; weights must be numbers not below 0.");
        if (Array.TrueForAll(rows.Weights, w => w == 0)) throw new ModelException("All weights are 0, so no row counts; give positive weights.");
        return rows.Weights;
    }

    private static void RefuseInfinite(ResponseValues response)
    {
        int bad = Array.FindIndex(response.Values, v => !double.IsFinite(v));
        if (bad >= 0) throw new ModelException($"The response '{response.Name}' is {Show(response.Values[bad])} in used row {bad + 1}; it must be finite.");
    }

    private static RowResponses Numbers(ResponseValues response, double[] weights, double[]? trials, Family family)
    {
        if (trials is not null) throw new ModelException($"Trials belong to a binomial response, but the family is {family.Name}; leave them out or choose binomial.");
        if (response.Kind == ResponseKind.Categorical)
            throw new ModelException($"The response '{response.Name}' is a category, but the {family.Name} family needs numbers; for two levels choose the binomial family.");
        if (response.Kind == ResponseKind.SuccessesAndFailures)
            throw new ModelException($"The response '{response.Name}' has two columns, successes and failures; that needs the binomial family, not {family.Name}.");
        for (int i = 0; i < response.Values.Length; i++)
            if (weights[i] > 0 && Fault(response.Values[i], family) is { } fault)
                throw new ModelException($"The response '{response.Name}' is {Show(response.Values[i])} in used row {i + 1}, but the {family.Name} family {fault}");
        return new RowResponses(response.Values, weights, [.. Enumerable.Repeat(1.0, weights.Length)]);
    }

    private static string? Fault(double y, Family family) => family.Distribution switch
    {
        Distribution.Poisson when y < 0 => "needs counts, which are never negative.",
        Distribution.Poisson when family.HasLikelihood && Math.Abs(y - Math.Round(y)) > 1e-7 * Math.Max(1, y) =>
            "needs whole numbers; put an exposure into an offset(log(...)), or choose quasipoisson.",
        Distribution.Gamma or Distribution.InverseGaussian when y <= 0 => "needs positive values.",
        _ => null,
    };
}
