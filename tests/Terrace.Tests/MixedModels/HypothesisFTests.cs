using System.Text.Json;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Tests.HypothesisTests;

namespace Terrace.Tests.MixedModels;

/// <summary>F tests of several equations at once, against pbkrtest's KRmodcomp and SATmodcomp.</summary>
public class HypothesisFTests
{
    private const string Owls = "NegPerChick ~ FoodTreatment * SexParent + ArrivalTime + (1 | Nest)";
    private const string Sleep = "Reaction ~ factor(Days) + (Days | Subject)";

    [Theory]
    [InlineData("owls_lmm", "contrast2", Owls, "Owls")]
    [InlineData("owls_lmm", "contrast3", Owls, "Owls")]
    [InlineData("sleep_days_unbalanced", "three", Sleep, "sleepstudy_unbalanced")]
    [InlineData("sleep_days_unbalanced", "all", Sleep, "sleepstudy_unbalanced")]
    public void F_degrees_of_freedom_and_scale_agree_with_pbkrtest(string name, string block, string formula, string data)
    {
        JsonElement reference = TestModels.Reference(name).GetProperty(block), kr = reference.GetProperty("KR"), sat = reference.GetProperty("SAT");
        var fit = TestModels.Mixed(formula, data).Fit;
        Matrix l = Equations(reference.GetProperty("L"));
        var adjusted = KenwardRoger.Of(fit).Test(l);
        Compare(TestModels.Numbers(kr, "stat")[0], TestModels.Numbers(kr, "ddf")[0], TestModels.Numbers(kr, "p.value")[0], adjusted, block + " KR");
        TestModels.Close(TestModels.Numbers(kr, "F.scaling")[0], adjusted.Scale, 1e-6, block + " λ");
        Compare(TestModels.Numbers(sat, "statistic")[0], TestModels.Numbers(sat, "ddf")[0], TestModels.Numbers(sat, "p.value")[0], SatterthwaiteDegreesOfFreedom.Of(fit).Test(l), block + " Satterthwaite");
        Assert.Equal((int)TestModels.Numbers(kr, "ndf")[0], adjusted.NumeratorDf);
    }

    /// <summary>One equation is the squared t test; the same equations twice are no more than once; their order and sign do not matter.</summary>
    [Fact]
    public void Tests_do_not_depend_on_how_often_and_in_what_order_an_equation_is_written()
    {
        var fit = TestModels.Mixed(Owls, "Owls").Fit;
        var satterthwaite = SatterthwaiteDegreesOfFreedom.Of(fit);
        var adjusted = KenwardRoger.Of(fit);
        double[] one = [0, 1, 0, 0, 0.5];
        var single = adjusted.Test(Rows(one));
        TestModels.Close(Math.Pow((fit.Beta[1] + 0.5 * fit.Beta[4]) / adjusted.StandardErrorOfContrast(one), 2), single.Statistic, 1e-10, "t²");
        TestModels.Close(adjusted.OfContrast(one), single.DenominatorDf, 1e-8, "df");
        TestModels.Close(1, single.Scale, 1e-10, "λ");
        double[] other = [0, 0, 1, 0, 0.5], negative = [0, -1, 0, 0, -0.5];
        foreach (Func<Matrix, FixedEffectsFTest> test in new Func<Matrix, FixedEffectsFTest>[] { adjusted.Test, satterthwaite.Test })
        {
            FixedEffectsFTest plain = test(Rows(one, other)), again = test(Rows(other, negative)), twice = test(Rows(one, other, one));
            Assert.Equal((2, 2, 2), (plain.NumeratorDf, again.NumeratorDf, twice.NumeratorDf));
            TestModels.Close(plain.Statistic, again.Statistic, 1e-8, "order");
            TestModels.Close(plain.DenominatorDf, again.DenominatorDf, 1e-6, "order df");
            TestModels.Close(plain.Statistic, twice.Statistic, 1e-8, "twice");
        }
    }

    [Fact]
    public void A_hypothesis_without_equations_has_no_test()
    {
        var test = SatterthwaiteDegreesOfFreedom.Of(TestModels.Mixed(Owls, "Owls").Fit).Test(new Matrix(1, 5));
        Assert.Equal(0, test.NumeratorDf);
        Assert.True(double.IsNaN(test.Statistic) && double.IsNaN(test.PValue));
    }

    private static void Compare(double statistic, double df, double p, FixedEffectsFTest test, string what)
    {
        TestModels.Close(statistic, test.Statistic, 2e-5, what + " F");
        TestModels.Close(df, test.DenominatorDf, 2e-4, what + " df");
        TestModels.CloseP(p, test.PValue, 1e-4, what);
    }

    private static Matrix Equations(JsonElement rows) => Rows([.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetDouble()).ToArray())]);

    private static Matrix Rows(params double[][] rows)
    {
        var l = new Matrix(rows.Length, rows[0].Length);
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows[0].Length; j++) l[i, j] = rows[i][j];
        }
        return l;
    }
}
