using Terrace.Bayes;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.Sampling;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Bayes;

public class PredictiveCheckTests
{
    private static readonly BayesianSettings Settings = new() { Sampling = new NutsOptions { Chains = 2, Warmup = 300, Iterations = 500, AdaptDelta = 0.9 } };

    /// <summary>The mean of replicated means is the mean of the expectations; their spread that of the posterior and of new rows.</summary>
    [Fact]
    public void Replications_follow_the_model()
    {
        BayesianFit fit = BayesianFit.Sample(Outline("log_radon ~ floor + (1 | county)", "radon", Family.Gaussian()), Settings);
        IReadOnlyList<CheckedStatistic> check = PredictiveCheck.Of(fit, [], "county");
        CheckedStatistic mean = check.Single(row => row.Statistic == "mean" && row.Level.Length == 0), sd = check.Single(row => row.Statistic == "sd");
        double[] y = fit.Model.Rows.Y;
        Assert.Equal(y.Average(), mean.Observed, 10);
        Assert.Equal(mean.Observed, mean.Mean, 0.01);
        // Estimated and new means both vary by about σ/√n.
        Assert.Equal(2 * 1.96 * Math.Sqrt(2) * 0.757 / Math.Sqrt(919), mean.Upper - mean.Lower, 0.02);
        Assert.InRange(sd.PValue, 0.2, 0.8);
        Assert.Equal(85, check.Count(row => row.Statistic == "mean" && row.Level.Length > 0));
        int[] cells = fit.Model.Rows.RowToCell;
        GroupTerm term = fit.Model.Structure.Terms[0];
        CheckedStatistic aitkin = check.Single(row => row.Level == "AITKIN");
        Assert.Equal(y.Where((_, row) => term.Levels[term.Codes[cells[row]]] == "AITKIN").Average(), aitkin.Observed, 10);
        Assert.Equal(check, PredictiveCheck.Of(fit, [], "county"));
        Assert.NotEqual(check, PredictiveCheck.Of(fit, [], "county", 2));
    }

    [Fact]
    public void Overdispersion_that_the_model_lacks_shows_in_the_spread_and_the_zeros()
    {
        CheckedStatistic Statistic(BayesianFit fit, string name) => PredictiveCheck.Of(fit, []).Single(row => row.Statistic == name);
        BayesianFit poisson = BayesianFit.Sample(Outline("count ~ mined", "Salamanders", Family.Poisson()), Settings);
        Assert.True(Statistic(poisson, "sd").PValue < 0.01);
        Assert.True(Statistic(poisson, "zeros").PValue < 0.01);
        IReadOnlyList<CheckedStatistic> counts = [.. PredictiveCheck.Of(poisson, []).Where(row => row.Statistic == "count")];
        Assert.Equal(37, counts.Count);
        Assert.Equal(644, counts.Sum(row => row.Observed));
        ModelRows rows = ModelFrame.Learn(Formula.Parse("count ~ mined"), Fixtures.Data("Salamanders")).Encode(Fixtures.Data("Salamanders"));
        BayesianFit negative = BayesianFit.Sample(ModelOutline.Of(new ComponentRows(rows), ResponseFamily.Parse("neg-binomial")), Settings);
        Assert.InRange(Statistic(negative, "zeros").PValue, 0.05, 0.95);
    }

    [Fact]
    public void Shares_of_categories_are_checked()
    {
        Frame data = CsvFile.Read(Fixtures.DataPath("mtcars"), new CsvOptions { Columns = [ColumnDeclaration.Ordered("gear", ["3", "4", "5"])] });
        ModelRows rows = ModelFrame.Learn(Formula.Parse("gear ~ wt"), data).Encode(data);
        foreach (ModelOutline outline in new[] { ModelOutline.Of(new ComponentRows(rows), ResponseFamily.Parse("cumulative")), ModelOutline.OfCategories(rows) })
        {
            IReadOnlyList<CheckedStatistic> check = PredictiveCheck.Of(BayesianFit.Sample(outline, Settings), ["3", "4", "5"]);
            Assert.Equal(["3", "4", "5"], check.Select(row => row.Level));
            Assert.Equal(15 / 32.0, check[0].Observed, 10);
            Assert.Equal(1, check.Sum(row => row.Mean), 10);
            Assert.All(check, row => Assert.Equal(row.Observed, row.Mean, 0.06));
        }
    }

    [Fact]
    public void A_group_that_is_not_there_is_named() =>
        Assert.Contains("it has county", Assert.Throws<ModelException>(() => PredictiveCheck.Of(BayesianFit.Sample(Outline("log_radon ~ 1 + (1 | county)", "radon", Family.Gaussian()), Settings with { Sampling = Settings.Sampling with { Warmup = 50, Iterations = 20 } }), [], "state")).Message, StringComparison.Ordinal);

    private static ModelOutline Outline(string formula, string data, Family family) => ModelOutline.Of(ModelFrame.Learn(Formula.Parse(formula), Fixtures.Data(data)).Encode(Fixtures.Data(data)), family);
}
