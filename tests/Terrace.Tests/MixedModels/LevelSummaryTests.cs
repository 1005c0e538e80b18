using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Tests.MixedModels;

public class LevelSummaryTests
{
    /// <summary>The expectations from 4,000 draws of (β, b) given θ: their standard errors are below 1 % of the quantities, the tolerance is 4 %: a false alarm in far less than a million runs (and the seed is fixed).</summary>
    [Theory]
    [InlineData("radon_uranium")]
    [InlineData("radon_slope")]
    public void Explained_variance_and_pooling_are_those_of_draws(string model)
    {
        var (fit, rows) = DiagnosticsReference.Fit(model);
        var summaries = LevelSummary.Of(fit, rows);
        var distribution = fit.Joint.AtEstimate();
        var term = fit.Terms[0];
        double[] uranium = [.. summaries[0].Predictors.Single(p => p.Name == "log_uranium").Values];
        int groups = term.Levels.Count, column = fit.FixedNames.ToList().IndexOf("log_uranium");
        var rng = new Rng(7, 7);
        double error = 0, value = 0, residual = 0;
        const int draws = 4000;
        for (int d = 0; d < draws; d++)
        {
            distribution.Draw(rng);
            double[] effects = [.. Enumerable.Range(0, groups).Select(k => distribution.RandomEffect(term, k, 0))];
            error += LevelMoments.SampleVariance(effects) / draws;
            value += LevelMoments.SampleVariance([.. effects.Select((e, k) => e + distribution.FixedEffects[column] * uranium[k])]) / draws;
            residual += LevelMoments.SampleVariance(Residuals(fit, rows, distribution)) / draws;
        }
        double ofModes = LevelMoments.SampleVariance([.. Enumerable.Range(0, groups).Select(k => term.Modes[k, 0])]);
        Assert.Equal(1 - error / value, summaries[0].RSquared, 0.04 * error / value);
        Assert.Equal(1 - ofModes / error, summaries[0].Pooling, 0.04 * ofModes / error);
        Assert.Equal(1 - residual / LevelMoments.SampleVariance(fit.Response), summaries[1].RSquared, 0.005);
        Assert.Equal("rows", summaries[1].Level);
    }

    /// <summary>R: 1 - VarCorr(lmer(log_radon ~ floor + log_uranium + (1 | county)))$county / VarCorr(lmer(log_radon ~ floor + (1 | county)))$county.</summary>
    [Fact]
    public void The_variance_that_uranium_explains_is_the_difference_of_two_fits()
    {
        var (fit, rows) = DiagnosticsReference.Fit("radon_uranium");
        var without = DiagnosticsReference.Fit("radon_floor").Fit;
        var summary = LevelSummary.Of(fit, rows)[0];
        Assert.Equal(1 - fit.Terms[0].Covariance[0, 0] / without.Terms[0].Covariance[0, 0], summary.VarianceExplained!.Value, 1e-6);
        Assert.InRange(summary.VarianceExplained.Value, 0.7, 0.85);
        Assert.Equal("log_uranium", summary.Predictors.Single().Name);
        Assert.InRange(summary.Predictors[0].Correlation, -0.2, 0.2);
    }

    /// <summary>Without its predictor in the model, the modes keep the trend.</summary>
    [Fact]
    public void A_factor_without_predictors_of_its_own_explains_nothing()
    {
        var (fit, rows) = DiagnosticsReference.Fit("radon_floor");
        var summary = LevelSummary.Of(fit, rows)[0];
        Assert.Null(summary.VarianceExplained);
        Assert.Equal(0, summary.RSquared, 1e-12);
        Assert.InRange(summary.Pooling, 0.2, 0.8);
    }

    [Fact]
    public void A_generalised_model_has_the_levels_of_its_groups_only()
    {
        var (fit, rows) = DiagnosticsReference.Fit("cbpp_logit");
        Assert.Equal(["herd"], LevelSummary.Of(fit, rows).Select(s => s.Level));
    }

    private static double[] Residuals(MixedModelFit fit, Terrace.Design.ModelRows rows, ConditionalDistribution draw)
    {
        var eta = new double[rows.Cells];
        for (int c = 0; c < eta.Length; c++)
        {
            for (int j = 0; j < fit.FixedNames.Count; j++) eta[c] += draw.FixedEffects[j] * rows.Design.X[c, j];
            foreach (var term in fit.Terms)
            {
                var design = rows.Design.RandomTerms[term.FormulaPosition];
                for (int j = 0; j < term.TermNames.Count; j++) eta[c] += draw.RandomEffect(term, design.Codes[c], j) * design.Z[c, j];
            }
        }
        return [.. fit.Response.Select((y, i) => y - eta[rows.RowToCell[i]])];
    }
}
