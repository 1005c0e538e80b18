using System.Text.Json;
using Terrace.Bayes;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Numerics.Distributions;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Bayes;

/// <summary>Draws under shrinkage priors: of the prior alone, of sparse regressions, against brms.</summary>
public class ShrinkageDrawsTests
{
    /// <summary>Of the horseshoe: the shrinkage factors 1/(1 + λ²) are Beta(½, ½), the global scale over σ is half-Cauchy, the slab inverse gamma, and coefficients over their scales are normal. Draws are thinned to be nearly
    /// independent; each of the nine Kolmogorov tests has a false alarm in 1e-4 of choices of the seed.</summary>
    [Fact]
    public void Draws_of_the_horseshoe_alone_have_its_distributions()
    {
        Draws draws = Prior("horseshoe(1, scale_global = 0.5, scale_slab = 1.5, df_slab = 5) on b");
        ReadOnlySpan<double> global = draws.Column("hs_global"), slab = draws.Column("hs_slab"), sigma = draws.Column("sigma");
        AssertDistributed("global", Each(global, sigma, (tau, s) => 2 / Math.PI * Math.Atan(tau / s / 0.5)));
        AssertDistributed("slab", Each(slab, slab, (v, _) => Gamma.UpperTail(2.5 / v, 2.5)));
        AssertDistributed("sigma", Each(sigma, sigma, (s, _) => 1 - Math.Exp(-s)));
        for (int j = 1; j <= 3; j++)
        {
            ReadOnlySpan<double> local = draws.Column($"hs_local[x{j}]"), b = draws.Column($"b[x{j}]");
            AssertDistributed("kappa", Each(local, local, (lambda, _) => Beta.Cdf(1 / (1 + lambda * lambda), 0.5, 0.5)));
            double[] z = new double[b.Length];
            for (int i = 0; i < z.Length; i++)
            {
                double c2 = 2.25 * slab[i], square = global[i] * global[i] * local[i] * local[i];
                z[i] = Normal.Cdf(b[i] / Math.Sqrt(c2 * square / (c2 + square)));
            }
            AssertDistributed("coefficient", z);
        }
    }

    /// <summary>Of R2D2: R² has its beta distribution, the shares those of the margins of a Dirichlet, and coefficients over their scales are normal. Eight tests as above.</summary>
    [Fact]
    public void Draws_of_R2D2_alone_have_the_stated_beta_distribution_of_R2()
    {
        Draws draws = Prior("R2D2(0.3, 5, 0.7) on b");
        ReadOnlySpan<double> r2 = draws.Column("R2D2_R2"), sigma = draws.Column("sigma");
        AssertDistributed("R2", Each(r2, r2, (r, _) => Beta.Cdf(r, 1.5, 3.5)));
        AssertDistributed("sigma", Each(sigma, sigma, (s, _) => 1 - Math.Exp(-s)));
        for (int j = 1; j <= 3; j++)
        {
            ReadOnlySpan<double> phi = draws.Column($"R2D2_phi[x{j}]"), b = draws.Column($"b[x{j}]");
            AssertDistributed("share", Each(phi, phi, (f, _) => Beta.Cdf(f, 0.7, 1.4)));
            double[] z = new double[b.Length];
            for (int i = 0; i < z.Length; i++) z[i] = Normal.Cdf(b[i] / (sigma[i] * Math.Sqrt(phi[i] * r2[i] / (1 - r2[i]))));
            AssertDistributed("coefficient", z);
        }
    }

    /// <summary>Three of twelve coefficients are not 0. The seed of the data is fixed; intervals are of 99 %, so that a false alarm of one of the nine that are has a probability of about 9 % without shrinkage, far less with it.</summary>
    [Theory]
    [InlineData("horseshoe(1, par_ratio = 0.3) on b", 0.6)]
    [InlineData("R2D2(cons_D2 = 0.5) on b", 0.8)]
    public void A_sparse_regression_finds_the_signals_and_shrinks_the_rest(string prior, double share)
    {
        double[] truth = [2, 0, 0, -1.5, 0, 0, 0, 0, 1.2, 0, 0, 0];
        var problem = ShrinkageProblem.Create("gaussian", 120, 12, (x, rng) => 1 + x.Select((value, j) => truth[j] * value).Sum() + rng.NextNormal(), grouped: false);
        var options = new NutsOptions { Chains = 2, Warmup = 300, Iterations = 400, AdaptDelta = 0.9 };
        BayesianFit flat = BayesianFit.Sample(problem.Under(false), [], options), fit = BayesianFit.Sample(problem.Under(false, prior), [], options);
        Assert.StartsWith("plain: a shrinkage prior", fit.Sampler, StringComparison.Ordinal);
        double noise = 0, flatNoise = 0;
        for (int j = 0; j < truth.Length; j++)
        {
            string name = $"b[x{j + 1}]";
            double mean = fit.Summary(name).Mean;
            double[] interval = SampleQuantile.Of(fit.Draws.Column(name), [0.005, 0.995]);
            if (truth[j] == 0)
            {
                noise += Math.Abs(mean);
                flatNoise += Math.Abs(flat.Summary(name).Mean);
                Assert.True(interval[0] < 0 && interval[1] > 0, $"{name}: {interval[0]} to {interval[1]}");
                continue;
            }
            Assert.Equal(truth[j], mean, 0.36);
            Assert.True(interval[0] * interval[1] > 0, $"{name}: {interval[0]} to {interval[1]}");
        }
        Assert.True(noise < share * flatNoise, $"{noise} against {flatNoise} without shrinkage");
        // Parameters of the family are found behind those of the prior, as predictions need them.
        Assert.Equal(fit.Draws.Column("sigma").ToArray(), PosteriorCoefficients.Of(fit, "identity").Parameter("sigma"));
    }

