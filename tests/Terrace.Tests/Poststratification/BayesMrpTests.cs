using System.Text.Json;
using Terrace.Bayes;
using Terrace.Data;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Poststratification;
using Terrace.Tests.Bayes;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Poststratification;

/// <summary>MRP by full Bayes against rstanarm: the students of the founding text and the 1988 election.</summary>
public class BayesMrpTests
{
    private const double Errors = 4;

    private static readonly Lazy<MrpResult> Election = new(() => Mrp.Run(new MrpOptions
    {
        Formula = Formula.Parse("bush ~ female + black + v_prev + (1 | state) + (1 | age) + (1 | edu) + (1 | age:edu)"),
        Survey = Fixtures.Data("election88_polls"),
        Population = PoststratificationFrame.FromCounts(Fixtures.Data("census88")),
        GroupData = [Fixtures.Data("election88_states")],
        Family = Family.Binomial(),
        By = [new Grouping("state")],
        Engine = "nuts",
        Threads = 2,
        Bayes = new BayesianSettings { Sampling = new NutsOptions { AdaptDelta = 0.95, Iterations = 800, Warmup = 800 } },
    }));

    /// <summary>About 190 comparisons with fixed seeds: a false alarm has a probability of 1 % in all.</summary>
    [Fact]
    public void The_model_of_1988_has_rstanarms_posterior() =>
        BayesianReferenceTests.AssertAgrees(Election.Value.BayesianFit!, Fixtures.Bayes("election88_stan_glmer_mrp").GetProperty("parameters"));

    /// <summary>The nation and 51 states, two of them without respondents: 52 means and standard deviations, a false alarm in all 1 %.</summary>
    [Fact]
    public void The_states_of_1988_are_those_of_rstanarm()
    {
        MrpResult result = Election.Value;
        JsonElement reference = Fixtures.Bayes("election88_stan_glmer_mrp");
        AssertAgrees(reference.GetProperty("national"), result.Estimates[0].Column(0), result.BayesianFit!.Draws.Chains);
        JsonElement[] states = [.. reference.GetProperty("state_estimates").EnumerateObject().Select(state => state.Value)];
        for (int state = 1; state <= 51; state++) AssertAgrees(states[state - 1], result.Estimates[1].Column($"mean[{state}]"), result.BayesianFit.Draws.Chains);
        Assert.Equal(SampleMoments.Mean(result.Estimates[0].Column(0)), result.Overall.Estimate, 1e-12);
    }

    /// <summary>rstanarm shares one draw among all new levels; here each has its own.</summary>
    [Fact]
    public void States_without_respondents_have_draws_of_their_own()
    {
        Draws draws = Election.Value.Estimates[1];
        double[] alaska = draws.Column("mean[2]").ToArray(), hawaii = draws.Column("mean[12]").ToArray();
        double a = alaska.Average(), h = hawaii.Average();
        double correlation = alaska.Zip(hawaii, (x, y) => (x - a) * (y - h)).Average() / (SampleMoments.StandardDeviation(alaska) * SampleMoments.StandardDeviation(hawaii));
        Assert.InRange(correlation, -0.3, 0.6);
    }

    [Fact]
    public void The_students_have_the_estimates_of_the_founding_text()
    {
        Frame population = Fixtures.Data("students_population");
        MrpResult result = Mrp.Run(new MrpOptions
        {
            Formula = Formula.Parse("response ~ (1 | class)"),
            Survey = Fixtures.Data("students"),
            Population = PoststratificationFrame.FromCounts(population),
            Family = Family.Binomial(),
            By = [new Grouping("class")],
            Engine = "nuts",
            Bayes = new BayesianSettings { Sampling = new NutsOptions { AdaptDelta = 0.95 } },
        });
        JsonElement reference = Fixtures.Bayes("students_stan_glmer");
        AssertAgrees(reference.GetProperty("poststratified"), result.Estimates[0].Column(0), 4);
        int column = 0;
        foreach (JsonProperty single in reference.GetProperty("epred_by_class").EnumerateObject()) AssertAgrees(single.Value, result.Estimates[1].Column(column++), 4);
        Assert.Equal(0.4366, result.Overall.Estimate, 0.002);
        Assert.Contains(result.BayesianFit!.Priors, prior => prior is { Class: "sd", Group: "class", Prior: "decov(1, 1, 1, 1)" });
    }

    private static void AssertAgrees(JsonElement reference, ReadOnlySpan<double> draws, int chains)
    {
        double Limit(double own, string name) => Errors * Math.Sqrt(own * own + Math.Pow(reference.GetProperty(name).GetDouble(), 2));
        Assert.Equal(reference.GetProperty("mean").GetDouble(), SampleMoments.Mean(draws), Limit(Mcse.OfMean(draws, chains), "mcse_mean"));
        Assert.Equal(reference.GetProperty("sd").GetDouble(), SampleMoments.StandardDeviation(draws), Limit(Mcse.OfStandardDeviation(draws, chains), "mcse_sd"));
    }
}
