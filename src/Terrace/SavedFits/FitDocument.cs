using System.Text.Json;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.SavedFits;

/// <summary>Writes a <see cref="FitReport"/> as the JSON document of <c>terrace fit --json</c>: full double precision, null for what is not defined.</summary>
public static class FitDocument
{
    /// <summary>Writes the document as one object; <paramref name="more"/> may add members at its end.</summary>
    public static void Write(Utf8JsonWriter json, FitReport fit, Action<Utf8JsonWriter>? more = null)
    {
        json.WriteStartObject();
        WriteHead(json, fit);
        WriteArray(json, "fixed", fit.FixedEffects, WriteFixed);
        WriteCovariance(json, fit.CovarianceTerms, fit.Covariance);
        WriteArray(json, "random", fit.RandomEffects, WriteRandom);
        WriteArray(json, "correlations", fit.Correlations, WriteCorrelation);
        WriteArray(json, "groups", fit.Groups, WriteGroup);
        WriteArray(json, "parameters", fit.Parameters, WriteParameter);
        WriteIntervals(json, fit.Intervals);
        WriteLikelihood(json, fit);
        WriteEffects(json, "ranef", fit.Modes, withSd: true);
        WriteEffects(json, "coef", fit.Coefficients, withSd: false);
        TestsJson.Write(json, fit);
        WriteOutcome(json, fit);
        WriteArray(json, "warnings", fit.Warnings, WriteWarning);
        more?.Invoke(json);
        json.WriteEndObject();
    }

    /// <summary>Writes a number, or null where it is not defined.</summary>
    public static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    /// <summary>Writes a number as an element of an array, or null where it is not defined.</summary>
    public static void WriteNumberValue(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteNullValue();
    }

    /// <summary>Writes a warning as an object.</summary>
    public static void WriteWarning(Utf8JsonWriter json, ModelWarning warning)
    {
        json.WriteStartObject();
        json.WriteString("code", warning.Code);
        json.WriteString("message", warning.Message);
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, FitReport fit)
    {
        json.WriteString("formula", fit.Formula);
        if (fit.MeanFunction is { } mean) json.WriteString("meanFunction", mean);
        WriteComponentFormulas(json, fit.ComponentFormulas);
        WriteCategories(json, fit.Categories);
        json.WriteString("family", fit.Family);
        json.WriteString("link", fit.Link);
        json.WriteString("engine", fit.Engine);
        json.WriteString("requestedEngine", fit.RequestedEngine);
        json.WriteNumber("n", fit.Rows);
        json.WriteNumber("cells", fit.Cells);
        json.WriteNumber("omitted", fit.Omitted);
    }

    /// <summary>The formulas of further components, where there are any.</summary>
    internal static void WriteComponentFormulas(Utf8JsonWriter json, IReadOnlyDictionary<string, string> formulas)
    {
        if (formulas.Count == 0) return;
        json.WriteStartObject("componentFormulas");
        foreach ((string component, string formula) in formulas) json.WriteString(component, formula);
        json.WriteEndObject();
    }

    private static void WriteCategories(Utf8JsonWriter json, IReadOnlyList<string> categories)
    {
        if (categories.Count == 0) return;
        json.WriteStartArray("categories");
        foreach (string category in categories) json.WriteStringValue(category);
        json.WriteEndArray();
    }

    private static void WriteFixed(Utf8JsonWriter json, FixedEffect effect)
    {
        json.WriteStartObject();
        json.WriteString("component", effect.Component);
        json.WriteString("term", effect.Term);
        WriteNumber(json, "estimate", effect.Estimate);
        WriteNumber(json, "stdError", effect.StdError);
        WriteNumber(json, "statistic", effect.Statistic);
        WriteNumber(json, "df", effect.Df);
        WriteNumber(json, "pValue", effect.PValue);
        WriteLimits(json, effect.Lower, effect.Upper);
        json.WriteEndObject();
    }

    private static void WriteLimits(Utf8JsonWriter json, double? lower, double? upper)
    {
        WriteNumber(json, "lower", lower);
        WriteNumber(json, "upper", upper);
    }

    private static void WriteIntervals(Utf8JsonWriter json, IntervalSummary? intervals)
    {
        if (intervals is null) return;
        json.WriteStartObject("intervals");
        json.WriteString("kind", intervals.Kind);
        json.WriteNumber("level", intervals.Level);
        if (intervals.Replicates is { } replicates)
        {
            json.WriteNumber("replicates", replicates);
            json.WriteNumber("failed", intervals.Failed);
            json.WriteNumber("singular", intervals.Singular);
            if (intervals.KeepGroupEffects is { } kept) json.WriteBoolean("keepsGroupEffects", kept);
        }
        json.WriteEndObject();
    }

