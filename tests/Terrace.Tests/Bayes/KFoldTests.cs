using Terrace.Bayes;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.Evaluation;
using Terrace.Inference.Sampling;
using Terrace.Numerics.SpecialFunctions;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Bayes;

public class KFoldTests
{
    private static readonly BayesianSettings Short = new() { Sampling = new NutsOptions { Chains = 2, Warmup = 200, Iterations = 300, AdaptDelta = 0.9, Seed = 8 } };

    /// <summary>The fold's part against a fit by hand of the other rows, coded anew, and the density written out.</summary>
    [Fact]
    public void A_fold_is_judged_by_a_fit_of_the_other_rows()
    {
        ModelOutline outline = Outline("log_radon ~ floor + (1 | county)", "radon", "gaussian");
        BayesianFit fit = BayesianFit.Sample(outline, Short);
        Folds folds = KFold.RowFolds(fit, 3, 5);
        KFold kfold = KFold.Of(fit, Short, folds);
        int[] outside = folds.Outside(1), inside = folds.In(1);
        BayesianModel model = fit.Model.Subset(outside);
        BayesianFit by = BayesianFit.Sample(model, [], Short.Sampling with { Seed = 8 + 2 * 1_000_003 });
        var data = Fixtures.Data("radon");
        double[] b0 = by.Draws.Column("b[(Intercept)]").ToArray(), b1 = by.Draws.Column("b[floor]").ToArray(), sigma = by.Draws.Column("sigma").ToArray();
        foreach (int row in inside.Take(40))
        {
            double[] effect = by.Draws.Column($"r[county,{data.Get("county").TextAt(row)},(Intercept)]").ToArray();
            double floor = double.Parse(data.Get("floor").TextAt(row)!, System.Globalization.CultureInfo.InvariantCulture), y = double.Parse(data.Get("log_radon").TextAt(row)!, System.Globalization.CultureInfo.InvariantCulture);
            double[] density = [.. b0.Select((intercept, s) => -0.5 * Math.Pow((y - intercept - b1[s] * floor - effect[s]) / sigma[s], 2) - Math.Log(sigma[s]) - 0.5 * Math.Log(2 * Math.PI))];
            Assert.Equal(LogSum.LogSumExp(density) - Math.Log(density.Length), kfold.RowElpd[row], 9);
        }
        Assert.Equal(kfold.RowElpd.Sum(), kfold.Elpd, 9);
        // Without a third of the rows predictions are a little worse than without one.
        Assert.InRange(kfold.Elpd, fit.Loo!.Elpd - 40, fit.Loo.Elpd + 3);
        Assert.Equal(kfold.RowElpd, KFold.Of(fit, Short with { Sampling = Short.Sampling with { Threads = 1 } }, folds).RowElpd);
    }

    /// <summary>A county left out whole has an effect drawn from the distribution of counties: the density of its first row, whose effect is integrated out by hand over the draws of the standard deviation.</summary>
    [Fact]
    public void Levels_left_out_whole_are_predicted_from_the_distribution_of_levels()
    {
        ModelOutline outline = Outline("log_radon ~ floor + (1 | county)", "radon", "gaussian");
        BayesianSettings settings = Short with { Sampling = Short.Sampling with { Iterations = 2000 } };
        BayesianFit fit = BayesianFit.Sample(outline, settings);
        Folds folds = KFold.GroupFolds(fit, "county", 2, 3);
        KFold kfold = KFold.Of(fit, settings, folds, "county");
        BayesianFit by = BayesianFit.Sample(fit.Model.Subset(folds.Outside(0)), [], settings.Sampling with { Seed = 8 + 1_000_003 });
        double[] b0 = by.Draws.Column("b[(Intercept)]").ToArray(), b1 = by.Draws.Column("b[floor]").ToArray(), sigma = by.Draws.Column("sigma").ToArray(), sd = by.Draws.Column("sd[county,(Intercept)]").ToArray();
        var data = Fixtures.Data("radon");
        double largest = 0;
        foreach (int row in folds.In(0).Take(100))
        {
            double floor = double.Parse(data.Get("floor").TextAt(row)!, System.Globalization.CultureInfo.InvariantCulture), y = double.Parse(data.Get("log_radon").TextAt(row)!, System.Globalization.CultureInfo.InvariantCulture);
            double[] density = [.. b0.Select((intercept, s) => Math.Sqrt(sigma[s] * sigma[s] + sd[s] * sd[s]) is var spread ? -0.5 * Math.Pow((y - intercept - b1[s] * floor) / spread, 2) - Math.Log(spread) - 0.5 * Math.Log(2 * Math.PI) : 0)];
            largest = Math.Max(largest, Math.Abs(LogSum.LogSumExp(density) - Math.Log(density.Length) - kfold.RowElpd[row]));
        }
        // The Monte Carlo error of a row's density is about 0.01 with 4,000 draws.
        Assert.True(largest < 0.06, $"{largest}");
        Assert.True(kfold.Elpd < fit.Loo!.Elpd - 10);
    }

    [Fact]
    public void Faults_are_named()
    {
        BayesianFit fit = BayesianFit.Sample(Outline("log_radon ~ floor + (1 | county)", "radon", "gaussian"), Short with { Sampling = Short.Sampling with { Iterations = 20, Warmup = 50 } });
        Assert.Contains("it has county", Assert.Throws<ModelException>(() => KFold.GroupFolds(fit, "state", 5, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("too few for 90 folds", Assert.Throws<ModelException>(() => KFold.GroupFolds(fit, "county", 90, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("at least 2 folds", Assert.Throws<ModelException>(() => KFold.RowFolds(fit, 1, 1)).Message, StringComparison.Ordinal);
    }

    private static ModelOutline Outline(string formula, string data, string family) => ModelOutline.Of(ModelFrame.Learn(Formula.Parse(formula), Fixtures.Data(data)).Encode(Fixtures.Data(data)), Family.Parse(family));
}
