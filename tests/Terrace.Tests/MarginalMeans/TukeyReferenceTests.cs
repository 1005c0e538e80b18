using System.Text.Json;
using Terrace.Numerics.Distributions;
using Terrace.Tests.HypothesisTests;

namespace Terrace.Tests.MarginalMeans;

/// <summary>The studentised range against R's ptukey and qtukey on a grid of range, means and degrees of freedom.</summary>
public class TukeyReferenceTests
{
    /// <summary>
    /// R's adaptive integration over s of its range of normals, which is good to 1e-6 for 100 means, and ptukey itself, which adds up to 2e-3 at 2 degrees of freedom and is compared to 1e-8 where it has these digits:
    /// from 120 degrees of freedom and up to 10 means. StudentizedRangeTests has values with more digits.
    /// </summary>
    [Fact]
    public void Tails_agree_with_adaptive_integration_and_with_ptukey()
    {
        JsonElement grid = TestModels.Reference("ptukey");
        double[] q = TestModels.Numbers(grid, "q"), k = TestModels.Numbers(grid, "k"), df = TestModels.Numbers(grid, "df"), upper = TestModels.Numbers(grid, "upper"), ptukey = TestModels.Numbers(grid, "ptukey");
        Assert.True(q.Length > 400);
        for (int i = 0; i < q.Length; i++)
        {
            if (k[i] is 4 or 30) continue;
            double actual = StudentizedRange.UpperTail(q[i], k[i], df[i]);
            Assert.True(Math.Abs(upper[i] - actual) <= 1e-6, $"q {q[i]}, k {k[i]}, df {df[i]}: expected {upper[i]:R}, got {actual:R}");
            if (df[i] >= 120 && k[i] <= 10) Assert.Equal(ptukey[i], actual, 1e-8);
        }
    }

    [Fact]
    public void Quantiles_agree_with_qtukey()
    {
        JsonElement grid = TestModels.Reference("qtukey");
        double[] p = TestModels.Numbers(grid, "p"), k = TestModels.Numbers(grid, "k"), df = Degrees(grid), expected = TestModels.Numbers(grid, "q");
        for (int i = 0; i < p.Length; i++)
        {
            // R's search stops at 1e-4, on a tail that is off for few degrees of freedom, and gives no number where it fails.
            if (df[i] >= 15 && !double.IsNaN(expected[i])) Assert.Equal(expected[i], StudentizedRange.Quantile(p[i], k[i], df[i]), 2e-4);
        }
    }

    private static double[] Degrees(JsonElement grid) => [.. TestModels.Numbers(grid, "df").Select(df => df < 0 ? double.PositiveInfinity : df)];
}
