using System.Text.Json;
using Terrace.SavedFits;

namespace Terrace.Cli.Documents;

/// <summary>The report of the model behind an MRP run, by maximum likelihood or Bayesian.</summary>
internal sealed record MrpModel(string Formula, string Family, string Link, string Engine, long Rows, long Cells, long Omitted, Action<Utf8JsonWriter> Write, FitReport? Likelihood, BayesianFitReport? Bayesian)
{
    public MrpModel(FitReport report) : this(report.Formula, report.Family, report.Link, report.Engine, report.Rows, report.Cells, report.Omitted, json => FitDocument.Write(json, report), report, null) { }

    public MrpModel(BayesianFitReport report)
        : this(report.Formula, report.Family, report.Link, report.Fit.Engine, report.Rows, report.Cells, report.Omitted, json => BayesianFitDocument.Write(json, report), null, report) { }
}
