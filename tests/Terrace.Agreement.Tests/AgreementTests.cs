using System.Text.Json;
using Terrace.Tests.StanCode;
using Terrace.Tests.TestData;

namespace Terrace.Agreement.Tests;

/// <summary>
/// Two roads, one place: every family, prior and kind of group-level term as a formula model and as the Stan program that it prints, compiled by our compiler. Both unconstrained spaces are affine maps of each other,
/// so the log densities differ by a constant and the gradients by the linear part of the map.
/// </summary>
public sealed class AgreementTests
{
    public static TheoryData<string> Names => [.. Fixtures.Bayes("stan_densities").EnumerateObject().Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_compiled_program_has_the_log_density_that_rstan_computed(string name)
    {
        JsonElement json = Fixtures.Bayes("stan_densities").GetProperty(name);
        var program = new FormulaProgram(StanModelCase.Model(json), name);
        var gradient = new double[program.Stan.Dimension];
        foreach (JsonElement point in json.GetProperty("points").EnumerateArray())
        {
            double expected = point.GetProperty("logDensity").GetDouble() + SimplexDifference(point), actual = program.Stan.Evaluate(program.StanPosition(point), gradient).Value;
            // rstan's values were printed with 15 digits at points printed with 15 digits.
            Assert.True(Math.Abs(expected - actual) <= 1e-8 * Math.Max(1, Math.Abs(expected)), $"expected {expected:R}, got {actual:R}");
        }
    }

    /// <summary>
    /// rstan 2.21 frees a simplex by breaking a stick, we as Stan 2.37 does by the softmax of a vector that sums to 0: the difference of the log Jacobians, Σ log xᵢ + ½ log K less Σ (log xᵢ + log(1 − zᵢ)) with
    /// zᵢ the broken share of what is left of the stick.
    /// </summary>
    private static double SimplexDifference(JsonElement point)
    {
        if (!point.TryGetProperty("R2D2_phi", out JsonElement shares)) return 0;
        double[] x = [.. shares.EnumerateArray().Select(share => share.GetDouble())];
        double left = 1, stick = 0;
        for (int k = 0; k < x.Length - 1; k++)
        {
            stick += Math.Log(x[k]) + Math.Log(1 - (x[k] / left));
            left -= x[k];
        }
        return x.Sum(Math.Log) + (0.5 * Math.Log(x.Length)) - stick;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_formula_model_and_its_program_agree_in_log_density_and_gradient(string name)
    {
        JsonElement json = Fixtures.Bayes("stan_densities").GetProperty(name);
        var program = new FormulaProgram(StanModelCase.Model(json), name);
        double? constant = null;
        foreach (JsonElement point in json.GetProperty("points").EnumerateArray())
        {
            double[] x = program.StanPosition(point), t = program.FormulaPosition(x);
            double[] stan = new double[x.Length], formula = new double[t.Length];
            // The simplex of R2D2 is freed in two ways, so there the variables' own densities are compared, along a curved map.
            bool curved = point.TryGetProperty("R2D2_phi", out _);
            double a = program.Stan.Evaluate(x, stan, !curved).Value, b = program.Formula.Evaluate(t, formula, !curved).Value;
            constant ??= a - b;
            Assert.True(Math.Abs(a - b - constant.Value) <= 1e-10 * Math.Max(1, Math.Abs(a)), $"log densities differ by {a - b:R}, before by {constant:R}");
            double scale = stan.Max(Math.Abs);
            for (int k = 0; k < x.Length; k++)
            {
                // The map is affine, so a difference over any step is its derivative, up to rounding; two steps of opposite sign cancel the rest.
                double step = curved ? 1e-4 : 1, tolerance = curved ? 1e-6 : 1e-10;
                double[] high = program.FormulaPosition(Moved(x, k, step)), low = program.FormulaPosition(Moved(x, k, -step));
                double chained = 0;
                for (int i = 0; i < t.Length; i++) chained += formula[i] * (high[i] - low[i]) / (2 * step);
                Assert.True(Math.Abs(chained - stan[k]) <= tolerance * Math.Max(1, scale), $"coordinate {k}: formula {chained:R}, program {stan[k]:R}");
            }
        }
    }

    private static double[] Moved(double[] x, int k, double step)
    {
        double[] moved = [.. x];
        moved[k] += step;
        return moved;
    }
}
