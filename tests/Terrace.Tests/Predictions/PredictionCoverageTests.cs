using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;
using Terrace.Predictions;

namespace Terrace.Tests.Predictions;

/// <summary>
/// Intervals of predictions cover what they are about as often as they say: 300 simulated data sets of 40 groups, fixed seed. Each data set gives one share, so the standard error of the mean share is that of
/// 300 independent numbers and at most 0.4 points; variance parameters count as known, which costs up to one point. A bound of 2.2 points from 95 % is therefore crossed by chance with probability below 0.002.
/// </summary>
public class PredictionCoverageTests
{
    private const int DataSets = 300, Groups = 40;

    [Fact]
    public void Intervals_of_a_linear_mixed_model_cover_means_new_groups_and_new_outcomes()
    {
        double[] covered = new double[4];
        for (int set = 0; set < DataSets; set++)
        {
            var rng = new Rng(77, (ulong)set);
            double[] intercept = Normals(rng, Groups, 0.8), slope = Normals(rng, Groups, 0.4);
            double Mean(int g, double x) => 1 + 0.5 * x + intercept[g] + slope[g] * x;
            Frame data = Rows(rng, (g, x) => Mean(g, x) + 0.7 * rng.NextNormal());
            var coding = ModelFrame.Learn(Formula.Parse("y ~ x + (1 + x | g)"), data);
            MixedModelFit fit = LinearMixedModel.Fit(coding.Encode(data));
            double[] x = Normals(rng, Groups, 1);
            double[] means = [.. x.Select((value, g) => Mean(g, value))], newMeans = [.. x.Select(value => 1 + 0.5 * value + 0.8 * rng.NextNormal() + 0.4 * rng.NextNormal() * value)];
            covered[0] += Share(fit, coding, x, false, PredictionInterval.Mean, means);
            covered[1] += Share(fit, coding, x, false, PredictionInterval.Group, newMeans);
            covered[2] += Share(fit, coding, x, false, PredictionInterval.Outcome, [.. means.Select(m => m + 0.7 * rng.NextNormal())]);
            covered[3] += Share(fit, coding, x, true, PredictionInterval.Outcome, [.. newMeans.Select(m => m + 0.7 * rng.NextNormal())]);
        }
        foreach (double sum in covered) Assert.InRange(sum / DataSets, 0.928, 0.972);
    }

    /// <summary>Counts are discrete, so an interval covers more than it must, not less.</summary>
    [Fact]
    public void Intervals_of_new_counts_cover_at_least_what_they_say()
    {
        double known = 0, unseen = 0;
        for (int set = 0; set < 100; set++)
        {
            var rng = new Rng(78, (ulong)set);
            double[] effect = Normals(rng, Groups, 0.5);
            Frame data = Rows(rng, (g, x) => rng.NextPoisson(Math.Exp(1 + 0.3 * x + effect[g])));
            var coding = ModelFrame.Learn(Formula.Parse("y ~ x + (1 | g)"), data);
            MixedModelFit fit = GeneralizedLinearMixedModel.Fit(coding.Encode(data), Family.Poisson());
            double[] x = Normals(rng, Groups, 1);
            known += Share(fit, coding, x, false, PredictionInterval.Outcome, [.. x.Select((value, g) => (double)rng.NextPoisson(Math.Exp(1 + 0.3 * value + effect[g])))]);
            unseen += Share(fit, coding, x, true, PredictionInterval.Outcome, [.. x.Select(value => (double)rng.NextPoisson(Math.Exp(1 + 0.3 * value + 0.5 * rng.NextNormal())))]);
        }
        Assert.InRange(known / 100, 0.94, 0.995);
        Assert.InRange(unseen / 100, 0.93, 0.995);
    }

    private static double Share(MixedModelFit fit, ModelFrame coding, double[] x, bool unseen, PredictionInterval kind, double[] truth)
    {
        var rows = new Frame([new NumericColumn("x", x), new TextColumn("g", [.. x.Select((_, g) => unseen ? $"new {g}" : $"g{g:00}")])]);
        ModelRows encoded = coding.Encode(rows, EncodeOptions.Prediction with { NewLevels = NewLevels.Allow });
        RowPredictions predicted = new Predictor(PredictionModel.Of(fit), new PredictionOptions { Interval = kind }).Predict(encoded, x.Length);
        return Enumerable.Range(0, x.Length).Average(i => predicted.Lower[i] <= truth[i] && truth[i] <= predicted.Upper[i] ? 1.0 : 0);
    }

    private static Frame Rows(Rng rng, Func<int, double, double> outcome)
    {
        var rows = new List<(double Y, double X, string G)>();
        for (int g = 0; g < Groups; g++)
        {
            for (int i = 0; i < 5 + g % 6; i++)
            {
                double x = rng.NextNormal();
                rows.Add((outcome(g, x), x, $"g{g:00}"));
            }
        }
        return new Frame([new NumericColumn("y", [.. rows.Select(r => r.Y)]), new NumericColumn("x", [.. rows.Select(r => r.X)]), new TextColumn("g", [.. rows.Select(r => r.G)])]);
    }

    private static double[] Normals(Rng rng, int count, double sd) => [.. Enumerable.Range(0, count).Select(_ => sd * rng.NextNormal())];
}
