using System.Text.Json;
using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.NonlinearModels;
using Terrace.Tests.TestData;
using static Terrace.Tests.NonlinearModels.NonlinearFixture;

namespace Terrace.Tests.NonlinearModels;

public class NonlinearLeastSquaresTests
{
    public static TheoryData<string> Names => [.. Fixtures.Reference("nls_selfstart").GetProperty("fits").EnumerateArray().Select(fit => fit.GetProperty("name").GetString()!)];

    // R stops at a relative offset of 1e-6 to 1e-9, so that its estimates are that part of a standard error off.
    [Theory]
    [MemberData(nameof(Names))]
    public void Fits_as_R_nls_without_start_values_where_the_function_finds_them(string name)
    {
        JsonElement reference = Nls(name);
        var frameOptions = new ModelFrameOptions { Weights = reference.TryGetProperty("weights", out JsonElement weights) ? Expression.Parse(weights.GetString()!) : null };
        NonlinearModelFit fit = FitNls(reference.GetProperty("formula").GetString()!, FrameOf(reference), new NonlinearModelOptions { Start = Start(reference) }, frameOptions);
        Assert.True(fit.ConvergenceOffset < 1e-5, $"{fit.ConvergenceOffset}");
        var table = fit.Estimates.Table();
        string[] terms = [.. reference.GetProperty("terms").EnumerateArray().Select(t => t.GetString()!)];
        Assert.Equal(terms.Order(), fit.Mean.Parameters.Order());
        for (int j = 0; j < terms.Length; j++)
        {
            var row = table.Single(r => r.Term == terms[j]);
            Close(Numbers(reference.GetProperty("estimate"))[j], row.Estimate, 1e-6, terms[j]);
            Close(Numbers(reference.GetProperty("se"))[j], row.StdError, 1e-6, terms[j] + " se");
            Close(Numbers(reference.GetProperty("t"))[j], row.Statistic, 2e-6, terms[j] + " t");
            Close(Numbers(reference.GetProperty("p"))[j], row.PValue, 1e-4, terms[j] + " p");
        }
        Close(reference.GetProperty("sigma").GetDouble(), fit.Sigma, 1e-9, "sigma");
        Close(reference.GetProperty("deviance").GetDouble(), fit.Deviance, 1e-9, "deviance");
        Close(reference.GetProperty("logLik").GetDouble(), fit.LogLikelihood, 1e-9, "logLik");
        Close(reference.GetProperty("aic").GetDouble(), fit.Aic, 1e-9, "aic");
        Close(reference.GetProperty("bic").GetDouble(), fit.Bic, 1e-9, "bic");
        Assert.Equal(reference.GetProperty("df").GetInt32(), fit.ResidualDf);
    }

    [Fact]
    public void The_orange_trees_agree_with_the_reference()
    {
        JsonElement reference = Fixtures.Reference("nls_orange");
        NonlinearModelFit fit = FitNls("circumference ~ SSlogis(age, Asym, xmid, scal)", Fixtures.Data("Orange"));
        JsonElement values = reference.GetProperty("coef_table").GetProperty("values");
        var table = fit.Estimates.Table();
        for (int j = 0; j < 3; j++)
        {
            Close(values[j][0].GetDouble(), table[j].Estimate, 1e-5, table[j].Term);
            Close(values[j][1].GetDouble(), table[j].StdError, 1e-5, table[j].Term + " se");
        }
        Close(reference.GetProperty("logLik").GetDouble(), fit.LogLikelihood, 1e-9, "logLik");
        Assert.Equal(35, fit.Rows);
    }

    [Fact]
    public void Rows_of_equal_inputs_share_a_cell_without_changing_the_fit()
    {
        Frame data = Fixtures.Data("Orange");
        var frame = NonlinearModelFrame.Learn(NonlinearFormula.Parse("circumference ~ SSlogis(age, Asym, xmid, scal)"), data);
        ModelRows shared = frame.Encode(data), apart = frame.Encode(data, new EncodeOptions { Collapse = false });
        Assert.Equal((7, 35), (shared.Cells, apart.Cells));
        NonlinearModelFit one = NonlinearLeastSquares.Fit(frame, shared), two = NonlinearLeastSquares.Fit(frame, apart);
        Close(two.LogLikelihood, one.LogLikelihood, 1e-12, "logLik");
        for (int j = 0; j < 3; j++) Close(two.Estimates.StandardErrors()[j], one.Estimates.StandardErrors()[j], 1e-7, "se");
        Close(two.Deviance, one.Residuals().Sum(r => r * r), 1e-12, "residuals");
    }

    [Fact]
    public void Exact_data_are_fitted_exactly()
    {
        double[] x = [.. Enumerable.Range(0, 20).Select(i => 0.5 * i)], y = [.. x.Select(v => 3 * Math.Exp(-0.7 * v) + 2)];
        NonlinearModelFit fit = FitNls("y ~ SSasymp(x, Asym, R0, lrc)", new Frame([new NumericColumn("x", x), new NumericColumn("y", y)]));
        Assert.Equal(2, fit.Estimates.Values[0], 9);
        Assert.Equal(5, fit.Estimates.Values[1], 9);
        Assert.Equal(Math.Log(0.7), fit.Estimates.Values[2], 9);
    }

    [Fact]
    public void A_search_that_does_not_converge_is_refused_and_says_where_it_stands()
    {
        JsonElement reference = Nls("Loblolly_exp");
        var options = new NonlinearModelOptions { Start = Start(reference), MaximumIterations = 2 };
        string message = Assert.Throws<ModelException>(() => FitNls("height ~ a * (1 - exp(-exp(b) * age)) + c0", FrameOf(reference), options)).Message;
        Assert.Contains("did not converge: after 2 steps from a = 100, b = -3, c0 = -8 it stands at a = ", message, StringComparison.Ordinal);
        Assert.Contains("--start", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y ~ a * exp(-b * x) * c0", "do not identify the parameter 'c0'")]
    [InlineData("y ~ a + b * x + 0 * c0", "'c0': near")]
    public void A_parameter_that_the_data_do_not_identify_is_named(string formula, string message)
    {
        double[] x = [1, 2, 3, 4, 5, 6], y = [2.1, 1.4, 1.1, 0.7, 0.5, 0.2];
        var start = new Dictionary<string, double> { ["a"] = 3, ["b"] = 0.3, ["c0"] = 1 };
        var fault = Assert.Throws<ModelException>(() => FitNls(formula, new Frame([new NumericColumn("x", x), new NumericColumn("y", y)]), new NonlinearModelOptions { Start = start }));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mean_that_cannot_be_computed_at_the_start_names_the_row()
    {
        double[] x = [1, 2, -3, 4, 5, 6], y = [2.1, 1.4, 1.1, 0.7, 0.5, 0.2];
        var start = new Dictionary<string, double> { ["a"] = 3, ["b"] = 0.3 };
        var fault = Assert.Throws<ModelException>(() => FitNls("y ~ a * log(b * x)", new Frame([new NumericColumn("x", x), new NumericColumn("y", y)]), new NonlinearModelOptions { Start = start }));
        Assert.Contains("a = 3, b = 0.3: it is NaN in used row 3", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_rows_are_refused()
    {
        var fault = Assert.Throws<ModelException>(() => FitNls("y ~ SSlogis(x, Asym, xmid, scal)", new Frame([new NumericColumn("x", [1, 2, 3]), new NumericColumn("y", [1, 2, 4])])));
        Assert.Contains("3 rows for 3 parameters", fault.Message, StringComparison.Ordinal);
    }
}
