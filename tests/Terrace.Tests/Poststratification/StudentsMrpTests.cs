using Terrace.Data;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Poststratification;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Poststratification;

/// <summary>The numbers of "Getting Started with Multilevel Regression and Poststratification", one by one.</summary>
public class StudentsMrpTests
{
    private static readonly MrpOptions Options = new()
    {
        Formula = Formula.Parse("response ~ class"),
        Survey = Fixtures.Data("students"),
        Population = PoststratificationFrame.FromCounts(Fixtures.Data("students_population")),
        Family = Family.Binomial(),
        By = [new Grouping("class")],
    };

    private static readonly Lazy<MrpResult> Flat = new(() => Mrp.Run(Options));
    private static readonly Lazy<MrpResult> Multilevel = new(() => Mrp.Run(Options with { Formula = Formula.Parse("response ~ 1 + (1|class)"), Draws = 2000, Threads = 2 }));

    [Fact]
    public void Regression_and_poststratification_give_the_article_s_estimate()
    {
        MrpResult result = Flat.Value;
        Assert.Equal("ml", result.Engine);
        Assert.Equal(23000, result.Population);
        Assert.Equal(0.4313122, result.Overall.Estimate, 5e-8);
        double[] expected = [0.6539589, 0.6717791, 0.3581081, 0.3684211, 0.2444444];
        AreaEstimates classes = Assert.Single(result.By);
        for (int i = 0; i < 5; i++) Assert.Equal(expected[i], classes.Rows[i].Estimate.Estimate, 5e-8);
        Assert.Equal(["1", "2", "3", "4", "5"], classes.Rows.Select(row => row.Levels[0]));
        Assert.Equal([341L, 326, 148, 95, 90], classes.Rows.Select(row => row.Respondents!.Value));
        Assert.Equal([4000.0, 4000, 4000, 4000, 7000], classes.Rows.Select(row => row.Population));
    }

    [Fact]
    public void The_default_interval_is_the_delta_method_s()
    {
        IntervalEstimate overall = Flat.Value.Overall;
        Assert.Equal(Fixtures.Reference("glm_students").GetProperty("correct_delta_method_se").GetDouble(), overall.Sd, 1e-8);
        Assert.Equal(0.01875, overall.Sd, 5e-6);
        Assert.Equal(0.3946, overall.Lower, 5e-5);
        Assert.Equal(0.4681, overall.Upper, 5e-5);
        IntervalEstimate twoSds = Mrp.Run(Options with { Level = 0.9544997361036416 }).Overall;
        Assert.Equal(0.3938, twoSds.Lower, 5e-5);
        Assert.Equal(0.4688, twoSds.Upper, 5e-5);
        Assert.Contains("covariance", Flat.Value.IntervalMeaning, StringComparison.Ordinal);
    }

    [Fact]
    public void The_article_s_interval_is_there_on_request_and_called_too_wide()
    {
        MrpResult result = Mrp.Run(Options with { Interval = MrpInterval.Parse("article"), Level = 0.5 });
        Assert.Equal(0.3548098, result.Overall.Lower, 5e-8);
        Assert.Equal(0.5078145, result.Overall.Upper, 5e-8);
        Assert.Equal(0.4313122, result.Overall.Estimate, 5e-8);
        Assert.Contains("too wide", result.IntervalMeaning, StringComparison.Ordinal);
    }

    [Fact]
    public void The_multilevel_model_pools_partially_as_the_article_s_does()
    {
        MrpResult result = Multilevel.Value;
        Assert.Equal("laplace", result.Engine);
        Assert.Equal(0.437579, result.Overall.Estimate, 2e-6);
        double[] expected = [0.6494805, 0.6666351, 0.3634185, 0.3756116, 0.2633905];
        for (int i = 0; i < 5; i++) Assert.Equal(expected[i], result.By[0].Rows[i].Estimate.Estimate, 5e-6);
        PoolingComparison comparison = result.Comparison[0];
        Assert.Equal(0.552, comparison.Raw[0].Estimate, 1e-12);
        Assert.Equal(0.4313122, comparison.Poststratified[0].Estimate, 5e-8);
        Assert.Equal(0.552, comparison.CompletePooling[0].Estimate, 1e-8);
        Assert.Equal(0.4313122, comparison.NoPooling[0].Estimate, 5e-8);
        Assert.Equal(0.01875, comparison.NoPooling[0].Sd, 5e-6);
        Assert.Equal(result.Overall, comparison.PartialPooling[0]);
        Assert.Equal([0.552, 0.552, 0.552, 0.552, 0.552], result.Comparison[1].CompletePooling.Select(e => Math.Round(e.Estimate, 8)));
    }

