using System.Text.Json;
using Terrace.HypothesisTests;
using Terrace.MarginalMeans;

namespace Terrace.SavedFits;

/// <summary>Tests of terms, marginal means and their comparisons as members of the JSON document of <c>terrace fit --json</c>: <c>tests</c>, <c>means</c>, <c>contrasts</c>, each where it was asked for.</summary>
internal static class TestsJson
{
    /// <summary>Writes what <paramref name="fit"/> has of them.</summary>
    public static void Write(Utf8JsonWriter json, FitReport fit)
    {
        if (fit.TermTests.Count + fit.DroppedTerms.Count > 0)
        {
            json.WriteStartArray("tests");
            foreach (TermTests tests in fit.TermTests) WriteTests(json, tests);
            foreach (DroppedTerms dropped in fit.DroppedTerms) WriteDropped(json, dropped);
            json.WriteEndArray();
        }
        if (fit.Means.Count > 0) FitDocument.WriteArray(json, "means", fit.Means, WriteMeans);
        if (fit.Comparisons.Count > 0) FitDocument.WriteArray(json, "contrasts", fit.Comparisons, WriteComparisons);
    }

    private static void WriteTests(Utf8JsonWriter json, TermTests tests)
    {
        json.WriteStartObject();
        json.WriteString("kind", tests.Kind switch { TermTestKind.Sequential => "type1", TermTestKind.Marginal => "type2", TermTestKind.Averaged => "type3", _ => "type3-as-coded" });
        json.WriteString("method", tests.Method);
        FitDocument.WriteArray(json, "rows", tests.Rows, (_, row) =>
        {
            json.WriteStartObject();
            json.WriteString("term", row.Term);
            json.WriteString("test", row.Test.Kind);
            json.WriteNumber("df", row.Test.Df);
            FitDocument.WriteNumber(json, "denDf", row.Test.DenominatorDf);
            FitDocument.WriteNumber(json, "statistic", row.Test.Statistic);
            FitDocument.WriteNumber(json, "scale", row.Test.Scale);
            FitDocument.WriteNumber(json, "pValue", row.Test.PValue);
            json.WriteEndObject();
        });
        FitDocument.WriteArray(json, "warnings", tests.Warnings, FitDocument.WriteWarning);
        json.WriteEndObject();
    }

    private static void WriteDropped(Utf8JsonWriter json, DroppedTerms dropped)
    {
        json.WriteStartObject();
        json.WriteString("kind", dropped.IsRandom ? "ranova" : "drop1");
        json.WriteString("method", "likelihood-ratio");
        json.WriteBoolean("refittedByMl", dropped.IsRefitted);
        FitDocument.WriteNumber(json, "logLik", dropped.LogLikelihood);
        FitDocument.WriteNumber(json, "aic", dropped.Aic);
        FitDocument.WriteArray(json, "rows", dropped.Rows, (_, row) =>
        {
            json.WriteStartObject();
            json.WriteString("term", row.Term);
            json.WriteString("test", "Chisq");
            json.WriteNumber("df", row.Df);
            FitDocument.WriteNumber(json, "logLik", row.LogLikelihood);
            FitDocument.WriteNumber(json, "aic", row.Aic);
            FitDocument.WriteNumber(json, "statistic", row.ChiSquare);
            FitDocument.WriteNumber(json, "pValue", row.PValue);
            json.WriteEndObject();
        });
        FitDocument.WriteArray(json, "warnings", dropped.Warnings, FitDocument.WriteWarning);
        json.WriteEndObject();
    }

    private static void WriteMeans(Utf8JsonWriter json, MarginalMeanTable means)
    {
        json.WriteStartObject();
        json.WriteString("means", means.Specification.ToString());
        json.WriteString("weights", means.Weights == MarginWeights.Equal ? "equal" : "proportional");
        json.WriteString("method", means.Grid.Estimates.Method);
        json.WriteNumber("level", means.Level);
        json.WriteStartObject("covariates");
        foreach ((string name, double value) in means.Grid.Covariates) json.WriteNumber(name, value);
        json.WriteEndObject();
        FitDocument.WriteArray(json, "rows", means.Rows, (_, row) =>
        {
            json.WriteStartObject();
            WriteLevels(json, "levels", [.. means.Specification.Factors, .. means.Specification.By], row.Levels);
            WriteEstimate(json, row.Estimate, row.StdError, row.Df, row.Lower, row.Upper);
            if (means.HasResponseScale) WriteExponential(json, "response", row.Response);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void WriteComparisons(Utf8JsonWriter json, MeanComparisons comparisons)
    {
        json.WriteStartObject();
        json.WriteString("means", comparisons.Means.Specification.ToString());
        json.WriteString("kind", comparisons.Contrast.ToString());
        json.WriteString("adjust", comparisons.Adjustment == MultiplicityAdjustment.FalseDiscoveryRate ? "bh" : comparisons.Adjustment.ToString().ToLowerInvariant());
        FitDocument.WriteArray(json, "rows", comparisons.Rows, (_, row) =>
        {
            json.WriteStartObject();
            WriteLevels(json, "by", comparisons.Means.Specification.By, row.By);
            json.WriteString("contrast", row.Name);
            WriteEstimate(json, row.Estimate, row.StdError, row.Df, row.Lower, row.Upper);
            FitDocument.WriteNumber(json, "statistic", row.Statistic);
            FitDocument.WriteNumber(json, "pValue", row.PValue);
            if (row.Ratio is { } ratio) WriteExponential(json, comparisons.Ratio == "ratio" ? "ratio" : "oddsRatio", ratio);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void WriteEstimate(Utf8JsonWriter json, double estimate, double error, double df, double lower, double upper)
    {
        FitDocument.WriteNumber(json, "estimate", estimate);
        FitDocument.WriteNumber(json, "stdError", error);
        FitDocument.WriteNumber(json, "df", df);
        FitDocument.WriteNumber(json, "lower", lower);
        FitDocument.WriteNumber(json, "upper", upper);
    }

    private static void WriteExponential(Utf8JsonWriter json, string name, ResponseMean mean)
    {
        json.WriteStartObject(name);
        FitDocument.WriteNumber(json, "estimate", mean.Estimate);
        FitDocument.WriteNumber(json, "stdError", mean.StdError);
        FitDocument.WriteNumber(json, "lower", mean.Lower);
        FitDocument.WriteNumber(json, "upper", mean.Upper);
        json.WriteEndObject();
    }

    private static void WriteLevels(Utf8JsonWriter json, string member, IReadOnlyList<string> names, IReadOnlyList<string> levels)
    {
        json.WriteStartObject(member);
        for (int i = 0; i < names.Count; i++) json.WriteString(names[i], levels[i]);
        json.WriteEndObject();
    }
}
