using System.Text.Json;
using Terrace.Bayes;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.Posterior;

namespace Terrace.SavedFits;

/// <summary>Writes a <see cref="BayesianFitReport"/> as the JSON document of <c>terrace fit --json</c>: the members of <see cref="FitDocument"/>, with posterior summaries in place of estimates.</summary>
public static class BayesianFitDocument
{
    /// <summary>Writes the document as one object.</summary>
    public static void Write(Utf8JsonWriter json, BayesianFitReport report)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        WriteHead(json, report);
        FitDocument.WriteArray(json, "fixed", report.FixedEffects, (j, e) => WriteEntry(j, e.Summary, ("component", e.Component), ("term", e.Term)));
        FitDocument.WriteCovariance(json, report.Covariance.Terms, report.Covariance.Values);
        FitDocument.WriteArray(json, "random", report.RandomEffects, (j, e) => WriteEntry(j, e.Summary, ("component", e.Component), ("group", e.Group), ("term", e.Term)));
        FitDocument.WriteArray(json, "correlations", report.Correlations, (j, e) => WriteEntry(j, e.Summary, ("component", e.Component), ("group", e.Group), ("term1", e.Term1), ("term2", e.Term2)));
        FitDocument.WriteArray(json, "groups", report.Groups, FitDocument.WriteGroup);
        FitDocument.WriteArray(json, "parameters", report.Parameters, (j, p) => WriteEntry(j, p, ("name", p.Name)));
        if (report.Shrinkage.Count > 0) FitDocument.WriteArray(json, "shrinkage", report.Shrinkage, (j, p) => WriteEntry(j, p, ("name", p.Name)));
        FitDocument.WriteNumber(json, "residualSd", report.Family == "gaussian" ? report.Parameters.FirstOrDefault(p => p.Name == "sigma")?.Mean : null);
        foreach (string name in new[] { "icc", "logLik", "deviance", "remlCriterion", "aic", "bic", "dfResidual" }) json.WriteNull(name);
        WriteEffects(json, report.Fit);
        WriteCoefficients(json, report.Fit);
        WriteOutcome(json, report);
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, BayesianFitReport report)
    {
        json.WriteString("formula", report.Formula);
        FitDocument.WriteComponentFormulas(json, report.ComponentFormulas);
        json.WriteString("family", report.Family);
        json.WriteString("link", report.Link);
        json.WriteString("engine", report.Fit.Engine);
        json.WriteString("requestedEngine", report.RequestedEngine);
        json.WriteNumber("n", report.Rows);
        json.WriteNumber("cells", report.Cells);
        json.WriteNumber("omitted", report.Omitted);
    }

    private static void WriteEntry(Utf8JsonWriter json, VariableSummary? summary, params ReadOnlySpan<(string Name, string Value)> names)
    {
        json.WriteStartObject();
        foreach ((string name, string value) in names) json.WriteString(name, value);
        FitDocument.WriteNumber(json, "mean", summary?.Mean);
        FitDocument.WriteNumber(json, "sd", summary?.Sd);
        FitDocument.WriteNumber(json, "mcse", summary?.Mcse);
        FitDocument.WriteNumber(json, "q5", summary?.Q5);
        FitDocument.WriteNumber(json, "q50", summary?.Q50);
        FitDocument.WriteNumber(json, "q95", summary?.Q95);
        FitDocument.WriteNumber(json, "rhat", summary?.Rhat);
        FitDocument.WriteNumber(json, "essBulk", summary?.EssBulk);
        FitDocument.WriteNumber(json, "essTail", summary?.EssTail);
        json.WriteEndObject();
    }

    private static void WriteEffects(Utf8JsonWriter json, BayesianFit fit)
    {
        json.WriteStartObject("ranef");
        ByLevel(json, fit, (term, level, first) =>
        {
            for (int j = 0; j < term.Width; j++)
            {
                VariableSummary summary = fit.Summaries[first + j];
                json.WriteStartObject(term.TermNames[j]);
                FitDocument.WriteNumber(json, "mean", summary.Mean);
                FitDocument.WriteNumber(json, "sd", summary.Sd);
                FitDocument.WriteNumber(json, "q5", summary.Q5);
                FitDocument.WriteNumber(json, "q95", summary.Q95);
                json.WriteEndObject();
            }
        });
        json.WriteEndObject();
    }

    /// <summary>The posterior means of each level's coefficients: fixed effect plus group-level effect.</summary>
    private static void WriteCoefficients(Utf8JsonWriter json, BayesianFit fit)
    {
        json.WriteStartObject("coef");
        string[] names = [.. fit.Model.Structure.Predictors[0].CoefficientNames];
        ByLevel(json, fit, (term, _, first) =>
        {
            foreach ((string name, int k) in names.Select((name, k) => (name, k)))
            {
                if (!term.TermNames.Contains(name)) FitDocument.WriteNumber(json, name, fit.Summaries[k].Mean);
            }
            for (int j = 0; j < term.Width; j++)
            {
                int k = Array.IndexOf(names, term.TermNames[j]);
                FitDocument.WriteNumber(json, term.TermNames[j], fit.Summaries[first + j].Mean + (k < 0 ? 0 : fit.Summaries[k].Mean));
            }
        });
        json.WriteEndObject();
    }

    /// <summary>One object for each grouping factor and level; several terms of one factor are written into one object.</summary>
    private static void ByLevel(Utf8JsonWriter json, BayesianFit fit, Action<GroupTerm, int, int> write)
    {
        ModelStructure structure = fit.Model.Structure;
        int effects = fit.Model.DrawLayout.Effects - structure.FixedCount;
        foreach (IGrouping<string, GroupTerm> group in structure.Terms.GroupBy(term => structure.IsCategorical ? $"{term.Component}: {term.Group}" : term.Group))
        {
            json.WriteStartObject(group.Key);
            GroupTerm[] terms = [.. group];
            for (int level = 0; level < terms[0].Levels.Count; level++)
            {
                json.WriteStartObject(terms[0].Levels[level]);
                foreach (GroupTerm term in terms) write(term, level, effects + term.Start + level * term.Width);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
    }

    private static void WriteOutcome(Utf8JsonWriter json, BayesianFitReport report)
    {
        BayesianFit fit = report.Fit;
        json.WriteBoolean("converged", !fit.Findings.Any(finding => finding.Code == "high-rhat"));
        json.WriteBoolean("singular", false);
        json.WriteNull("gradientNorm");
        json.WriteNumber("evaluations", fit.Sampling.LeapfrogSteps);
        json.WriteNull("factorisation");
        FitDocument.WriteNumber(json, "seconds", report.Seconds);
        FitDocument.WriteArray(json, "priors", fit.Priors, (j, p) =>
        {
            j.WriteStartObject();
            j.WriteString("class", p.Class);
            j.WriteString("group", p.Group);
            j.WriteString("term", p.Term);
            j.WriteString("prior", p.Prior);
            j.WriteString("scaled", p.Scaled);
            j.WriteEndObject();
        });
        if (fit.Loo is { } loo)
        {
            json.WriteStartObject("loo");
            FitDocument.WriteNumber(json, "elpd", loo.Elpd);
            FitDocument.WriteNumber(json, "se", loo.StandardError);
            FitDocument.WriteNumber(json, "pLoo", loo.EffectiveParameters);
            json.WriteNumber("highK", loo.HighK);
            json.WriteEndObject();
        }
        else json.WriteNull("loo");
        if (report.KFold is { } kfold)
        {
            json.WriteStartObject("kfold");
            json.WriteNumber("folds", kfold.Folds.Count);
            json.WriteString("by", kfold.By);
            FitDocument.WriteNumber(json, "elpd", kfold.Elpd);
            FitDocument.WriteNumber(json, "se", kfold.StandardError);
            FitDocument.WriteNumber(json, "pKfold", kfold.EffectiveParameters);
            json.WriteEndObject();
        }
        if (report.Hypotheses.Count > 0) FitDocument.WriteArray(json, "hypotheses", report.Hypotheses, (j, h) =>
        {
            j.WriteStartObject();
            j.WriteString("hypothesis", h.Text);
            FitDocument.WriteNumber(j, "estimate", h.Estimate);
            FitDocument.WriteNumber(j, "error", h.Error);
            FitDocument.WriteNumber(j, "lower", h.Lower);
            FitDocument.WriteNumber(j, "upper", h.Upper);
            FitDocument.WriteNumber(j, "evidenceRatio", h.EvidenceRatio);
            FitDocument.WriteNumber(j, "posteriorProbability", h.PosteriorProbability);
            j.WriteEndObject();
        });
        if (fit.Approximation is { } approximation)
        {
            json.WriteStartObject("approximation");
            FitDocument.WriteNumber(json, "kHat", approximation.KHat);
            FitDocument.WriteNumber(json, "efficiency", approximation.Efficiency);
            json.WriteBoolean("accepted", approximation.Accepted);
            json.WriteEndObject();
        }
        else json.WriteNull("approximation");
        WriteSampler(json, fit);
        FitDocument.WriteArray(json, "warnings", report.Warnings, FitDocument.WriteWarning);
    }

    private static void WriteSampler(Utf8JsonWriter json, BayesianFit fit)
    {
        SamplerStatistics statistics = fit.Sampling.Statistics;
        json.WriteStartObject("sampler");
        json.WriteString("name", fit.Sampler);
        json.WriteNumber("chains", fit.Options.Chains);
        json.WriteNumber("warmup", fit.Options.Warmup);
        json.WriteNumber("draws", fit.Draws.Iterations);
        json.WriteNumber("divergent", statistics.Divergent.Count(d => d));
        json.WriteNumber("maxTreeDepthHits", statistics.TreeDepth.Count(depth => depth >= fit.Options.MaxTreeDepth));
        json.WriteStartArray("eBfmi");
        foreach (double value in Ebfmi.Of(statistics.Energy, statistics.Chains)) FitDocument.WriteNumberValue(json, value);
        json.WriteEndArray();
        json.WriteStartArray("stepSize");
        foreach (double value in fit.Sampling.StepSizes) FitDocument.WriteNumberValue(json, value);
        json.WriteEndArray();
        json.WriteNumber("leapfrogSteps", fit.Sampling.LeapfrogSteps);
        FitDocument.WriteNumber(json, "warmupSeconds", fit.Sampling.WarmupSeconds);
        FitDocument.WriteNumber(json, "samplingSeconds", fit.Sampling.SamplingSeconds);
        json.WriteEndObject();
    }
}