    [Fact]
    public void Draws_of_the_multilevel_model_agree_with_full_Bayes()
    {
        // stan_glmer: sd of the estimate 0.019, 0.3985 to 0.4746 at two sds; the tolerance is three Monte Carlo errors of 2,000 draws.
        IntervalEstimate overall = Multilevel.Value.Overall;
        Assert.Equal(0.019, overall.Sd, 1.5e-3);
        Assert.Equal(0.3985, overall.Lower, 4e-3);
        Assert.Equal(0.4746, overall.Upper, 4e-3);
        Assert.Equal(2000, Multilevel.Value.Parameters!.Count);
        Assert.NotEqual(-1, Multilevel.Value.Parameters.Layout.IndexOf("r[class,5,(Intercept)]"));
        Assert.Equal(2, Multilevel.Value.Estimates.Count);
    }

    [Fact]
    public void The_bootstrap_gives_the_article_s_interval()
    {
        MrpResult result = Mrp.Run(Options with
        {
            Formula = Formula.Parse("response ~ 1 + (1|class)"),
            Interval = MrpInterval.Parse("bootstrap:2000"),
            Level = 0.9544997361036416,
            Threads = 2,
        });
        // 2,000 replicates: the Monte Carlo error of an end is 2 × 0.0196 × 1.6 % = 0.0006; the article's own, of 999 replicates, is 0.0009.
        Assert.Equal(0.3983542, result.Overall.Lower, 4e-3);
        Assert.Equal(0.4768037, result.Overall.Upper, 4e-3);
        Assert.Equal(0, result.FailedReplicates);
        Assert.Equal(2000, result.Estimates[0].Count);
    }

    [Fact]
    public void The_bootstrap_with_new_groups_is_about_other_populations()
    {
        MrpResult result = Mrp.Run(Options with { Formula = Formula.Parse("response ~ 1 + (1|class)"), Interval = MrpInterval.Parse("bootstrap-new:1000"), Threads = 2 });
        Assert.Equal(0.0765, result.Overall.Sd, 0.009); // R: 0.0765 from 999 replicates; four Monte Carlo errors of both
        Assert.Contains("other groups", result.IntervalMeaning, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_on_any_number_of_threads()
    {
        MrpOptions multilevel = Options with { Formula = Formula.Parse("response ~ 1 + (1|class)"), Draws = 300, Seed = 5 };
        Assert.Equal(Mrp.Run(multilevel).Overall, Mrp.Run(multilevel with { Threads = 3 }).Overall);
        MrpOptions bootstrap = multilevel with { Interval = MrpInterval.Parse("bootstrap:40") };
        Assert.Equal(Mrp.Run(bootstrap).Overall, Mrp.Run(bootstrap with { Threads = 3 }).Overall);
        Assert.NotEqual(Mrp.Run(bootstrap).Overall, Mrp.Run(bootstrap with { Seed = 6 }).Overall);
    }

    [Fact]
    public void Cancellation_ends_a_bootstrap()
    {
        using var source = new CancellationTokenSource();
        var progress = new CancelAt(10, source);
        Assert.ThrowsAny<OperationCanceledException>(() => Mrp.Run(Options with { Interval = MrpInterval.Parse("bootstrap:1000000"), Progress = progress }, source.Token));
        Assert.InRange(progress.Largest, 10, 1000);
    }

    [Fact]
    public void A_known_truth_is_compared_by_area()
    {
        MrpResult result = Mrp.Run(Options with { Truth = Fixtures.Data("students_population"), TruthColumn = "p_support" });
        double[] errors = [.. result.By[0].Rows.Zip([0.65, 0.65, 0.4, 0.4, 0.2], (row, truth) => Math.Abs(row.Estimate.Estimate - truth))];
        Assert.Equal(errors.Average(), result.Truth!.MeanAbsoluteError, 1e-15);
        Assert.Equal(1, result.Truth.Coverage);
    }

    [Fact]
    public void A_respondent_s_class_that_the_population_lacks_stops_it()
    {
        Frame survey = Options.Survey;
        Column recoded = LevelMap.Parse("""{"class": {"5": "grad"}}""").Apply(survey).Find("class")!;
        var fault = Assert.Throws<DataException>(() => Mrp.Run(Options with { Survey = survey.With(recoded) }));
        Assert.Contains("90 respondents", fault.Message, StringComparison.Ordinal);
        MrpResult mapped = Mrp.Run(Options with { Survey = survey.With(recoded), Map = LevelMap.Parse("""{"class": {"grad": "5"}}""") });
        Assert.Equal(Flat.Value.Overall.Estimate, mapped.Overall.Estimate, 1e-12);
    }

    private sealed class CancelAt(int replicate, CancellationTokenSource source) : IProgress<ReplicateProgress>
    {
        public int Largest { get; private set; }

        public void Report(ReplicateProgress value)
        {
            Largest = Math.Max(Largest, value.Done);
            if (value.Done == replicate) source.Cancel();
        }
    }
}
