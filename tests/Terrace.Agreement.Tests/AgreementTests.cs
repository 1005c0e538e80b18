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
            double expected = point.GetProperty("logDensity").GetDouble(), actual = program.Stan.Evaluate(program.StanPosition(point), gradient).Value;
            // rstan's values were printed with 15 digits at points printed with 15 digits.
            Assert.True(Math.Abs(expected - actual) <= 1e-8 * Math.Max(1, Math.Abs(expected)), $"expected {expected:R}, got {actual:R}");
        }
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
            double a = program.Stan.Evaluate(x, stan).Value, b = program.Formula.Evaluate(t, formula).Value;
            constant ??= a - b;
            Assert.True(Math.Abs(a - b - constant.Value) <= 1e-10 * Math.Max(1, Math.Abs(a)), $"log densities differ by {a - b:R}, before by {constant:R}");
            double scale = stan.Max(Math.Abs);
            for (int k = 0; k < x.Length; k++)
            {
                // The map is affine, so a difference over any step is its derivative, up to rounding; two steps of opposite sign cancel the rest.
                double step = 1;
                double[] high = program.FormulaPosition(Moved(x, k, step)), low = program.FormulaPosition(Moved(x, k, -step));
                double chained = 0;
                for (int i = 0; i < t.Length; i++) chained += formula[i] * (high[i] - low[i]) / (2 * step);
                Assert.True(Math.Abs(chained - stan[k]) <= 1e-10 * Math.Max(1, scale), $"coordinate {k}: formula {chained:R}, program {stan[k]:R}");
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
