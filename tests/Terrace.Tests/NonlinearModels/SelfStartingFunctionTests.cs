using System.Text.Json;
using Terrace.Data;
using Terrace.Formulas;
using Terrace.NonlinearModels;
using Terrace.Tests.TestData;
using static Terrace.Tests.NonlinearModels.NonlinearFixture;

namespace Terrace.Tests.NonlinearModels;

public class SelfStartingFunctionTests
{
    public static TheoryData<int> Values => [.. Enumerable.Range(0, Fixtures.Reference("nls_selfstart").GetProperty("values").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Values))]
    public void Values_and_gradients_are_those_of_R(int index)
    {
        JsonElement reference = Fixtures.Reference("nls_selfstart").GetProperty("values")[index];
        string call = reference.GetProperty("call").GetString()!;
        var mean = NonlinearMean.Of(NonlinearFormula.Parse("y ~ " + call), []);
        double[] parameters = [.. mean.Parameters.Select(name => reference.GetProperty("parameters").GetProperty(name).GetDouble())];
        double[][] inputs = [.. mean.Inputs.Select(input => Numbers(reference.GetProperty("inputs").GetProperty(input.ToString())))];
        double[] values = Numbers(reference.GetProperty("value")), gradient = new double[parameters.Length];
        for (int i = 0; i < values.Length; i++)
        {
            Close(values[i], mean.Evaluate([.. inputs.Select(column => column[i])], parameters, gradient), 1e-12, $"{call} {i}");
            for (int k = 0; k < gradient.Length; k++) Close(reference.GetProperty("gradient")[i][k].GetDouble(), gradient[k], 1e-10, $"{call} {i} {mean.Parameters[k]}");
        }
    }

    public static TheoryData<string> Functions => [.. SelfStartingFunctions.All.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Gradients_are_the_differences_of_values(string name)
    {
        SelfStartingFunction function = SelfStartingFunctions.Find(name)!;
        var random = new Terrace.Numerics.RandomNumbers.Rng(4711, 0);
        var byDifferences = MeanFunction.Of(name, function.Inputs, function.Parameters, (x, phi) => function.Evaluate(x, phi, []));
        for (int trial = 0; trial < 200; trial++)
        {
            double[] inputs = [.. function.Inputs.Select(_ => 0.1 + 4 * random.NextDouble())], parameters = [.. function.Parameters.Select(_ => 0.2 + 1.5 * random.NextDouble())];
            if (name == "SSfol" && trial % 4 == 0) parameters[1] = parameters[0] + 1e-3 * (random.NextDouble() - 0.5);
            double[] exact = new double[parameters.Length], differences = new double[parameters.Length];
            Assert.Equal(function.Evaluate(inputs, parameters, exact), byDifferences.Evaluate(inputs, parameters, differences));
            double scale = exact.Max(Math.Abs) + 1e-3;
            for (int k = 0; k < exact.Length; k++) Assert.True(Math.Abs(exact[k] - differences[k]) < 1e-7 * scale, $"{name} {function.Parameters[k]}: {exact[k]} and {differences[k]}");
        }
    }

    /// <summary>Curves of many shapes, seen with noise of 1 % of their range, are found without start values: the fit is at least as good as the truth.</summary>
    [Theory]
    [InlineData("SSlogis(x, Asym, xmid, scal)", 100.0, 4.0, 1.0)]
    [InlineData("SSlogis(x, Asym, xmid, scal)", -3.0, 7.0, -2.0)]
    [InlineData("SSlogis(x, Asym, xmid, scal)", 3.0, 2.0, 0.2)]
    [InlineData("SSfpl(x, A, B, xmid, scal)", 5.0, 100.0, 4.0, 1.0)]
    [InlineData("SSfpl(x, A, B, xmid, scal)", 2.0, -2.0, 6.0, 0.5)]
    [InlineData("SSasymp(x, Asym, R0, lrc)", 10.0, -5.0, -1.0)]
    [InlineData("SSasymp(x, Asym, R0, lrc)", -1.0, 5.0, 0.7)]
    [InlineData("SSasympOff(x, Asym, lrc, c0)", 20.0, -0.5, 0.4)]
    [InlineData("SSasympOrig(x, Asym, lrc)", 50.0, -1.2)]
    [InlineData("SSmicmen(x, Vm, K)", 200.0, 0.6)]
    [InlineData("SSmicmen(x, Vm, K)", 2.0, 9.0)]
    [InlineData("SSbiexp(x, A1, lrc1, A2, lrc2)", 3.0, 1.0, 0.6, -1.3)]
    [InlineData("SSfol(dose, x, lKe, lKa, lCl)", -2.5, 0.5, -3.0)]
    [InlineData("SSfol(dose, x, lKe, lKa, lCl)", -1.0, 0.7, 1.0)]
    [InlineData("SSgompertz(x, Asym, b2, b3)", 5.0, 3.0, 0.6)]
    [InlineData("SSgompertz(x, Asym, b2, b3)", 400.0, 8.0, 0.5)]
    [InlineData("SSweibull(x, Asym, Drop, lrc, pwr)", 160.0, 115.0, -4.0, 2.5)]
    public void Start_values_lead_to_the_curve(string call, params double[] truth)
    {
        double[] x = [.. Enumerable.Range(1, 40).Select(i => 0.25 * i)], dose = [.. x.Select((_, i) => 3.0 + i % 3)];
        var mean = NonlinearMean.Of(NonlinearFormula.Parse("y ~ " + call), []);
        double[] exact = [.. x.Select((v, i) => mean.Evaluate(mean.Inputs.Count == 2 ? [dose[i], v] : [v], truth, []))];
        var random = new Terrace.Numerics.RandomNumbers.Rng(1, 0);
        double noise = 0.01 * (exact.Max() - exact.Min());
        double[] y = [.. exact.Select(v => v + noise * random.NextNormal())];
        var fit = FitNls("y ~ " + call, new Frame([new NumericColumn("x", x), new NumericColumn("dose", dose), new NumericColumn("y", y)]));
        Assert.True(fit.Deviance <= y.Zip(exact, (a, b) => (a - b) * (a - b)).Sum(), $"{call}: {fit.Deviance}");
    }
}
