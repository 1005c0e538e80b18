using Terrace.Data;
using Terrace.Formulas;
using Terrace.NonlinearModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.NonlinearModels;

public class NonlinearFormulaTests
{
    private const string Mean = "circumference ~ SSlogis(age, Asym, xmid, scal)";

    [Theory]
    [InlineData("Asym|Tree", "(0 + Asym | Tree)")]
    [InlineData("(Asym | Tree) + (xmid | Tree)", "(0 + Asym | Tree);(0 + xmid | Tree)")]
    [InlineData("(Asym + xmid | Tree)", "(0 + Asym + xmid | Tree)")]
    [InlineData("(Asym + xmid || Tree)", "(0 + Asym | Tree);(0 + xmid | Tree)")]
    [InlineData("0 + Asym | Tree", "(0 + Asym | Tree)")]
    [InlineData("0 + Asym + xmid + scal + (0 + Asym | Tree)", "(0 + Asym | Tree)")]
    [InlineData("(Asym | site/Tree)", "(0 + Asym | Tree:site);(0 + Asym | site)")]
    public void Random_terms_name_parameters(string random, string expected)
    {
        NonlinearFormula formula = NonlinearFormula.Parse($"{Mean} ~ {random}");
        Assert.Equal(expected, string.Join(';', formula.RandomTerms));
        Assert.Equal(["Asym", "xmid", "scal"], NonlinearMean.Of(formula, []).Parameters);
        Assert.Equal(formula.RandomTerms, NonlinearFormula.Parse(formula.ToString()).RandomTerms);
    }

    [Fact]
    public void Names_are_inputs_unless_a_function_or_a_start_value_makes_them_parameters()
    {
        NonlinearMean mean = NonlinearMean.Of(NonlinearFormula.Parse("y ~ SSlogis(log(dose), Asym, xmid, scal) + shift * x2 / (1 + sqrt(x3))"), ["shift"]);
        Assert.Equal(["Asym", "xmid", "scal", "shift"], mean.Parameters);
        Assert.Equal(["log(dose)", "x2", "sqrt(x3)"], mean.Inputs.Select(input => input.ToString()));
        NonlinearMean scaled = NonlinearMean.Of(NonlinearFormula.Parse("y ~ SSmicmen((dose / 1000), K = K, Vm = Vm)"), []);
        Assert.Equal(["I(dose/1000)"], scaled.Inputs.Select(input => input.ToString()));
    }

    [Theory]
    [InlineData("y ~ SSlogis(x, Asym, xmid, scal)", true)]
    [InlineData("y ~ a + b ~ (a | g)", true)]
    [InlineData("y ~ x + (1 | g)", false)]
    [InlineData("~ x", false)]
    [InlineData("y ~ x +", false)]
    public void A_formula_is_nonlinear_by_its_form(string text, bool expected) => Assert.Equal(expected, NonlinearModelFrame.IsNonlinear(text));

    [Theory]
    [InlineData(Mean + " ~ Asim | Tree", "'Asim' is no parameter of the mean function, so it cannot vary by group. Did you mean 'Asym'?", 49)]
    [InlineData(Mean + " ~ 1 | Tree", "A nonlinear model has no intercept", 49)]
    [InlineData(Mean + " ~ (1 + Asym | Tree)", "A nonlinear model has no intercept", 52)]
    [InlineData(Mean + " ~ (0 | Tree)", "A nonlinear model has no intercept", 50)]
    [InlineData(Mean + " ~ log(Asym) | Tree", "'log(Asym)' is no parameter", 49)]
    [InlineData(Mean + " ~ (Asym:xmid | Tree)", "no interactions", 50)]
    [InlineData(Mean + " ~ Asym", "The third part of a nonlinear formula has the random terms", 49)]
    [InlineData(Mean + " ~ Asym + (Asym | Tree)", "add 'xmid'", 49)]
    [InlineData(Mean + " ~ Asym | Tree ~ age", "at most two '~'", 61)]
    [InlineData(Mean + " ~ ~ Asym | Tree", "Something is missing before this '~'", 49)]
    [InlineData(Mean + " ~ Asym | tree", "'tree' in data. Did you mean 'Tree'?", 56)]
    [InlineData("circumference ~ SSlogis(aeg, Asym, xmid, scal)", "neither a column of data nor a parameter with a start value. Did you mean 'age'?", 24)]
    [InlineData("circumferenc ~ SSlogis(age, Asym, xmid, scal)", "Did you mean 'circumference'?", 0)]
    [InlineData("circumference ~ SSlogis(age, Asym, xmid)", "SSlogis() needs the argument 'scal'; it is SSlogis(input, Asym, xmid, scal).", 16)]
    [InlineData("circumference ~ SSlogi(age, Asym, xmid, scal)", "There is no mean function 'SSlogi'. Did you mean 'SSlogis'?", 16)]
    [InlineData("circumference ~ SSlogis(age, Tree, xmid, scal)", "'Tree' is a column of data, so it cannot be a parameter of SSlogis(input, Asym, xmid, scal)", 29)]
    [InlineData("circumference ~ SSlogis(Tree, Asym, xmid, scal)", "'Tree' has no numbers", 24)]
    [InlineData("circumference ~ SSlogis(poly(age, 2), Asym, xmid, scal)", "'poly(age, 2)' has several columns", 24)]
    [InlineData("circumference ~ SSlogis(foo(age), Asym, xmid, scal)", "There is no function 'foo'", 24)]
    [InlineData("circumference ~ SSlogis(circumference, Asym, xmid, scal)", "The response cannot be an input", 24)]
    [InlineData("circumference ~ SSlogis(Asym, Asym, xmid, scal)", "The argument 'input' of SSlogis() is an input", 24)]
    [InlineData("circumference ~ a * exp(-b * age)", "The mean function has no parameters", 18)]
    [InlineData("circumference ~ SSlogis(age, Asym, xmid, scal) & age", "'&' is none of it", 47)]
    [InlineData("circumference ~ gamma(SSlogis(age, Asym, xmid, scal))", "There is no function 'gamma' that can be applied to parameters", 16)]
    public void Faults_show_their_place(string formula, string problem, int position)
    {
        var fault = Assert.Throws<FormulaException>(() => NonlinearModelFrame.Learn(NonlinearFormula.Parse(formula), Renamed()));
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
        Assert.Equal(position, fault.Position);
        Assert.Contains(formula[..10], fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("age", "'age' is a column")]
    [InlineData("b2", "no parameter 'b2', for which there is a start value.")]
    public void Start_values_of_no_parameter_are_refused(string name, string problem)
    {
        var start = new Dictionary<string, double> { ["a"] = 1, ["b"] = 1, [name] = 1 };
        var fault = Assert.Throws<FormulaException>(() => NonlinearModelFrame.Learn(NonlinearFormula.Parse("circumference ~ a * exp(-b * age)"), Renamed(), new NonlinearModelOptions { Start = start }));
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_without_start_values_of_its_own_asks_for_them()
    {
        var options = new NonlinearModelOptions { Start = new Dictionary<string, double> { ["a"] = 1 }, Functions = [MeanFunction.Of("decay", ["x"], ["a", "b", "c0"], (x, phi) => phi[0] * Math.Exp(-phi[1] * x[0]) + phi[2])] };
        var fault = Assert.Throws<ModelException>(() => NonlinearFixture.FitNls("circumference ~ decay(age, a, b, c0)", Renamed(), options));
        Assert.Contains("b, c0 have none; give them, as in --start b=1", fault.Message, StringComparison.Ordinal);
    }

    private static Frame Renamed() => new(Fixtures.Data("Orange").Columns);
}
