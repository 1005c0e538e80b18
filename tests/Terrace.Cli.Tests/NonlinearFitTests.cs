using System.Text.Json;

namespace Terrace.Cli.Tests;

public class NonlinearFitTests
{
    private const string OneEffect = "circumference ~ SSlogis(age, Asym, xmid, scal) ~ Asym|Tree";
    private static readonly string Orange = Folder.Example("Orange");

    [Fact]
    public void A_nonlinear_mixed_model_has_lme4s_numbers()
    {
        JsonElement fit = Tool.Json("fit", OneEffect, "--data", Orange);
        Assert.Equal(("laplace", "gaussian", "identity"), (Text(fit, "engine"), Text(fit, "family"), Text(fit, "link")));
        Assert.Equal("SSlogis(age, Asym, xmid, scal)", Text(fit, "meanFunction"));
        Assert.Equal("circumference ~ SSlogis(age, Asym, xmid, scal) ~ Asym | Tree", Text(fit, "formula"));
        JsonElement asymptote = fit.GetProperty("fixed")[0];
        Assert.Equal("Asym", Text(asymptote, "term"));
        Assert.Equal(192.0532, asymptote.GetProperty("estimate").GetDouble(), 3);
        Assert.Equal(15.5839, asymptote.GetProperty("stdError").GetDouble(), 3);
        Assert.Equal(JsonValueKind.Null, asymptote.GetProperty("pValue").ValueKind);
        Assert.Equal(-131.571885, fit.GetProperty("logLik").GetDouble(), 4);
        Assert.Equal(31.6463, fit.GetProperty("random")[0].GetProperty("sd").GetDouble(), 3);
        Assert.Equal(35, fit.GetProperty("n").GetInt32());
        Assert.Equal(["1", "2", "3", "4", "5"], fit.GetProperty("ranef").GetProperty("Tree").EnumerateObject().Select(level => level.Name));
        JsonElement coef = fit.GetProperty("coef").GetProperty("Tree").GetProperty("1");
        Assert.Equal(["Asym", "xmid", "scal"], coef.EnumerateObject().Select(parameter => parameter.Name));
        Assert.Equal(162.491, coef.GetProperty("Asym").GetDouble(), 2);
        Assert.True(fit.GetProperty("converged").GetBoolean());
    }

    [Fact]
    public void A_start_value_that_hides_the_other_parameters_is_refused_by_name() =>
        Tool.Run("fit", OneEffect, "--data", Orange, "--start", "Asym=1e308").Refuses(1, "'xmid'", "start values");

    [Fact]
    public void Without_random_terms_it_is_least_squares_with_t_tests()
    {
        JsonElement fit = Tool.Json("fit", "circumference ~ SSlogis(age, Asym, xmid, scal)", "--data", Orange);
        Assert.Equal("ml", Text(fit, "engine"));
        Assert.Equal(7, fit.GetProperty("cells").GetInt32());
        Assert.Equal(32, fit.GetProperty("dfResidual").GetDouble());
        Assert.Equal(7.480965e-11, fit.GetProperty("fixed")[0].GetProperty("pValue").GetDouble(), 12);
        Assert.Equal(17480.2335, fit.GetProperty("deviance").GetDouble(), 3);
    }

    [Theory]
    [InlineData("--start", "A=200", "m=700", "s=300")]
    [InlineData("--start", "A=200,m=700", "--start", "s=300")]
    public void Start_values_make_arithmetic_a_mean_function(params string[] start)
    {
        JsonElement fit = Tool.Json(["fit", "circumference ~ A / (1 + exp((m - age) / s)) ~ (A | Tree)", "--data", Orange, .. start]);
        Assert.Equal(-131.571885, fit.GetProperty("logLik").GetDouble(), 4);
    }

