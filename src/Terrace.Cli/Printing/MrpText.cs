using Terrace.Cli.Documents;
using Terrace.Poststratification;

namespace Terrace.Cli.Printing;

/// <summary>What <c>terrace mrp</c> prints, written for somebody who has a survey and wants to know what to believe.</summary>
internal sealed class MrpText
{
    private const int AreasShown = 200;
    private const int Width = 110;
    private readonly TextWriter _output;
    private readonly MrpResult _result;
    private readonly MrpModel _model;
    private readonly bool _share;

    private MrpText(TextWriter output, MrpResult result, MrpModel model)
    {
        _output = output;
        _result = result;
        _model = model;
        _share = result.Options.Family.IsBinomial;
    }

    /// <summary>Writes <paramref name="result"/>; <paramref name="model"/> is the report of its fit.</summary>
    public static void Write(TextWriter output, MrpResult result, MrpModel model)
    {
        var text = new MrpText(output, result, model);
        text.WriteModel();
        text.WriteHeadline();
        text.WriteComparison();
        foreach (AreaEstimates areas in result.By) text.WriteAreas(areas);
        text.WriteTruth();
        text.WriteInterval();
        text.WriteWarnings();
    }

    private string Percent => NumberText.Significant(100 * _result.Options.Level);

    private string IntervalName => _result.Options.Interval.Kind == MrpIntervalKind.Article ? "averaged bounds of two standard errors" : $"{Percent} % interval";

    private void WriteModel()
    {
        foreach (string line in Wrapping.Lines(_model.Formula, Width)) _output.WriteLine(line);
        string omitted = _model.Omitted == 0 ? "" : $" ({NumberText.Count(_model.Omitted)} left out for a missing value)";
        _output.WriteLine($"{NumberText.Count(_model.Rows)} respondents{omitted} in {NumberText.Count(_model.Cells)} different patterns; a population of "
            + $"{NumberText.Count(Math.Round(_result.Population))} in {NumberText.Count(_result.Options.Population.Counts.Length)} cells.");
        _output.WriteLine($"Fitted by {EngineName()}, family {_model.Family} with {_model.Link} link.");
        _output.WriteLine();
    }

    private string EngineName() => _model.Engine switch
    {
        "laplace" => "laplace (maximum likelihood by the Laplace approximation)",
        "agq:0" => "agq:0 (maximum likelihood by the Laplace approximation at the joint mode)",
        ['a', 'g', 'q', ':', .. var points] => $"agq:{points} (maximum likelihood by adaptive Gauss-Hermite quadrature with {points} points)",
        "approx" => $"approx (fast approximation, accepted: k-hat {NumberText.Fixed(_result.BayesianFit!.Approximation!.KHat, 2)}, efficiency {NumberText.Fixed(_result.BayesianFit.Approximation.Efficiency, 2)})",
        "pathfinder" or "meanfield" or "fullrank" => $"{_result.Engine} (an approximation, {NumberText.Count(_result.BayesianFit!.Draws.Count)} draws)",
        "gibbs" => $"gibbs (full Bayes, {NumberText.Count(_result.BayesianFit!.Draws.Count)} draws of {_result.BayesianFit.Draws.Chains} chains)",
        "nuts" => $"nuts (full Bayes, {NumberText.Count(_result.BayesianFit!.Draws.Count)} draws of {_result.BayesianFit.Draws.Chains} chains)",
        "reml" => "reml (restricted maximum likelihood)",
        _ => "ml (maximum likelihood)",
    };

    private void WriteHeadline()
    {
        IntervalEstimate all = _result.Overall;
        _output.WriteLine($"Estimate for the whole population: {Value(all.Estimate)}, {IntervalName} {Value(all.Lower)} to {Value(all.Upper)} (sd {Spread(all.Sd)}{(_share ? " points" : "")})");
        _output.WriteLine();
    }

    private void WriteComparison()
    {
        PoolingComparison overall = _result.Comparison[0];
        ScreenTable table = new ScreenTable().Words("ways to estimate it").Numbers("estimate").Numbers("sd").Numbers("lower").Numbers("upper");
        AddWay(table, "raw mean of the respondents", overall.Raw[0]);
        AddWay(table, "poststratified, no model", overall.Poststratified[0]);
        AddWay(table, "complete pooling (no group effects)", overall.CompletePooling[0]);
        AddWay(table, "no pooling (groups as fixed effects)", overall.NoPooling[0]);
        AddWay(table, "partial pooling (the model)", overall.PartialPooling[0]);
        table.Write(_output);
        _output.WriteLine();
    }

    private void AddWay(ScreenTable table, string name, IntervalEstimate estimate) =>
        table.Add(name, Value(estimate.Estimate), Spread(estimate.Sd), Value(estimate.Lower), Value(estimate.Upper));

    private void WriteAreas(AreaEstimates areas)
    {
        var table = new ScreenTable();
        foreach (string variable in areas.Grouping.Variables) table.Words(variable);
        table.Numbers("population").Numbers("n").Numbers("raw").Numbers("estimate").Numbers("sd").Numbers("lower").Numbers("upper");
        PoolingComparison? ways = _result.Comparison.FirstOrDefault(comparison => comparison.Grouping == areas.Grouping);
        foreach ((AreaEstimate row, int index) in areas.Rows.Take(AreasShown).Select((row, index) => (row, index)))
        {
            table.Add([.. row.Levels, NumberText.Count(Math.Round(row.Population)), row.Respondents is { } n ? NumberText.Count(n) : NumberText.None,
                Value(ways?.Raw[index].Estimate ?? double.NaN), Value(row.Estimate.Estimate), Spread(row.Estimate.Sd), Value(row.Estimate.Lower), Value(row.Estimate.Upper)]);
        }
        table.Write(_output);
        if (areas.Rows.Count > AreasShown)
            _output.WriteLine($" … and {NumberText.Count(areas.Rows.Count - AreasShown)} more; --out DIR writes all of them to a file.");
        _output.WriteLine();
    }

    private void WriteTruth()
    {
        if (_result.Truth is not { } truth) return;
        string error = _share ? $"{NumberText.Fixed(100 * truth.MeanAbsoluteError, 2)} points" : NumberText.Significant(truth.MeanAbsoluteError);
        WriteParagraph($"Against the truth ('{truth.Column}', {NumberText.Count(truth.Areas)} areas by {truth.Grouping}): mean absolute error {error}; "
            + $"{NumberText.Percent(truth.Coverage, 0)} of the intervals ({IntervalName}) hold the true value.");
    }

    private void WriteInterval() => WriteParagraph($"About the intervals: {_result.IntervalMeaning}");

    private void WriteWarnings()
    {
        if (_result.Warnings.Count == 0) return;
        _output.WriteLine();
        _output.WriteLine("Notes");
        foreach (ModelWarning warning in _result.Warnings) WriteParagraph(warning.Message, "- ");
    }

    private void WriteParagraph(string text, string mark = "")
    {
        foreach (string line in Wrapping.Lines(text, Width - mark.Length))
        {
            _output.WriteLine(mark + line);
            mark = new string(' ', mark.Length);
        }
    }

    private string Value(double value) => _share ? NumberText.Percent(value) : NumberText.Significant(value);

    private string Spread(double sd) => _share ? NumberText.Fixed(100 * sd, 2) : NumberText.Significant(sd);
}