    /// <summary>The covariance matrix of the fixed effects, with its names.</summary>
    internal static void WriteCovariance(Utf8JsonWriter json, IReadOnlyList<string> terms, Matrix covariance)
    {
        json.WriteStartObject("vcov");
        json.WriteStartArray("terms");
        foreach (string term in terms) json.WriteStringValue(term);
        json.WriteEndArray();
        json.WriteStartArray("values");
        for (int i = 0; i < covariance.Rows; i++) WriteRow(json, covariance, i);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter json, Matrix matrix, int row)
    {
        json.WriteStartArray();
        for (int j = 0; j < matrix.Columns; j++) WriteNumberValue(json, matrix[row, j]);
        json.WriteEndArray();
    }

    private static void WriteRandom(Utf8JsonWriter json, RandomEffectSd effect)
    {
        json.WriteStartObject();
        json.WriteString("component", effect.Component);
        json.WriteString("group", effect.Group);
        json.WriteString("term", effect.Term);
        WriteNumber(json, "sd", effect.Sd);
        WriteNumber(json, "variance", effect.Sd * effect.Sd);
        WriteLimits(json, effect.Lower, effect.Upper);
        json.WriteEndObject();
    }

    private static void WriteCorrelation(Utf8JsonWriter json, RandomEffectCorrelation pair)
    {
        json.WriteStartObject();
        json.WriteString("group", pair.Group);
        json.WriteString("term1", pair.Term1);
        json.WriteString("term2", pair.Term2);
        WriteNumber(json, "correlation", pair.Correlation);
        WriteLimits(json, pair.Lower, pair.Upper);
        json.WriteEndObject();
    }

    /// <summary>A grouping factor with its number of levels.</summary>
    internal static void WriteGroup(Utf8JsonWriter json, GroupSize group)
    {
        json.WriteStartObject();
        json.WriteString("group", group.Group);
        json.WriteNumber("levels", group.Levels);
        json.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter json, FamilyParameter parameter)
    {
        json.WriteStartObject();
        json.WriteString("name", parameter.Name);
        WriteNumber(json, "estimate", parameter.Estimate);
        if (parameter.StdError is { } error) WriteNumber(json, "stdError", error);
        WriteLimits(json, parameter.Lower, parameter.Upper);
        json.WriteEndObject();
    }

    private static void WriteLikelihood(Utf8JsonWriter json, FitReport fit)
    {
        WriteNumber(json, "residualSd", fit.ResidualSd);
        WriteNumber(json, "icc", fit.Icc);
        WriteNumber(json, "logLik", fit.LogLikelihood);
        if (fit.LogLikelihoodError is { } error) json.WriteNumber("logLikError", error);
        WriteNumber(json, "deviance", fit.Deviance);
        WriteNumber(json, "remlCriterion", fit.RemlCriterion);
        WriteNumber(json, "aic", fit.Aic);
        WriteNumber(json, "bic", fit.Bic);
        WriteNumber(json, "dfResidual", fit.ResidualDf);
    }

    private static void WriteEffects(Utf8JsonWriter json, string name, IReadOnlyList<GroupEffects> groups, bool withSd)
    {
        json.WriteStartObject(name);
        foreach (GroupEffects group in groups)
        {
            json.WriteStartObject(group.Group);
            for (int level = 0; level < group.Levels.Count; level++) WriteLevel(json, group, level, withSd);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteLevel(Utf8JsonWriter json, GroupEffects group, int level, bool withSd)
    {
        json.WriteStartObject(group.Levels[level]);
        for (int term = 0; term < group.Terms.Count; term++)
        {
            if (!withSd)
            {
                WriteNumber(json, group.Terms[term], group.Estimates[level, term]);
                continue;
            }
            json.WriteStartObject(group.Terms[term]);
            WriteNumber(json, "estimate", group.Estimates[level, term]);
            WriteNumber(json, "sd", group.Sds?[level, term]);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteOutcome(Utf8JsonWriter json, FitReport fit)
    {
        json.WriteBoolean("converged", fit.Converged);
        json.WriteBoolean("singular", fit.Singular);
        WriteNumber(json, "gradientNorm", fit.GradientNorm);
        WriteNumber(json, "evaluations", fit.Evaluations);
        json.WriteString("factorisation", fit.Factorisation);
        WriteNumber(json, "seconds", fit.Seconds);
    }

    /// <summary>Writes a list as an array, each item by <paramref name="write"/>.</summary>
    public static void WriteArray<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items) write(json, item);
        json.WriteEndArray();
    }
}
