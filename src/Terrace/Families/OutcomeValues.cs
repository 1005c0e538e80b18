using System.Globalization;
using Terrace.Design;

namespace Terrace.Families;

/// <summary>
/// The response of each row as a <see cref="ResponseFamily"/> means it, or a refusal: counts, shares strictly between 0 and 1, successes of trials, numbers, positive numbers, or
/// the position of an ordered category.
/// </summary>
/// <param name="Y">The response; of trials the successes, of ordered categories the position from 0.</param>
/// <param name="Trials">The trials, or null.</param>
/// <param name="Weight">The prior weights: how often each row counts.</param>
/// <param name="Levels">The ordered categories; empty for other responses.</param>
internal sealed record OutcomeValues(double[] Y, double[]? Trials, double[] Weight, IReadOnlyList<string> Levels)
{
    private const double CountTolerance = 1e-7;

    /// <summary>Reads the response of <paramref name="rows"/>.</summary>
    /// <exception cref="ModelException">The response, the weights or the trials do not suit the family; the message names the row and the way out.</exception>
    public static OutcomeValues Resolve(ModelRows rows, ResponseFamily family)
    {
        ResponseValues response = rows.Response ?? throw new ModelException("The formula has no response; write it before the tilde, as in 'y ~ x'.");
        if (rows.Rows == 0) throw new ModelException($"No row is left to fit '{response.Name}' to: every row has a missing value in a variable of the model.");
        double[] weight = RowResponses.Weights(rows);
        if (family.Kind == ResponseType.Trials) return OfTrials(rows, response, weight);
        if (rows.Trials is not null) throw new ModelException($"Trials belong to a binomial or beta-binomial response, but the family is {family.Name}; leave them out or choose another family.");
        return family.IsOrdered ? Ordered(response, weight, family) : Numbers(response, weight, family);
    }

    private static OutcomeValues Numbers(ResponseValues response, double[] weight, ResponseFamily family)
    {
        if (response.Kind == ResponseKind.Categorical)
            throw new ModelException($"The response '{response.Name}' is a category, but the {family.Name} family needs numbers; for ordered categories choose the cumulative family.");
        if (response.Kind == ResponseKind.SuccessesAndFailures)
            throw new ModelException($"The response '{response.Name}' has two columns, successes and failures; that needs the binomial or beta-binomial family, not {family.Name}.");
        for (int i = 0; i < response.Values.Length; i++)
        {
            double y = response.Values[i];
            if (!double.IsFinite(y)) throw new ModelException($"The response '{response.Name}' is {RowResponses.Show(y)} in used row {i + 1}; it must be finite.");
            if (Fault(y, family.Kind) is { } fault) throw new ModelException($"The response '{response.Name}' is {RowResponses.Show(y)} in used row {i + 1}, but the {family.Name} family {fault}");
        }
        return new OutcomeValues(family.Kind == ResponseType.Count ? Array.ConvertAll(response.Values, Math.Round) : response.Values, null, weight, []);
    }

    private static string? Fault(double y, ResponseType kind) => kind switch
    {
        ResponseType.Count when y < 0 => "needs counts, which are never negative.",
        ResponseType.Count when Math.Abs(y - Math.Round(y)) > CountTolerance * Math.Max(1, y) => "needs whole numbers; put an exposure into an offset(log(...)).",
        ResponseType.Share when y is <= 0 or >= 1 =>
            "needs shares strictly between 0 and 1; where shares of 0 or 1 are counts out of trials choose beta-binomial with --trials, otherwise leave such rows out or move them inside, as in (y * (n - 1) + 0.5) / n.",
        ResponseType.Positive when y <= 0 => "needs positive values.",
        _ => null,
    };

    private static OutcomeValues OfTrials(ModelRows rows, ResponseValues response, double[] weight)
    {
        if (rows.Trials is null && response.Kind != ResponseKind.SuccessesAndFailures)
            throw new ModelException($"The beta-binomial family needs the trials of each row of '{response.Name}': give them with --trials, or write cbind(successes, failures). With one trial a row there is no extra variation to estimate; choose binomial.");
        RowResponses binomial = BinomialResponse.Resolve(response, [.. weight.Select(_ => 1.0)], rows.Trials, Family.Binomial());
        double[] trials = binomial.Trials, successes = [.. binomial.Y.Zip(trials, (share, m) => Math.Round(share * m))];
        if (!Array.Exists(trials, m => m > 1))
            throw new ModelException($"No row of '{response.Name}' has more than one trial, so there is no extra variation for the beta-binomial family to estimate; choose binomial.");
        return new OutcomeValues(successes, trials, weight, []);
    }

    private static OutcomeValues Ordered(ResponseValues response, double[] weight, ResponseFamily family)
    {
        if (response.Kind != ResponseKind.Categorical || response.Levels is not { } levels)
            throw new ModelException($"The response '{response.Name}' has numbers, but the {family.Name} family needs ordered categories; declare them: --ordered {response.Name}=LEVEL1,LEVEL2,…, from low to high.");
        if (!response.IsOrdered)
            throw new ModelException($"The categories of the response '{response.Name}' have no order, which the {family.Name} family needs; give it: --ordered {response.Name}={string.Join(",", levels.Take(8))}{(levels.Count > 8 ? ",…" : "")}, from low to high.");
        if (levels.Count < 2)
            throw new ModelException($"The response '{response.Name}' has only the category '{(levels.Count == 1 ? levels[0] : "")}' in the rows that are used; a model of categories needs at least two.");
        for (int level = 0; level < levels.Count; level++)
        {
            if (!response.Values.Where((value, row) => value == level && weight[row] > 0).Any())
                throw new ModelException(string.Create(CultureInfo.InvariantCulture, $"No used row has the category '{levels[level]}' of the response '{response.Name}', so its threshold cannot be estimated; leave the level out."));
        }
        return new OutcomeValues(response.Values, null, weight, levels);
    }
}
