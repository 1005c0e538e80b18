using Terrace.Bayes;
using Terrace.Data;
using Terrace.Design;
using Terrace.Inference.Posterior;

namespace Terrace.Predictions;

/// <summary>The expected response at one value of a predictor.</summary>
/// <param name="Predictor">The predictor.</param>
/// <param name="Value">Its value, as text.</param>
/// <param name="Category">The category, or null where the response has none.</param>
/// <param name="Estimate">The mean over the draws.</param>
/// <param name="Sd">The standard deviation.</param>
/// <param name="Lower">The lower limit of 95 % of the draws.</param>
/// <param name="Upper">The upper limit.</param>
public sealed record ConditionalEffect(string Predictor, string Value, string? Category, double Estimate, double Sd, double Lower, double Upper);

/// <summary>
/// Conditional effects (brms's <c>conditional_effects</c>): the expected response over the values of one predictor, a hundred from its least to its greatest or its levels, with the other predictors at their mean or their first level and group-level effects left
/// out. Gelman and Hill (2007), section 5.7. Checked in <c>ConditionalEffectsTests</c>.
/// </summary>
public static class ConditionalEffects
{
    private const int Points = 100;

    /// <summary>The effect of a predictor.</summary>
    /// <param name="coefficients">The posterior.</param>
    /// <param name="frames">The coding of the data.</param>
    /// <param name="data">The data that the model was fitted to.</param>
    /// <param name="predictor">The column.</param>
    /// <exception cref="ModelException">The model has no such predictor.</exception>
    public static IReadOnlyList<ConditionalEffect> Of(PosteriorCoefficients coefficients, ComponentFrames frames, Frame data, string predictor)
    {
        ArgumentNullException.ThrowIfNull(coefficients);
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(data);
        string[] predictors = [.. frames.Conditional.Formula.FixedTerms.SelectMany(term => term.Variables).SelectMany(variable => variable.Variables).Distinct()];
        if (!predictors.Contains(predictor)) throw new ModelException($"'{predictor}' is no predictor of the model.{NearestName.Hint(predictor, predictors)} It has {string.Join(", ", predictors)}.");
        Column values = Values(data.Get(predictor));
        var columns = new List<Column>();
        foreach (string name in Used(frames)) columns.Add(name == predictor ? values : Typical(data.Get(name), values.Count));
        var grid = new Frame(columns, "the grid of values");
        ComponentRows rows = frames.Encode(grid, EncodeOptions.Prediction with { NewLevels = NewLevels.Allow });
        return [.. Rows(coefficients, rows, values)];
    }

    private static IEnumerable<ConditionalEffect> Rows(PosteriorCoefficients coefficients, ComponentRows rows, Column values)
    {
        var predictors = new PosteriorPredictors(coefficients, rows, [], false, 1);
        var response = new PosteriorResponse(coefficients);
        var drawn = new double[coefficients.Draws.Count];
        for (int row = 0; row < rows.Conditional.Rows; row++)
        {
            predictors.Set(row);
            string?[] categories = response.IsByCategory ? [.. coefficients.Categories] : [null];
            for (int k = 0; k < categories.Length; k++)
            {
                if (response.IsByCategory) response.Probabilities(predictors.Values, k, drawn);
                else response.Means(predictors.Values, 1, drawn);
                DrawSummary summary = DrawSummary.Of(drawn, 0.95);
                yield return new ConditionalEffect(values.Name, values.TextAt(rows.Conditional.SourceRows[row])!, categories[k], summary.Mean, summary.Sd, summary.Lower, summary.Upper);
            }
        }
    }

    /// <summary>The columns that coding a row needs, response and weights apart.</summary>
    private static IEnumerable<string> Used(ComponentFrames frames) =>
        new[] { frames.Conditional, frames.Dispersion, frames.ZeroInflation }.OfType<ModelFrame>()
            .SelectMany(frame => RowExpressions.Of(frame.Formula, frame.Options).WithoutResponse().All).SelectMany(expression => expression.Variables).Distinct();

    private static Column Values(Column column)
    {
        if (Numbers(column) is not { } numbers) return Levels(column, [.. Enumerable.Range(0, column.Count).Select(column.TextAt).OfType<string>().Distinct()]);
        double[] known = [.. numbers.Where(value => !double.IsNaN(value))];
        double[] distinct = [.. known.Distinct().Order()];
        if (distinct.Length <= 10) return new NumericColumn(column.Name, distinct);
        return new NumericColumn(column.Name, [.. Enumerable.Range(0, Points).Select(i => distinct[0] + (distinct[^1] - distinct[0]) * i / (Points - 1))]);
    }

    private static Column Typical(Column column, int count)
    {
        if (Numbers(column) is { } numbers) return new NumericColumn(column.Name, [.. Enumerable.Repeat(SampleMoments.Mean([.. numbers.Where(value => !double.IsNaN(value))]), count)]);
        string first = column is Factor factor ? factor.Levels[0] : Enumerable.Range(0, column.Count).Select(column.TextAt).OfType<string>().Order(StringComparer.Ordinal).First();
        return Levels(column, [.. Enumerable.Repeat(first, count)]);
    }

    private static double[]? Numbers(Column column) => column switch
    {
        NumericColumn numeric => numeric.Values.ToArray(),
        IntegerColumn integer => [.. integer.Values.ToArray().Select(value => value == IntegerColumn.Missing ? double.NaN : value)],
        _ => null,
    };

    private static Column Levels(Column column, string[] values)
    {
        switch (column)
        {
            case Factor factor: return new Factor(column.Name, [.. values.Order(Comparer<string>.Create((a, b) => factor.Levels.ToList().IndexOf(a) - factor.Levels.ToList().IndexOf(b))).Select(value => factor.Levels.ToList().IndexOf(value))], [.. factor.Levels], factor.IsOrdered);
            case LogicalColumn: return new LogicalColumn(column.Name, [.. values.Order(StringComparer.Ordinal).Select(value => (bool?)(value == "TRUE"))]);
            default: return new TextColumn(column.Name, [.. values.Order(StringComparer.Ordinal)]);
        }
    }
}