    [Fact]
    public void Text_is_the_summary_of_R_and_lme4()
    {
        Assert.StartsWith("Nonlinear mixed model fit by maximum likelihood  ['nlmerMod']\nFormula: circumference ~ SSlogis(age, Asym, xmid, scal) ~ Asym | Tree\n   Data: Orange.csv.gz\n",
            Tool.Run("fit", OneEffect, "--data", Orange).Output, StringComparison.Ordinal);
        string text = Tool.Run("fit", "circumference ~ SSlogis(age, Asym, xmid, scal)", "--data", Orange, "--level", "0.9").Output;
        Assert.Contains("Residual standard error: 23.37 on 32 degrees of freedom", text, StringComparison.Ordinal);
        Assert.Contains("90 % t intervals of the coefficients (residual degrees of freedom)", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y ~ a / (1 + exp((m - x) / s))", "a=1,m=4.6,s=0.5", "0.02,-0.01,0.01,-0.03,1.02,0.97,1.01,0.99")]
    [InlineData("y ~ a * x^b / (k^b + x^b)", "a=10,b=1,k=4", "1.1,1.9,3.2,4.1,5.3,6.8,7.9,9.4")]
    public void A_search_without_an_optimum_is_refused(string formula, string start, string y)
    {
        // A step between two rows, and a curve that does not level off: R's nls stops as well ("singular gradient", "step factor reduced below minFactor").
        using var folder = new Folder();
        string rows = folder.File("rows.csv", "x,y\n" + string.Concat(y.Split(',').Select((value, i) => $"{i + 1},{value}\n")));
        Tool.Run("fit", formula, "--data", rows, "--start", start).Refuses(1, "did not converge", "it stands at a = ", "relative offset", "--start");
    }

    [Fact]
    public void The_information_that_is_asked_for_is_used()
    {
        const string formula = "circumference ~ SSlogis(age, Asym, xmid, scal) ~ xmid|Tree";
        double LogLik(params string[] options) => Tool.Json(["fit", formula, "--data", Orange, .. options]).GetProperty("logLik").GetDouble();
        double usual = LogLik();
        Assert.Equal(usual, LogLik("--information", "expected"));
        Assert.NotEqual(usual, LogLik("--information", "observed"), 1e-5);
    }

    [Fact]
    public void Saved_fits_predict_and_compare()
    {
        using var folder = new Folder();
        string none = folder.At("none.fit"), one = folder.At("one.fit"), two = folder.At("two.fit");
        Tool.Json("fit", "circumference ~ SSlogis(age, Asym, xmid, scal)", "--data", Orange, "--save", none);
        Tool.Json("fit", OneEffect, "--data", Orange, "--save", one);
        Tool.Json("fit", "circumference ~ SSlogis(age, Asym, xmid, scal) ~ (Asym + xmid | Tree)", "--data", Orange, "--save", two);
        JsonElement comparison = Tool.Json("compare", two, one, none);
        Assert.Equal([4, 5, 7], comparison.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("df").GetInt32()));
        Assert.Equal(2 * (158.398713 - 131.571885), comparison.GetProperty("tests")[0].GetProperty("chisq").GetDouble(), 4);
        string remarks = Tool.Run("compare", two, one, none).Error;
        Assert.Contains("the variance of Asym of Tree is tested at 0", remarks, StringComparison.Ordinal);
        Assert.DoesNotContain("special case", remarks, StringComparison.Ordinal);

        string rows = folder.File("new.csv", "Tree,age\n1,1000\n9,1000\n");
        JsonElement predicted = Tool.Json("predict", one, "--data", rows);
        double known = predicted.GetProperty("rows")[0].GetProperty("estimate").GetDouble(), unknown = predicted.GetProperty("rows")[1].GetProperty("estimate").GetDouble();
        Assert.Equal(162.491 / (1 + Math.Exp((727.906 - 1000) / 348.073)), known, 2);
        Assert.Equal(192.053 / (1 + Math.Exp((727.906 - 1000) / 348.073)), unknown, 2);
        JsonElement plain = Tool.Json("predict", one, "--data", rows, "--random", "none");
        Assert.Equal(unknown, plain.GetProperty("rows")[0].GetProperty("estimate").GetDouble(), 10);
    }

    [Fact]
    public void Different_mean_functions_are_not_nested()
    {
        using var folder = new Folder();
        string first = folder.At("logis.fit"), second = folder.At("fpl.fit");
        Tool.Json("fit", "circumference ~ SSlogis(age, Asym, xmid, scal)", "--data", Orange, "--save", first);
        Tool.Json("fit", "circumference ~ SSfpl(age, A, B, xmid, scal)", "--data", Orange, "--save", second);
        Assert.Contains("assumes that the first is a special case of the second", Tool.Run("compare", first, second).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "y ~ SSlogis(age, Asym, xmid, scal) ~ Asym|Tree", "There is no variable 'y'")]
    [InlineData(1, "circumference ~ SSlogis(age, Asym, xmid, scal) ~ Asim|Tree", "Did you mean 'Asym'?", "  ^")]
    [InlineData(1, "circumference ~ a * exp(-b * age) ~ a|Tree", "The mean function has no parameters", "a=1")]
    [InlineData(1, "circumference ~ SSlogis(age, Asym, xmid, scal) + b ~ Asym|Tree", "'b' is neither a column", "--start b=1")]
    [InlineData(2, "circumference ~ SSlogis(age, Asym, xmid, scal) ~ Asym|Tree", "--engine reml does not fit", "--engine", "reml")]
    [InlineData(2, "circumference ~ SSlogis(age, Asym, xmid, scal)", "use ml", "--engine", "laplace")]
    [InlineData(2, "circumference ~ SSlogis(age, Asym, xmid, scal)", "Gaussian with the identity link", "--family", "poisson")]
    [InlineData(2, "circumference ~ SSlogis(age, Asym, xmid, scal) ~ Asym|Tree", "--df is for Gaussian mixed models that are linear", "--df", "satterthwaite")]
    [InlineData(2, "circumference ~ SSlogis(age, Asym, xmid, scal)", "--information is for laplace", "--information", "observed")]
    [InlineData(2, "circumference ~ a * age", "--start needs NAME=V", "--start", "a")]
    [InlineData(2, "circumference ~ a * age", "--start gives 'a' twice", "--start", "a=1,a=2")]
    [InlineData(1, "circumference ~ SSlogis(age, Asym, xmid, scal)", "no offset", "--offset", "age")]
    public void Faults_say_what_to_do(int status, string formula, string message, params string[] options)
    {
        string[] shown = [.. options.Where(option => option.StartsWith(' ') || option.Contains("=1", StringComparison.Ordinal) && !option.Contains(',', StringComparison.Ordinal))];
        Tool.Run(["fit", formula, "--data", Orange, .. options.Except(shown)]).Refuses(status, [message, .. shown]);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
