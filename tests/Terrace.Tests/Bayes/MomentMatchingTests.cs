using Terrace.Bayes;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.Sampling;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Bayes;

public class MomentMatchingTests
{
    /// <summary>Herds of one to four seasons, where six rows have a Pareto k above 0.7: the elpd of those rows against fits without each of them, whose Monte Carlo error is about 0.03.</summary>
    [Fact]
    public void Rows_of_high_k_come_near_exact_fits_without_them()
    {
        ModelOutline outline = Outline("cbind(incidence, size - incidence) ~ period + (1 | herd)", "cbpp", "binomial");
        var settings = new BayesianSettings { Sampling = new NutsOptions { Warmup = 300, Iterations = 1000, AdaptDelta = 0.9 } };
        BayesianFit fit = BayesianFit.Sample(outline, settings), matched = BayesianFit.Sample(outline, settings with { MatchMoments = true });
        int[] high = [.. Enumerable.Range(0, fit.Loo!.Pointwise.Count).Where(i => fit.Loo.Pointwise[i].ParetoK > 0.7)];
        Assert.NotEmpty(high);
        int[] observationOfRow = new RowLogLikelihood(fit).ObservationOfRow;
        double before = 0, after = 0;
        foreach (int i in high)
        {
            int row = Array.IndexOf(observationOfRow, i);
            BayesianFit exact = BayesianFit.Sample(fit.Model.Subset([.. Enumerable.Range(0, observationOfRow.Length).Where(other => other != row)]), [], settings.Sampling with { Iterations = 4000, Seed = 5 });
            var values = new double[exact.Draws.Count];
            new RowLogLikelihood(fit.Model, exact.Draws).Write(i, values);
            double elpd = Numerics.SpecialFunctions.LogSum.LogSumExp(values) - Math.Log(values.Length);
            before += Math.Abs(fit.Loo.Pointwise[i].Elpd - elpd);
            after += Math.Abs(matched.Loo!.Pointwise[i].Elpd - elpd);
            Assert.True(matched.Loo!.Pointwise[i].ParetoK < fit.Loo.Pointwise[i].ParetoK, $"row {row}: k {fit.Loo.Pointwise[i].ParetoK}, then {matched.Loo.Pointwise[i].ParetoK}");
            Assert.True(Math.Abs(matched.Loo.Pointwise[i].Elpd - elpd) < 0.15, $"row {row}: {elpd} exactly, {fit.Loo.Pointwise[i].Elpd} by importance, {matched.Loo.Pointwise[i].Elpd} matched; k {fit.Loo.Pointwise[i].ParetoK}, then {matched.Loo.Pointwise[i].ParetoK}");
        }
        Assert.True(after < 0.5 * before, $"{before} before, {after} after");
        // The other rows stay as they are.
        Assert.All(Enumerable.Range(0, fit.Loo.Pointwise.Count).Except(high), i => Assert.Equal(fit.Loo.Pointwise[i], matched.Loo!.Pointwise[i]));
    }

    private static ModelOutline Outline(string formula, string data, string family) => ModelOutline.Of(ModelFrame.Learn(Formula.Parse(formula), Fixtures.Data(data)).Encode(Fixtures.Data(data)), Family.Parse(family));
}
