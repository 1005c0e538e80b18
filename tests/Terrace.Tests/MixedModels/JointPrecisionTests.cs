using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

public class JointPrecisionTests
{
    [Theory]
    [InlineData("lmer_sleepstudy_slope_REML")]
    [InlineData("lmer_penicillin_crossed")]
    [InlineData("lmer_radon_uncorrelated_ML")]
    [InlineData("glmer_election88_gelmanhill_full")]
    [InlineData("glmer_contraception_slope")]
    [InlineData("glmer_owls_poisson_offset")]
    public void At_the_estimate_the_mean_is_the_fit(string name)
    {
        var fit = MixedFixture.Fit(name);
        var at = fit.Joint.AtEstimate();
        for (int j = 0; j < fit.Beta.Length; j++) AssertClose(fit.Beta[j], at.FixedEffects[j], 1e-8, fit.FixedNames[j]);
        foreach (var term in fit.Terms)
        {
            for (int l = 0; l < term.Levels.Count; l++)
            {
                for (int c = 0; c < term.TermNames.Count; c++) AssertClose(term.Modes[l, c], at.RandomEffect(term, l, c), 1e-8, $"{term.Group} {l}");
            }
        }
    }

    [Fact]
    public void The_variance_of_a_linear_predictor_is_that_of_the_explicit_model()
    {
        var fit = MixedFixture.Fit("lmer_sleepstudy_slope_REML");
        var rows = MixedFixture.Rows("lmer_sleepstudy_slope_REML", collapse: false).Design;
        var term = fit.Terms[0];
        int n = rows.Rows, q = term.Levels.Count * 2;
        var precision = new Matrix(q + 2, q + 2);
        for (int i = 0; i < n; i++)
        {
            double[] a = new double[q + 2];
            (a[2 * rows.RandomTerms[0].Codes[i]], a[2 * rows.RandomTerms[0].Codes[i] + 1], a[q], a[q + 1]) = (1, rows.X[i, 1], 1, rows.X[i, 1]);
            for (int r = 0; r < a.Length; r++)
            {
                for (int c = 0; c < a.Length; c++) precision[r, c] += a[r] * a[c] / (fit.Sigma * fit.Sigma);
            }
        }
        var inverse = Invert(term.Covariance).Inverse;
        for (int l = 0; l < term.Levels.Count; l++)
        {
            for (int r = 0; r < 2; r++)
            {
                for (int c = 0; c < 2; c++) precision[2 * l + r, 2 * l + c] += inverse[r, c];
            }
        }
        var covariance = Invert(precision).Inverse;
        double[] weights = new double[q + 2];
        (weights[6], weights[7], weights[q], weights[q + 1]) = (1, 4, 1, 4);
        double expected = weights.Zip(Multiply(covariance, weights), (a, b) => a * b).Sum();
        var combination = fit.Joint.NewCombination();
        combination.AddFixed([1, 4]);
        combination.AddRandom(term, 3, 0, 1);
        combination.AddRandom(term, 3, 1, 4);
        AssertClose(expected, fit.Joint.AtEstimate().Variance(combination), 1e-9, "variance");
        combination.Clear();
        combination.AddFixed([0, 1]);
        AssertClose(fit.BetaCovariance[1, 1], fit.Joint.AtEstimate().Variance(combination), 1e-9, "variance of the slope");
    }

    /// <summary>4,000 draws: the sd of their mean is 1.6 % of the sd; the tolerances are five of these and 8 % in the sd (probability of a false alarm below 1e-5).</summary>
    [Fact]
    public void Draws_have_the_mean_and_the_spread_of_the_distribution()
    {
        var fit = MixedFixture.Fit("glmer_election88_gelmanhill_full");
        var at = fit.Joint.AtEstimate();
        var rng = new Rng(9, 9);
        var term = fit.Terms[0];
        double[] slope = new double[4000], effect = new double[4000];
        for (int i = 0; i < slope.Length; i++)
        {
            at.Draw(rng);
            slope[i] = at.FixedEffects[1];
            effect[i] = at.RandomEffect(term, 5, 0);
        }
        var combination = fit.Joint.NewCombination();
        combination.AddRandom(term, 5, 0, 1);
        Moments(effect, term.Modes[5, 0], Math.Sqrt(at.Variance(combination)));
        combination.Clear();
        combination.AddFixed([0, 1, 0, 0, 0]);
        Moments(slope, fit.Beta[1], Math.Sqrt(at.Variance(combination)));
    }

    private static void Moments(double[] draws, double mean, double sd)
    {
        double average = draws.Average(), spread = Math.Sqrt(draws.Average(d => (d - average) * (d - average)));
        AssertClose(0, (average - mean) / sd, 0.08, "mean");
        AssertClose(1, spread / sd, 0.08, "sd");
    }
}
