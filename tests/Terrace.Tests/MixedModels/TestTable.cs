using System.Text.Json;
using Terrace.MixedModels;

namespace Terrace.Tests.MixedModels;

/// <summary>Compares tests of coefficients with a summary of lmerTest.</summary>
internal static class TestTable
{
    public static void Compare(JsonElement table, MixedModelFit fit, CoefficientTests tests, double dfTolerance)
    {
        string[] names = [.. table.GetProperty("rows").EnumerateArray().Select(r => r.GetString()!)];
        Assert.Equal(names, fit.FixedNames);
        for (int j = 0; j < names.Length; j++)
        {
            double[] row = [.. table.GetProperty("values")[j].EnumerateArray().Select(v => v.GetDouble())];
            Relative(row[1], tests.StandardErrors[j], 1e-5, names[j] + " se");
            Relative(row[2], tests.DegreesOfFreedom[j], dfTolerance, names[j] + " df");
            Relative(row[3], tests.Statistic(j), 1e-4, names[j] + " t");
            Relative(Math.Log(row[4]), Math.Log(tests.PValue(j)), 1e-3, names[j] + " log p");
        }
    }

    private static void Relative(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(Math.Abs(expected), 1e-8), $"{what}: expected {expected:R}, got {actual:R}");
}
