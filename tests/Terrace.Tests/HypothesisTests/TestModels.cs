using System.Text.Json;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.HypothesisTests;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.HypothesisTests;

/// <summary>Models fitted for tests, and R's tables of them (tests_and_means.json, whose members name the calls).</summary>
internal static class TestModels
{
    /// <summary>The reference block of a model.</summary>
    public static JsonElement Reference(string name) => Fixtures.Reference("tests_and_means").GetProperty(name);

    /// <summary>A column of a table, NaN for null.</summary>
    public static double[] Numbers(JsonElement table, string column) =>
        [.. table.GetProperty(column).EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Number ? v.GetDouble() : double.NaN)];

    /// <summary>A column of a table as text.</summary>
    public static string[] Texts(JsonElement table, string column) => [.. table.GetProperty(column).EnumerateArray().Select(v => v.ToString())];

    /// <summary>The data, of sleepstudy also without every seventh row.</summary>
    public static Frame Data(string name)
    {
        if (name != "sleepstudy_unbalanced") return Fixtures.Data(name);
        Frame all = Fixtures.Data("sleepstudy");
        return all.Where([.. Enumerable.Range(1, all.RowCount).Select(i => i % 7 != 0)]);
    }

    public static (ModelFrame Frame, ModelRows Rows) Rows(string formula, Frame data, ModelFrameOptions? options = null)
    {
        ModelFrame frame = ModelFrame.Learn(Formula.Parse(formula), data, options);
        return (frame, frame.Encode(data));
    }

    public static (MixedModelFit Fit, ModelFrame Frame, ModelRows Rows) Mixed(string formula, string data, Family? family = null, bool reml = true)
    {
        var (frame, rows) = Rows(formula, Data(data));
        MixedModelFit fit = family is null ? LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = reml }) : GeneralizedLinearMixedModel.Fit(rows, family);
        return (fit, frame, rows);
    }

    public static FixedEffectsEstimates Estimates(string formula, string data, DegreesOfFreedomMethod method, Family? family = null)
    {
        var (fit, frame, rows) = Mixed(formula, data, family);
        return FixedEffectsEstimates.Of(fit, frame, rows, method);
    }

    public static (GeneralizedLinearModelFit Fit, ModelFrame Frame, ModelRows Rows) Linear(string formula, Frame data, Family? family = null, ModelFrameOptions? options = null)
    {
        var (frame, rows) = Rows(formula, data, options);
        return (family is null ? LinearModel.Fit(rows) : GeneralizedLinearModel.Fit(rows, family), frame, rows);
    }

    /// <summary>Fails unless the numbers agree within a relative tolerance.</summary>
    public static void Close(double expected, double actual, double tolerance, string what) =>
        Assert.True(double.IsNaN(expected) ? double.IsNaN(actual) : Math.Abs(expected - actual) <= tolerance * Math.Max(Math.Abs(expected), 1e-8), $"{what}: expected {expected:R}, got {actual:R}");

    /// <summary>Fails unless two probabilities agree in their logarithms.</summary>
    public static void CloseP(double expected, double actual, double tolerance, string what) => Close(Math.Log(Math.Max(expected, 1e-300)), Math.Log(Math.Max(actual, 1e-300)), tolerance, what + " log p");
}
