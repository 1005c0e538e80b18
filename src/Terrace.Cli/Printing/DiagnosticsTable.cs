using System.Globalization;
using Terrace.Design;
using Terrace.Inference.Tables;
using Terrace.LinearModels;
using Terrace.MixedModels;

namespace Terrace.Cli.Printing;

/// <summary>The tables of <c>--diagnostics-out</c> and <c>--influence-out</c>.</summary>
internal static class DiagnosticsTable
{
    /// <summary>Every row of a mixed model; <c>row</c> counts the rows of the data file from 1.</summary>
    public static EstimateTable Rows(MixedRowDiagnostics diagnostics, MixedModelFit fit, ModelRows rows) => new(
        [Row(rows)],
        [
            new MeasureColumn("response", fit.Response),
            new MeasureColumn("fitted", [.. rows.RowToCell.Select(cell => fit.Fitted[cell])]),
            new MeasureColumn("residual", diagnostics.Response),
            new MeasureColumn("pearson", diagnostics.Pearson),
            new MeasureColumn("deviance", diagnostics.Deviance),
            new MeasureColumn("marginal", diagnostics.Marginal),
            new MeasureColumn("leverage", diagnostics.Leverage),
            new MeasureColumn("cooksDistance", diagnostics.CooksDistance),
            new MeasureColumn("fixedEffectsDistance", diagnostics.FixedEffectsDistance),
            .. diagnostics.Terms.Select((term, j) => new MeasureColumn($"dfbetas[{term}]", diagnostics.Dfbetas.Column(j).ToArray())),
        ]);

    /// <summary>Every row of a model without groups.</summary>
    public static EstimateTable Rows(GeneralizedLinearModelFit fit, ModelRows rows) => new(
        [Row(rows)],
        [
            new MeasureColumn("fitted", fit.FittedValues()),
            new MeasureColumn("residual", fit.Diagnostics.Response),
            new MeasureColumn("pearson", fit.Diagnostics.Pearson),
            new MeasureColumn("deviance", fit.Diagnostics.Deviance),
            new MeasureColumn("working", fit.Diagnostics.Working),
            new MeasureColumn("standardized", fit.Diagnostics.Standardized),
            new MeasureColumn("leverage", fit.Diagnostics.Leverage),
            new MeasureColumn("cooksDistance", fit.Diagnostics.CooksDistance),
        ]);

    /// <summary>Every row of a model of another kind: response less mean, and that over the standard deviation the model gives the row.</summary>
    public static EstimateTable Rows(double[] response, double[] fitted, double[] pearson, ModelRows rows) => new(
        [Row(rows)],
        [
            new MeasureColumn("response", response),
            new MeasureColumn("fitted", fitted),
            new MeasureColumn("residual", [.. response.Zip(fitted, (y, mean) => y - mean)]),
            new MeasureColumn("pearson", pearson),
        ]);

    /// <summary>Every level of every grouping factor.</summary>
    public static EstimateTable Groups(IReadOnlyList<GroupInfluence> factors, MixedModelFit fit)
    {
        (GroupInfluence Factor, int Level)[] rows = [.. factors.SelectMany(factor => Enumerable.Range(0, factor.Levels.Count).Select(level => (factor, level)))];
        string[] terms = [.. factors[0].Terms];
        var measures = new List<MeasureColumn> { new("cooksDistance", [.. rows.Select(r => r.Factor.CooksDistance[r.Level])]) };
        for (int j = 0; j < terms.Length; j++)
        {
            int own = j;
            measures.Add(new MeasureColumn($"estimate[{terms[j]}]", [.. rows.Select(r => r.Factor.FixedEffects[r.Level, own])]));
            measures.Add(new MeasureColumn($"dfbetas[{terms[j]}]", [.. rows.Select(r => r.Factor.Dfbetas[r.Level, own])]));
        }
        string[] deviations = [.. fit.VarCorr().Where(r => r.Var1 is not null && r.Var2 is null).Select(r => $"sd[{r.Grp},{r.Var1}]"), "sigma"];
        for (int k = 0; k < deviations.Length && factors[0].IsExact; k++)
        {
            int own = k;
            measures.Add(new MeasureColumn(deviations[k], [.. rows.Select(r => r.Factor.StandardDeviations![r.Level, own])]));
        }
        return new EstimateTable(
            [new KeyColumn("group", [.. rows.Select(r => r.Factor.Group)]), new KeyColumn("level", [.. rows.Select(r => r.Factor.Levels[r.Level])]), new KeyColumn("method", [.. rows.Select(r => r.Factor.IsExact ? "exact" : "one-step")])],
            measures);
    }

    private static KeyColumn Row(ModelRows rows) => new("row", [.. rows.SourceRows.Select(row => (row + 1).ToString(CultureInfo.InvariantCulture))]);
}
