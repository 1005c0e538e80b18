using System.Text.Json;
using Terrace.Cli.Commands;
using Terrace.MixedModels;
using Terrace.SavedFits;

namespace Terrace.Cli.Documents;

/// <summary>The member <c>diagnostics</c> of the document of <c>terrace fit --json</c>.</summary>
internal static class DiagnosisDocument
{
    /// <summary>Writes the member.</summary>
    public static void Write(Utf8JsonWriter json, FitDiagnosis diagnosis)
    {
        json.WriteStartObject("diagnostics");
        if (diagnosis.Convergence is { } convergence) WriteConvergence(json, convergence);
        if (diagnosis.Variance is { } variance) WriteVariance(json, variance);
        Array(json, "pca", diagnosis.Components, WriteComponents);
        Array(json, "levels", diagnosis.Levels, WriteLevel);
        if (diagnosis.Restarts is { } restarts) WriteRestarts(json, restarts);
        if (diagnosis.Poolings is { } poolings) WritePoolings(json, poolings);
        json.WriteEndObject();
    }

    private static void WriteConvergence(Utf8JsonWriter json, ConvergenceCheck check)
    {
        json.WriteStartObject("convergence");
        json.WriteBoolean("converged", check.Converged);
        json.WriteBoolean("isMinimum", check.IsMinimum);
        json.WriteBoolean("hessianIsExact", check.HessianIsExact);
        FitDocument.WriteNumber(json, "standardErrorsFromOptimum", check.StandardErrorsFromOptimum);
        FitDocument.WriteNumber(json, "promisedFall", check.PromisedFall);
        Numbers(json, "eigenvalues", check.Eigenvalues);
        Array(json, "parameters", check.Parameters, (writer, parameter) =>
        {
            writer.WriteString("name", parameter.Name);
            FitDocument.WriteNumber(writer, "gradient", parameter.Gradient);
            FitDocument.WriteNumber(writer, "standardErrorsFromOptimum", parameter.StandardErrorsFromOptimum);
            FitDocument.WriteNumber(writer, "curvature", parameter.Curvature);
            writer.WriteBoolean("onBoundary", parameter.OnBoundary);
        });
        json.WriteString("verdict", check.Verdict);
        json.WriteEndObject();
    }

    private static void WriteVariance(Utf8JsonWriter json, ExplainedVariance variance)
    {
        FitDocument.WriteNumber(json, "fixedVariance", variance.FixedVariance);
        FitDocument.WriteNumber(json, "randomVariance", variance.RandomVariance);
        Array(json, "r2", variance.Measures, (writer, measure) =>
        {
            writer.WriteString("method", measure.Method);
            FitDocument.WriteNumber(writer, "residualVariance", measure.ResidualVariance);
            FitDocument.WriteNumber(writer, "marginal", measure.Marginal);
            FitDocument.WriteNumber(writer, "conditional", measure.Conditional);
            FitDocument.WriteNumber(writer, "iccAdjusted", measure.AdjustedIcc);
            FitDocument.WriteNumber(writer, "iccUnadjusted", measure.UnadjustedIcc);
            Array(writer, "groups", measure.Groups, (inner, group) =>
            {
                inner.WriteString("group", group.Group);
                FitDocument.WriteNumber(inner, "iccAdjusted", group.Adjusted);
                FitDocument.WriteNumber(inner, "iccUnadjusted", group.Unadjusted);
            });
        });
    }

    private static void WriteComponents(Utf8JsonWriter json, RandomEffectsPca pca)
    {
        json.WriteString("group", pca.Group);
        json.WriteString("term", pca.Term);
        Numbers(json, "sd", pca.StandardDeviations);
        Numbers(json, "proportions", pca.Proportions);
        Numbers(json, "contributions", pca.Contributions);
        json.WriteNumber("rank", pca.Rank);
        json.WriteString("advice", pca.Advice);
    }

    private static void WriteLevel(Utf8JsonWriter json, LevelSummary level)
    {
        json.WriteString("level", level.Level);
        json.WriteNumber("units", level.Units);
        FitDocument.WriteNumber(json, "r2", level.RSquared);
        FitDocument.WriteNumber(json, "pooling", level.Pooling);
        FitDocument.WriteNumber(json, "varianceExplained", level.VarianceExplained);
        Array(json, "predictors", level.Predictors, (writer, predictor) =>
        {
            writer.WriteString("term", predictor.Name);
            FitDocument.WriteNumber(writer, "slope", predictor.Slope);
            FitDocument.WriteNumber(writer, "correlation", predictor.Correlation);
        });
    }

    private static void WriteRestarts(Utf8JsonWriter json, RestartCheck restarts)
    {
        json.WriteStartObject("restarts");
        json.WriteString("verdict", restarts.Verdict);
        json.WriteBoolean("fitIsBest", restarts.FitIsBest);
        json.WriteNumber("agreeing", restarts.Agreeing);
        FitDocument.WriteNumber(json, "spread", restarts.Spread);
        Array(json, "searches", restarts.Searches, (writer, search) =>
        {
            writer.WriteString("name", search.Name);
            FitDocument.WriteNumber(writer, "logLik", search.LogLikelihood);
            FitDocument.WriteNumber(writer, "standardErrorsFromBest", search.StandardErrorsFromBest);
            writer.WriteBoolean("converged", search.Converged);
            writer.WriteNumber("evaluations", search.Evaluations);
            Numbers(writer, "fixed", search.FixedEffects);
            Numbers(writer, "sd", search.StandardDeviations);
            FitDocument.WriteNumber(writer, "sigma", search.Sigma);
        });
        json.WriteEndObject();
    }

    private static void WritePoolings(Utf8JsonWriter json, ThreePoolings poolings)
    {
        json.WriteStartObject("poolings");
        json.WriteString("group", poolings.Group);
        FitDocument.WriteNumber(json, "groupSd", poolings.GroupSd);
        json.WriteStartObject("complete");
        FitDocument.WriteNumber(json, "estimate", poolings.Complete);
        FitDocument.WriteNumber(json, "stdError", poolings.CompleteStdError);
        json.WriteEndObject();
        json.WriteStartObject("reference");
        foreach ((string column, double value) in poolings.Reference) FitDocument.WriteNumber(json, column, value);
        json.WriteEndObject();
        Array(json, "rows", poolings.Groups, (writer, group) =>
        {
            writer.WriteString("level", group.Level);
            writer.WriteNumber("n", group.Rows);
            FitDocument.WriteNumber(writer, "noPooling", group.NoPooling);
            FitDocument.WriteNumber(writer, "noPoolingStdError", group.NoPoolingStdError);
            FitDocument.WriteNumber(writer, "partialPooling", group.PartialPooling);
            FitDocument.WriteNumber(writer, "partialPoolingSd", group.PartialPoolingSd);
            FitDocument.WriteNumber(writer, "predicted", group.Predicted);
            FitDocument.WriteNumber(writer, "weight", group.Weight);
            FitDocument.WriteNumber(writer, "weightApproximate", group.ApproximateWeight);
        });
        json.WriteEndObject();
    }

    private static void Array<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Numbers(Utf8JsonWriter json, string name, IReadOnlyList<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values) FitDocument.WriteNumberValue(json, value);
        json.WriteEndArray();
    }
}
