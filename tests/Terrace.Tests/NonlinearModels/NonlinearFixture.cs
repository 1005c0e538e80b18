using System.Text.Json;
using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.NonlinearModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.NonlinearModels;

/// <summary>R's nls fits with their data, and fits of Terrace to compare.</summary>
internal static class NonlinearFixture
{
    public static JsonElement Nls(string name) => Fixtures.Reference("nls_selfstart").GetProperty("fits").EnumerateArray().Single(fit => fit.GetProperty("name").GetString() == name);

    public static Frame FrameOf(JsonElement fit) => new(fit.GetProperty("data").EnumerateObject().Select(column => (Column)new NumericColumn(column.Name, Numbers(column.Value))));

    public static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetDouble())];

    public static Dictionary<string, double> Start(JsonElement fit) =>
        fit.TryGetProperty("start", out JsonElement start) && start.ValueKind == JsonValueKind.Object ? start.EnumerateObject().Where(v => v.Value.ValueKind == JsonValueKind.Number).ToDictionary(v => v.Name, v => v.Value.GetDouble()) : [];

    public static NonlinearModelFit FitNls(string formula, Frame data, NonlinearModelOptions? options = null, ModelFrameOptions? frameOptions = null)
    {
        var frame = NonlinearModelFrame.Learn(NonlinearFormula.Parse(formula), data, options, frameOptions);
        return NonlinearLeastSquares.Fit(frame, frame.Encode(data), options);
    }

    public static void Close(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(Math.Abs(expected), 1e-8), $"{what}: expected {expected:R}, got {actual:R}");
}
