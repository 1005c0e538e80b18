using System.Text.Json;
using Terrace.LinearModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.LinearModels;

/// <summary>All of R's lm and glm results (but the negative binomial ones), from rows and from cells.</summary>
public class LinearModelFixtureTests
{
    private static readonly string[] Names =
        [.. Directory.GetFiles(Path.Combine(Fixtures.Root, "tests", "Fixtures", "frequentist"), "*lm_*.json.gz")
            .Select(f => Path.GetFileName(f)[..^".json.gz".Length])
            .Where(n => (n.StartsWith("lm_", StringComparison.Ordinal) || n.StartsWith("glm_", StringComparison.Ordinal)) && !n.StartsWith("glm_nb", StringComparison.Ordinal))
            .Order()];

    public static TheoryData<string, bool> Models
    {
        get
        {
            var models = new TheoryData<string, bool>();
            foreach (string name in Names)
            {
                models.Add(name, false);
                models.Add(name, true);
            }
            return models;
        }
    }

    [Fact]
    public void All_of_the_reference_fits_are_here() => Assert.Equal(27, Names.Length);

    [Theory]
    [MemberData(nameof(Models))]
    public void Coefficients_standard_errors_and_tests_agree_with_R(string name, bool collapse)
    {
        var model = new FixtureModel(name, collapse);
        GeneralizedLinearModelFit fit = model.Fit();
        double tolerance = model.Family.IsCanonical ? 1e-9 : 1e-7;
        JsonElement expected = model.Reference.GetProperty("coefficients");
        IReadOnlyList<Coefficient> table = fit.Estimates.Table();
        foreach (Coefficient row in table)
        {
            double want = Number(expected.GetProperty(row.Term));
            bool negligible = Math.Abs(want - row.Estimate) < 1e-12 * row.StdError; // a coefficient that is 0 but for rounding
            if (!negligible) Close(want, row.Estimate, tolerance, row.Term);
        }
        foreach ((string term, double[] values) in MatrixRows(model.Reference.GetProperty("coef_table")))
        {
            Coefficient row = table.Single(t => t.Term == term);
            Close(values[1], row.StdError, 1e-8, term + " se");
            if (Math.Abs(values[2]) > 1e-9) Close(values[2], row.Statistic, 1e-7, term + " statistic");
            Close(values[3], row.PValue, 1e-6, term + " p");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_covariance_matrix_agrees_with_R(string name, bool collapse)
    {
        var model = new FixtureModel(name, collapse);
        CoefficientEstimates estimates = model.Fit().Estimates;
        List<(string Term, double[] Values)> expected = MatrixRows(model.Reference.GetProperty("vcov"));
        for (int i = 0; i < estimates.EstimableColumns.Count; i++)
        {
            for (int j = 0; j < estimates.EstimableColumns.Count; j++)
            {
                double scale = Math.Sqrt(estimates.Covariance[i, i] * estimates.Covariance[j, j]);
                double want = expected[estimates.EstimableColumns[i]].Values[estimates.EstimableColumns[j]];
                Assert.True(Math.Abs(want - estimates.Covariance[i, j]) <= 1e-8 * scale, $"{name} [{i},{j}]: {want} is not {estimates.Covariance[i, j]}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Likelihood_deviance_and_criteria_agree_with_R(string name, bool collapse)
    {
        var model = new FixtureModel(name, collapse);
        GeneralizedLinearModelFit fit = model.Fit();
        JsonElement r = model.Reference;
        Close(Number(r.GetProperty("logLik")), fit.LogLikelihood, 1e-8, "logLik");
        Close(Number(r.GetProperty("AIC")), fit.Aic, 1e-8, "AIC");
        Close(Number(r.GetProperty("BIC")), fit.Bic, 1e-8, "BIC");
        Assert.Equal(r.GetProperty("df").GetInt32(), fit.Parameters);
        Assert.Equal(r.GetProperty("nobs").GetInt32(), fit.Rows);
        Assert.Equal(r.GetProperty("rank").GetInt32(), fit.Rank);
        Assert.Equal(r.GetProperty("df_residual").GetInt32(), fit.ResidualDf);
        if (model.IsLinear) return;
        Close(Number(r.GetProperty("deviance")), fit.Deviance, 1e-8, "deviance");
        Close(Number(r.GetProperty("null_deviance")), fit.NullDeviance, 1e-8, "null deviance");
        Close(Number(r.GetProperty("dispersion")), fit.Dispersion, 1e-8, "dispersion");
        Assert.Equal(r.GetProperty("df_null").GetInt32(), fit.NullDf);
        Assert.Equal(r.GetProperty("iter").GetInt32(), fit.Iterations);
        Assert.Equal(r.GetProperty("converged").GetBoolean(), fit.Converged);
        Assert.Empty(fit.Warnings);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Residuals_leverages_and_distances_of_the_rows_agree_with_R(string name, bool collapse)
    {
        var model = new FixtureModel(name, collapse);
        GeneralizedLinearModelFit fit = model.Fit();
        RowDiagnostics rows = fit.Diagnostics;
        First20(model, "fitted_first20", fit.FittedValues());
        First20(model, "residuals_first20", model.IsLinear ? rows.Response : rows.Deviance);
        First20(model, "rstandard_first20", rows.Standardized);
        First20(model, "hat_first20", rows.Leverage);
        First20(model, "cooks_first20", rows.CooksDistance);
        if (model.IsLinear) return;
        First20(model, "pearson_residuals_first20", rows.Pearson);
        First20(model, "working_residuals_first20", rows.Working);
        First20(model, "linear_predictor_first20", fit.LinearPredictor());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Predictions_with_standard_errors_and_intervals_agree_with_R(string name, bool collapse)
    {
        var model = new FixtureModel(name, collapse);
        if (!model.Reference.TryGetProperty("predict", out JsonElement expected)) return;
        GeneralizedLinearModelFit fit = model.Fit();
        LinearPredictions actual = fit.Predict(model.NewRows());
        All(expected, model.IsLinear ? "fit" : "link_fit", actual.Link);
        All(expected, model.IsLinear ? "se" : "link_se", actual.LinkStdError);
        if (!model.IsLinear)
        {
            All(expected, "response_fit", actual.Response);
            All(expected, "response_se", actual.ResponseStdError);
            return;
        }
        double t = fit.Estimates.CriticalValue(0.95);
        double[][] bounds = [.. expected.GetProperty("interval_confidence_95").EnumerateArray().Select(Numbers)];
        double[][] outcomes = [.. expected.GetProperty("interval_prediction_95").EnumerateArray().Select(Numbers)];
        for (int i = 0; i < bounds.Length; i++)
        {
            Close(bounds[i][1], actual.Link[i] - t * actual.LinkStdError[i], 1e-8, "lower");
            Close(bounds[i][2], actual.Link[i] + t * actual.LinkStdError[i], 1e-8, "upper");
            double sd = Math.Sqrt(actual.LinkStdError[i] * actual.LinkStdError[i] + fit.Dispersion);
            Close(outcomes[i][2], actual.Link[i] + t * sd, 1e-8, "upper of an outcome");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Sigma_r_squared_f_and_intervals_of_linear_models_agree_with_R(string name, bool collapse)
    {
        var model = new FixtureModel(name, collapse);
        GeneralizedLinearModelFit fit = model.Fit();
        Assert.Equal(model.IsLinear, fit.Linear is not null);
        if (fit.Linear is not { } linear) return;
        JsonElement r = model.Reference;
        Close(Number(r.GetProperty("sigma")), linear.Sigma, 1e-9, "sigma");
        Close(Number(r.GetProperty("r_squared")), linear.RSquared, 1e-9, "R squared");
        Close(Number(r.GetProperty("adj_r_squared")), linear.AdjustedRSquared, 1e-9, "adjusted R squared");
        Close(Number(r.GetProperty("f_statistic").GetProperty("value")), linear.FStatistic, 1e-8, "F");
        Assert.Equal(r.GetProperty("f_statistic").GetProperty("numdf").GetDouble(), linear.FNumeratorDf);
        Assert.Equal(r.GetProperty("f_statistic").GetProperty("dendf").GetDouble(), linear.FDenominatorDf);
        double t = fit.Estimates.CriticalValue(0.95);
        IReadOnlyList<Coefficient> table = fit.Estimates.Table();
        foreach ((string term, double[] bounds) in MatrixRows(r.GetProperty("confint")))
        {
            Coefficient row = table.Single(c => c.Term == term);
            Close(bounds[0], row.Estimate - t * row.StdError, 1e-8, term + " lower");
            Close(bounds[1], row.Estimate + t * row.StdError, 1e-8, term + " upper");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_students_poststratify_with_the_delta_method_standard_error(bool collapse)
    {
        var model = new FixtureModel("glm_students", collapse);
        GeneralizedLinearModelFit fit = model.Fit();
        double[] population = NamedColumns.Of(Fixtures.Data("students_population"), model.Reference).Numbers("N");
        LinearPredictions cells = fit.Predict(model.NewRows() with { RowToCell = [0, 1, 2, 3, 4] });
        double total = population.Sum(), estimate = 0, variance = 0;
        var gradient = new double[5];
        for (int c = 0; c < 5; c++)
        {
            double share = population[c] / total, slope = cells.Response[c] * (1 - cells.Response[c]);
            estimate += share * cells.Response[c];
            for (int j = 0; j < 5; j++) gradient[j] += share * slope * (j == 0 || j == c ? 1 : 0);
        }
        for (int i = 0; i < 5; i++)
            for (int j = 0; j < 5; j++) variance += gradient[i] * fit.Estimates.Covariance[i, j] * gradient[j];
        Close(model.Reference.GetProperty("poststratified").GetDouble(), estimate, 1e-10, "estimate");
        Close(model.Reference.GetProperty("correct_delta_method_se").GetDouble(), Math.Sqrt(variance), 1e-8, "se");
        double z = fit.Estimates.CriticalValue(0.95);
        foreach ((string term, double[] bounds) in MatrixRows(model.Reference.GetProperty("wald_confint")))
        {
            Coefficient row = fit.Estimates.Table().Single(c => c.Term == term);
            Close(bounds[0], row.Estimate - z * row.StdError, 1e-8, term);
            Close(bounds[1], row.Estimate + z * row.StdError, 1e-8, term);
        }
    }

    [Fact]
    public void Aliased_columns_are_named_and_predictions_know_when_they_matter()
    {
        var model = new FixtureModel("lm_mtcars_aliased", false);
        GeneralizedLinearModelFit fit = model.Fit();
        ModelWarning warning = Assert.Single(fit.Warnings);
        Assert.Equal("aliased", warning.Code);
        Assert.Contains("wt2", warning.Message, StringComparison.Ordinal);
        Assert.Equal(2, fit.Estimates.Dependencies[1, 0], 1e-12);
        Assert.All(fit.Predict(model.Rows).IsEstimable, Assert.True);
        var strange = model.Rows.Design.X.Copy();
        strange[0, 2] += 1;
        bool[] estimable = fit.Predict(model.Rows with { Design = model.Rows.Design with { X = strange } }).IsEstimable;
        Assert.False(estimable[0]);
        Assert.True(estimable[1]);
    }

    private static void First20(FixtureModel model, string property, double[] actual)
    {
        double[] expected = Numbers(model.Reference.GetProperty(property));
        for (int i = 0; i < expected.Length; i++)
        {
            double scale = Math.Max(Math.Abs(expected[i]), 1e-3 * expected.Max(Math.Abs));
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-8 * scale, $"{model.Name} {property}[{i}]: {expected[i]:R} is not {actual[i]:R}");
        }
    }

    private static void All(JsonElement reference, string property, double[] actual)
    {
        double[] expected = Numbers(reference.GetProperty(property));
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Close(expected[i], actual[i], 1e-8, property);
    }

    private static void Close(double expected, double actual, double tolerance, string what)
    {
        if (double.IsNaN(expected)) Assert.True(double.IsNaN(actual), $"{what}: NaN is not {actual}");
        else Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(Math.Abs(expected), 1e-8), $"{what}: {expected:R} is not {actual:R}");
    }

    private static List<(string Term, double[] Values)> MatrixRows(JsonElement matrix) =>
        [.. matrix.GetProperty("rows").EnumerateArray().Zip(matrix.GetProperty("values").EnumerateArray(), (t, v) => (t.GetString()!, Numbers(v)))];

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(Number)];

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString() switch { "Inf" => double.PositiveInfinity, "-Inf" => double.NegativeInfinity, _ => double.NaN }
        : value.GetDouble();
}
