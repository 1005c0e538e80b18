using Terrace.Bayes;
using Terrace.Cli.Options;
using Terrace.Data;
using Terrace.Design;
using Terrace.Predictions;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary>Hypotheses, predictive checks and conditional effects of a Bayesian fit as the command line asks for them.</summary>
internal static class AfterTheFit
{
    /// <summary>The fit with its hypotheses; writes the files.</summary>
    /// <exception cref="TerraceException">A hypothesis cannot be read, or a grouping factor or predictor is not there.</exception>
    public static SavedFit Add(SavedFit saved, PostFitSettings settings, IRowBlocks data, Stream? check, Stream? effects, Invocation invocation)
    {
        BayesianFitReport report = saved.BayesianReport!;
        if (settings.Hypotheses.Count > 0) report = report with { Hypotheses = report.Fit.Hypotheses(settings.Hypotheses, invocation.Cancellation) };
        if (check is not null) WriteCheck(PredictiveCheck.Of(report.Fit, saved.Posterior!.Coefficients.Categories, settings.CheckBy, invocation.Options.Seed, invocation.Cancellation), check);
        if (effects is not null) WriteEffects(saved, settings.Effects, data, effects);
        return saved with { BayesianReport = report };
    }

    private static void WriteCheck(IReadOnlyList<CheckedStatistic> rows, Stream file) => Write(file,
        new TextColumn("statistic", [.. rows.Select(row => row.Statistic)]), new TextColumn("level", [.. rows.Select(row => row.Level)]), Numbers("observed", rows.Select(row => row.Observed)), Numbers("mean", rows.Select(row => row.Mean)),
        Numbers("lower", rows.Select(row => row.Lower)), Numbers("upper", rows.Select(row => row.Upper)), Numbers("p", rows.Select(row => row.PValue)));

    private static void WriteEffects(SavedFit saved, IReadOnlyList<string> predictors, IRowBlocks data, Stream file)
    {
        Frame frame = Concatenation.ReadAll(data);
        var frames = new ComponentFrames(saved.Frame, saved.Posterior!.Dispersion, saved.Posterior.ZeroInflation);
        ConditionalEffect[] rows = [.. predictors.SelectMany(predictor => ConditionalEffects.Of(saved.Posterior.Coefficients, frames, frame, predictor))];
        Column[] columns = [new TextColumn("predictor", [.. rows.Select(row => row.Predictor)]), new TextColumn("value", [.. rows.Select(row => row.Value)]), new TextColumn("category", [.. rows.Select(row => row.Category)]),
            Numbers("estimate", rows.Select(row => row.Estimate)), Numbers("sd", rows.Select(row => row.Sd)), Numbers("lower", rows.Select(row => row.Lower)), Numbers("upper", rows.Select(row => row.Upper))];
        Write(file, [.. columns.Where(column => column.Name != "category" || rows.Any(row => row.Category is not null))]);
    }

    private static NumericColumn Numbers(string name, IEnumerable<double> values) => new(name, [.. values]);

    private static void Write(Stream file, params Column[] columns)
    {
        using var writer = new StreamWriter(file, leaveOpen: true);
        CsvWriter.Write(new Frame(columns), writer);
    }
}