    /// <summary>
    /// brms 2.18 on the same data (60 rows, 8 correlated columns): means and standard deviations of coefficients, sigma, R² and shares, and means of the logs of the horseshoe's scales, whose own means do not exist or are not
    /// to be estimated. Within 4 combined Monte Carlo standard errors; about 60 comparisons have a false alarm in 0.4 % of choices of the seed, were the errors normal and independent.
    /// </summary>
    [Theory]
    [InlineData("sparse_brm_horseshoe", "horseshoe(1, scale_global = 0.2, df_slab = 5) on b", 20)]
    [InlineData("sparse_brm_r2d2", "R2D2(0.4, 5, 0.5) on b", 19)]
    public void The_posterior_is_that_of_brms(string reference, string prior, int parameters)
    {
        JsonElement brms = Fixtures.Bayes(reference);
        double[] Values(string name) => [.. brms.GetProperty("data").GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
        double[][] columns = [.. Enumerable.Range(1, 8).Select(j => Values($"x{j}"))];
        var problem = ShrinkageProblem.Of("gaussian", [.. Enumerable.Range(0, columns[0].Length).Select(i => Array.ConvertAll(columns, column => column[i]))], Values("y"));
        BayesianModel model = problem.Under(false, prior, "student_t(3, 1, 2.5) on intercept", "student_t(3, 0, 2.5) on sigma");
        BayesianFit fit = BayesianFit.Sample(model, [], new NutsOptions { Warmup = 500, Iterations = 1000, AdaptDelta = 0.9, Seed = 3 });
        int compared = 0;
        foreach (JsonProperty parameter in brms.GetProperty("parameters").EnumerateObject())
        {
            if (Name(parameter.Name) is not { } name) continue;
            compared++;
            double[] own = fit.Draws.Column(name).ToArray();
            double Reference(string what) => parameter.Value.GetProperty(what).GetDouble();
            void Compare(string what, double mine, double myError, double reference, double error)
            {
                double limit = 4 * Math.Sqrt(myError * myError + error * error);
                Assert.True(Math.Abs(mine - reference) <= limit, $"{name} {what}: {mine} against {reference} ± {limit}");
            }
            if (name.StartsWith("hs_", StringComparison.Ordinal))
            {
                double[] logs = Array.ConvertAll(own, Math.Log);
                Compare("mean log", logs.Average(), Mcse.OfMean(logs, 4), Reference("log_mean"), Reference("log_mcse"));
                continue;
            }
            Compare("mean", own.Average(), Mcse.OfMean(own, 4), Reference("mean"), Reference("mcse_mean"));
            Compare("sd", SampleMoments.StandardDeviation(own), Mcse.OfStandardDeviation(own, 4), Reference("sd"), Reference("mcse_sd"));
        }
        Assert.Equal(parameters, compared);
    }

    /// <summary>The name of a parameter of brms here; null where there is none.</summary>
    private static string? Name(string brms) => brms switch
    {
        "b_Intercept" => "b[(Intercept)]",
        "sigma" or "hs_global" or "hs_slab" or "R2D2_R2" => brms,
        _ when brms.StartsWith("b_x", StringComparison.Ordinal) => $"b[{brms[2..]}]",
        _ when brms.StartsWith("hs_local[", StringComparison.Ordinal) => brms.Replace("[", "[x", StringComparison.Ordinal),
        _ when brms.StartsWith("R2D2_phi_", StringComparison.Ordinal) => $"R2D2_phi[{brms[9..]}]",
        _ => null,
    };

    private static Draws Prior(string prior)
    {
        var problem = ShrinkageProblem.Create("gaussian", 12, 3, (_, rng) => rng.NextNormal(), grouped: false);
        BayesianModel model = problem.Under(true, prior, "normal(0, 1) on intercept", "exponential(1) on sigma");
        return BayesianFit.Sample(model, [], new NutsOptions { Warmup = 1000, Iterations = 12_000, Thin = 12, AdaptDelta = 0.9, Seed = 17 }).Draws;
    }

    private static double[] Each(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Func<double, double, double> value)
    {
        var each = new double[a.Length];
        for (int i = 0; i < each.Length; i++) each[i] = value(a[i], b[i]);
        return each;
    }

    /// <summary>The Kolmogorov test that values are uniform, at 1e-4: √n D below 2.225 (Kolmogorov 1933, two-sided limit).</summary>
    private static void AssertDistributed(string what, double[] probabilities)
    {
        Assert.True(Ess.Bulk(probabilities, 4) > 0.8 * probabilities.Length, $"{what}: effective size {Ess.Bulk(probabilities, 4)}");
        double[] sorted = [.. probabilities.Order()];
        int n = sorted.Length;
        double distance = 0;
        for (int i = 0; i < n; i++) distance = Math.Max(distance, Math.Max(sorted[i] - (double)i / n, (double)(i + 1) / n - sorted[i]));
        Assert.True(distance * Math.Sqrt(n) < 2.225, $"{what}: √n D = {distance * Math.Sqrt(n)}");
    }
}
