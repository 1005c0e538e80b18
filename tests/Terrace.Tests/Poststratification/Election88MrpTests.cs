using Terrace.Families;
using Terrace.Formulas;
using Terrace.Poststratification;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Poststratification;

/// <summary>The polls of 1988 in one run: seven polls, the census, state predictors, and the actual result to compare with.</summary>
public class Election88MrpTests
{
    private static readonly MrpOptions Options = new()
    {
        Formula = Formula.Parse("bush ~ female*black + g76_84pr + (1|state) + (1|region) + (1|age) + (1|edu) + (1|age:edu)"),
        Survey = Fixtures.Data("election88_polls_all"),
        Population = PoststratificationFrame.FromCounts(Fixtures.Data("census88")),
        GroupData = [Fixtures.Data("election88_states")],
        Family = Family.Binomial(),
        By = [new Grouping("state"), new Grouping("region", "edu")],
        Truth = Fixtures.Data("election88_states"),
        Threads = 2,
        Draws = 400,
    };

    private static readonly Lazy<MrpResult> Result = new(() => Mrp.Run(Options));

    [Fact]
    public void The_nation_and_the_states_are_estimated_as_with_lme4()
    {
        MrpResult result = Result.Value;
        Assert.Equal(11566, result.Rows.Rows);
        Assert.Equal(0.5438, result.Overall.Estimate, 2e-4);
        Assert.Equal(51, result.Truth!.Areas);
        Assert.Equal("actual_bush_1988", result.Truth.Column);
        Assert.Equal(0.0317, result.Truth.MeanAbsoluteError, 3e-4);
        Assert.Equal(0.5616, result.Comparison[0].Raw[0].Estimate, 5e-5);
        Assert.Equal(0.005, result.Overall.Sd, 1e-3); // stan_glmer: 0.0050
    }

    [Fact]
    public void A_standard_deviation_of_zero_is_reported()
    {
        Assert.True(Result.Value.MixedFit!.Singular);
        Assert.Contains(Result.Value.Warnings, warning => warning.Code == "singular-fit" && warning.Message.Contains("age", StringComparison.Ordinal));
        Assert.True(Result.Value.Parameters!.Column("sd[age,(Intercept)]").ToArray().Count(sd => sd > 0.05) > 100);
    }

    [Fact]
    public void States_without_respondents_vary_independently_and_more_than_others()
    {
        MrpResult result = Result.Value;
        Assert.Equal(["2", "12"], result.Levels.Differences.Single(d => d.Variable == "state").OnlyInPopulation.Select(l => l.Level));
        Assert.Contains(result.Warnings, warning => warning.Code == "new-levels");
        ReadOnlySpan<double> alaska = result.Estimates[1].Column("mean[2]"), hawaii = result.Estimates[1].Column("mean[12]");
        // One region, so not independent as a whole, but far from the 0.88 of a shared draw; the standard error of the correlation is 0.05.
        Assert.InRange(Correlation(alaska, hawaii), -0.15, 0.5);
        double largest = result.By[0].Rows.Where(row => row.Respondents > 20).Max(row => row.Estimate.Sd);
        Assert.True(result.By[0].Rows.Where(row => row.Respondents == 0).All(row => row.Estimate.Sd > largest));
    }

    [Fact]
    public void No_pooling_has_nothing_to_say_about_states_without_respondents()
    {
        PoolingComparison states = Result.Value.Comparison[1];
        Assert.Equal(["2", "12"], states.Levels.Where((_, a) => !states.NoPooling[a].Exists).Select(levels => levels[0]));
        Assert.Equal(["2", "12"], states.Levels.Where((_, a) => !states.Poststratified[a].Exists).Select(levels => levels[0]));
        Assert.True(states.CompletePooling.All(estimate => estimate.Exists));
        Assert.Contains(Result.Value.Warnings, warning => warning.Code == "group-not-estimable" && warning.Message.Contains("No pooling: no estimate for 2, 12", StringComparison.Ordinal));
    }

    [Fact]
    public void Pools_between_the_extremes()
    {
        PoolingComparison states = Result.Value.Comparison[1];
        int between = 0, all = 0;
        for (int a = 0; a < states.Levels.Count; a++)
        {
            if (!states.NoPooling[a].Exists) continue;
            double low = Math.Min(states.NoPooling[a].Estimate, states.CompletePooling[a].Estimate), high = Math.Max(states.NoPooling[a].Estimate, states.CompletePooling[a].Estimate);
            all++;
            if (states.PartialPooling[a].Estimate >= low - 0.01 && states.PartialPooling[a].Estimate <= high + 0.01) between++;
        }
        Assert.True(between > 0.8 * all, $"{between} of {all}");
    }

    [Fact]
    public void Groupings_of_two_variables_cover_their_combinations()
    {
        AreaEstimates byRegionAndEducation = Result.Value.By[1];
        Assert.Equal(5 * 4, byRegionAndEducation.Rows.Count);
        Assert.Equal(Result.Value.Population, byRegionAndEducation.Rows.Sum(row => row.Population), 1e-3);
        double total = byRegionAndEducation.Totals().Rows.Sum(row => row.Estimate.Estimate);
        Assert.Equal(Result.Value.Overall.Estimate, total / Result.Value.Population, 1e-12);
    }

    private static double Correlation(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
        for (int i = 0; i < x.Length; i++) (mx, my) = (mx + x[i] / x.Length, my + y[i] / x.Length);
        for (int i = 0; i < x.Length; i++) (xx, yy, xy) = (xx + (x[i] - mx) * (x[i] - mx), yy + (y[i] - my) * (y[i] - my), xy + (x[i] - mx) * (y[i] - my));
        return xy / Math.Sqrt(xx * yy);
    }
}
