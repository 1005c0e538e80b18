using System.Text.Json;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.NonlinearModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Predictions;

namespace Terrace.SavedFits;

/// <summary>What predictions need of a fit, in JSON.</summary>
internal static class PredictionModelJson
{
    /// <summary>Writes the model as an object value.</summary>
    public static void Write(Utf8JsonWriter json, PredictionModel model)
    {
        json.WriteStartObject();
        json.WriteString("family", model.Family.Name);
        json.WriteString("link", model.Family.Link.Name);
        FitDocument.WriteNumber(json, "dispersion", model.Dispersion);
        json.WriteStartArray("columns");
        foreach (string name in model.FixedNames) json.WriteStringValue(name);
        json.WriteEndArray();
        NumberArrays.Write(json, "beta", [.. model.Beta]);
        if (model.Nonlinear is { } mean) WriteNonlinear(json, mean);
        if (model.Coefficients is { } coefficients) WriteCoefficients(json, coefficients);
        if (model.Joint is { } joint)
        {
            json.WriteStartObject("mixed");
            JointPrecisionJson.Write(json, joint, model.Terms);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The parts do not fit together.</exception>
    public static PredictionModel Read(JsonElement element)
    {
        Family family = Family.Parse(element.GetProperty("family").GetString()!, element.GetProperty("link").GetString());
        double dispersion = element.GetProperty("dispersion") is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;
        string[] names = [.. element.GetProperty("columns").EnumerateArray().Select(name => name.GetString()!)];
        double[] beta = NumberArrays.ReadDoubles(element, "beta", names.Length);
        NonlinearMean? mean = ReadNonlinear(element, names);
        if (!element.TryGetProperty("mixed", out JsonElement mixed)) return PredictionModel.Of(family, ReadCoefficients(element.GetProperty("linear"), names, beta), dispersion, mean);
        var (joint, terms) = JointPrecisionJson.Read(mixed);
        if (joint.Basis.Columns != names.Length) throw new FormatException($"the joint precision has {joint.Basis.Columns} columns, the model {names.Length}.");
        return new PredictionModel { Family = family, FixedNames = names, Beta = beta, Dispersion = dispersion, Terms = terms, Joint = joint, Nonlinear = mean };
    }

    private static void WriteNonlinear(Utf8JsonWriter json, NonlinearMean mean)
    {
        if (!mean.UsesOnlyBuiltIn) throw new ModelException($"The mean {mean.Expression} calls a function of your own, which a saved fit cannot hold; write the function out in the formula to save the fit.");
        json.WriteStartObject("nonlinear");
        json.WriteString("formula", mean.Formula.ToString());
        json.WriteEndObject();
    }

    private static NonlinearMean? ReadNonlinear(JsonElement element, string[] names)
    {
        if (!element.TryGetProperty("nonlinear", out JsonElement nonlinear)) return null;
        NonlinearMean mean = NonlinearMean.Of(NonlinearFormula.Parse(nonlinear.GetProperty("formula").GetString()!), names);
        return mean.Parameters.SequenceEqual(names) ? mean : throw new FormatException("the parameters are not those of the mean function.");
    }

    private static void WriteCoefficients(Utf8JsonWriter json, CoefficientEstimates coefficients)
    {
        json.WriteStartObject("linear");
        FitDocument.WriteNumber(json, "degreesOfFreedom", coefficients.DegreesOfFreedom);
        NumberArrays.Write(json, "estimable", [.. coefficients.EstimableColumns]);
        NumberArrays.Write(json, "covariance", coefficients.Covariance.Values);
        NumberArrays.Write(json, "dependencies", coefficients.Dependencies.Values);
        json.WriteEndObject();
    }

    private static CoefficientEstimates ReadCoefficients(JsonElement element, string[] names, double[] beta)
    {
        int[] estimable = NumberArrays.ReadIntegers(element, "estimable", -1);
        if (estimable.Length != beta.Count(value => !double.IsNaN(value)) || estimable.Any(j => j < 0 || j >= names.Length || double.IsNaN(beta[j])))
            throw new FormatException("the estimable columns are not those with a coefficient.");
        int p = estimable.Length, aliased = names.Length - p;
        return new CoefficientEstimates
        {
            Terms = names,
            Values = beta,
            Covariance = new Matrix(p, p, NumberArrays.ReadDoubles(element, "covariance", (long)p * p)),
            EstimableColumns = estimable,
            Dependencies = new Matrix(names.Length, aliased, NumberArrays.ReadDoubles(element, "dependencies", (long)names.Length * aliased)),
            DegreesOfFreedom = element.GetProperty("degreesOfFreedom") is { ValueKind: JsonValueKind.Number } df ? df.GetDouble() : double.PositiveInfinity,
        };
    }
}
