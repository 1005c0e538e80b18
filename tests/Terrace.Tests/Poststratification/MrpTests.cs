using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Poststratification;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Poststratification;

public class MrpTests
{
    private static readonly MrpOptions Students = new()
    {
        Formula = Formula.Parse("response ~ class"),
        Survey = Fixtures.Data("students"),
        Population = PoststratificationFrame.FromCounts(Fixtures.Data("students_population")),
        Family = Family.Binomial(),
    };

    [Theory]
    [InlineData("default", MrpIntervalKind.Default, MrpInterval.DefaultReplicates)]
    [InlineData("article", MrpIntervalKind.Article, MrpInterval.DefaultReplicates)]
    [InlineData("bootstrap", MrpIntervalKind.Bootstrap, MrpInterval.DefaultReplicates)]
    [InlineData("bootstrap:999", MrpIntervalKind.Bootstrap, 999)]
    [InlineData("bootstrap-new:2", MrpIntervalKind.BootstrapNewGroups, 2)]
    public void Reads_the_kind_of_interval(string text, MrpIntervalKind kind, int replicates) => Assert.Equal(new MrpInterval(kind, replicates), MrpInterval.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("boot")]
    [InlineData("bootstrap:")]
    [InlineData("bootstrap:1")]
    [InlineData("bootstrap:1e3")]
    [InlineData("bootstrap:99999999999")]
    [InlineData("article:9")]
    public void Refuses_what_is_no_interval(string text) => Assert.Throws<ModelException>(() => MrpInterval.Parse(text));

    [Theory]
    [InlineData("response ~ class", "laplace")]
    [InlineData("response ~ 1 + (1|class)", "reml")]
    public void Refuses_an_engine_that_does_not_suit(string formula, string engine) =>
        Assert.Contains(engine, Assert.Throws<ModelException>(() => Mrp.Run(Students with { Formula = Formula.Parse(formula), Engine = engine })).Message, StringComparison.Ordinal);

    [Fact]
    public void Refuses_sampling_weights_in_the_polls_of_1988()
    {
        MrpOptions polls = Students with
        {
            Formula = Formula.Parse("bush ~ 1 + (1|state)"),
            Survey = Fixtures.Data("election88_polls"),
            Population = PoststratificationFrame.FromCounts(Fixtures.Data("census88")),
            Model = new ModelFrameOptions { Weights = Expression.Parse("weight") },
        };
        Assert.Contains("weights-ambiguous", Assert.Throws<ModelException>(() => Mrp.Run(polls)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_of_the_formula_that_the_population_lacks_is_named() =>
        Assert.Contains("'class'", Assert.Throws<DataException>(() => Mrp.Run(Students with
        {
            Population = PoststratificationFrame.FromCounts(new Frame([new TextColumn("klass", ["1"]), new IntegerColumn("N", [1])])),
        })).Message, StringComparison.Ordinal);

    [Fact]
    public void Levels_are_compared_without_a_fit_for_a_proposal_of_a_map()
    {
        Frame survey = new([new TextColumn("state", ["Calif.", "NV"]), new IntegerColumn("y", [0, 1])]);
        var population = PoststratificationFrame.FromCounts(new Frame([new TextColumn("state", ["CA", "NV"]), new IntegerColumn("N", [1, 1])]));
        MrpOptions options = Students with { Formula = Formula.Parse("y ~ income + (1|state)"), Survey = survey, Population = population };
        Assert.Equal("CA", Mrp.CompareLevels(options).SuggestedMap.Variables["state"]["Calif."]);
    }

    [Fact]
    public void A_grouping_must_not_be_called_like_an_estimate() =>
        Assert.Contains("'estimate'", Assert.Throws<DataException>(() => Mrp.Run(Students with { By = [new Grouping("estimate")] })).Message, StringComparison.Ordinal);

    [Fact]
    public void New_combinations_of_known_levels_are_told()
    {
        Frame survey = new([new IntegerColumn("a", [1, 1, 2, 1, 1, 2, 2, 1]), new IntegerColumn("b", [1, 2, 1, 1, 2, 1, 1, 2]), new IntegerColumn("y", [0, 1, 0, 1, 1, 0, 1, 0])]);
        var population = PoststratificationFrame.FromCounts(new Frame([new IntegerColumn("a", [1, 1, 2, 2]), new IntegerColumn("b", [1, 2, 1, 2]), new IntegerColumn("N", [1, 2, 3, 4])]));
        MrpResult result = Mrp.Run(Students with { Formula = Formula.Parse("y ~ 1 + (1|a:b)"), Survey = survey, Population = population, Draws = 20 });
        Assert.Contains(result.Warnings, warning => warning.Code == "new-levels" && warning.Message.Contains("2:2", StringComparison.Ordinal));
        Assert.Empty(result.Levels.Differences);
    }

    [Fact]
    public void Keys_of_survey_and_population_are_typed_together()
    {
        Frame survey = Students.Survey;
        Column asNumber = new IntegerColumn("class", [.. Enumerable.Range(0, survey.RowCount).Select(row => long.Parse(survey.Get("class").TextAt(row)!, System.Globalization.CultureInfo.InvariantCulture))]);
        Assert.Equal(0.4313122, Mrp.Run(Students with { Survey = survey.With(asNumber) }).Overall.Estimate, 5e-8);
    }

    [Fact]
    public void Population_cells_that_nobody_lives_in_need_no_prediction()
    {
        var cells = new Frame([new TextColumn("class", ["1", "2", "3", "4", "5", "6"]), new NumericColumn("N", [4000, 4000, 4000, 4000, 7000, 0])]);
        Assert.Equal(0.4313122, Mrp.Run(Students with { Population = PoststratificationFrame.FromCounts(cells) }).Overall.Estimate, 5e-8);
    }

    [Fact]
    public void Keys_that_the_model_does_not_use_change_nothing()
    {
        string[] classes = [.. Enumerable.Range(0, 10).Select(i => (i / 2 + 1).ToString(System.Globalization.CultureInfo.InvariantCulture))];
        double[] counts = [1000, 3000, 2000, 2000, 500, 3500, 3999, 1, 7000, 0];
        var cells = new Frame([new TextColumn("class", classes), new IntegerColumn("sex", [.. Enumerable.Range(0, 10).Select(i => (long)(i % 2))]), new NumericColumn("N", counts)]);
        MrpResult result = Mrp.Run(Students with { Population = PoststratificationFrame.FromCounts(cells), By = [new Grouping("sex")] });
        Assert.Equal(0.4313122, result.Overall.Estimate, 5e-8);
        Assert.Equal(0.01875, result.Overall.Sd, 5e-6);
        Assert.All(result.By[0].Rows, row => Assert.Null(row.Respondents));
    }

    [Fact]
    public void A_gaussian_model_takes_quantiles_of_t()
    {
        Frame survey = new([new TextColumn("g", ["a", "a", "b", "b"]), new NumericColumn("y", [1, 3, 4, 8])]);
        var population = PoststratificationFrame.FromCounts(new Frame([new TextColumn("g", ["a", "b"]), new IntegerColumn("N", [1, 3])]));
        IntervalEstimate overall = Mrp.Run(Students with { Formula = Formula.Parse("y ~ g"), Survey = survey, Population = population, Family = Family.Gaussian() }).Overall;
        Assert.Equal(5, overall.Estimate, 1e-12);
        Assert.Equal(Math.Sqrt(5 * (0.0625 + 0.5625) / 2), overall.Sd, 1e-12);
        Assert.Equal(5 + 4.302652729911275 * overall.Sd, overall.Upper, 1e-6); // qt(0.975, 2)
    }

    [Theory]
    [InlineData("gaussian", "y ~ x")]
    [InlineData("gaussian", "y ~ x + (1|g)")]
    [InlineData("poisson", "y ~ x")]
    [InlineData("poisson", "y ~ x + (1|g)")]
    [InlineData("gamma", "y ~ x")]
    public void The_bootstrap_agrees_with_the_default_interval(string family, string formula)
    {
        var rng = new Terrace.Numerics.RandomNumbers.Rng(5, 0);
        long[] g = [.. Enumerable.Range(0, 120).Select(i => i % 6 + 1L)];
        double[] x = [.. g.Select(_ => rng.NextNormal())];
        double[] y = [.. x.Zip(g, (a, b) => 1.0 + rng.NextPoisson(Math.Exp(1 + 0.2 * a + 0.1 * b)))];
        Frame survey = new([new IntegerColumn("g", g), new NumericColumn("x", x), new NumericColumn("y", y)]);
        var population = PoststratificationFrame.FromCounts(new Frame([new IntegerColumn("g", [1, 2, 3, 4, 5, 6]), new NumericColumn("x", [0.5, 0, 0.1, -0.2, 0, 0.3]), new NumericColumn("N", [5, 4, 3, 2, 1, 5])]));
        MrpOptions options = Students with { Formula = Formula.Parse(formula), Survey = survey, Population = population, Family = Family.Parse(family, family == "gamma" ? "log" : null), Draws = 1000, Threads = 2 };
        IntervalEstimate usual = Mrp.Run(options).Overall, bootstrap = Mrp.Run(options with { Interval = new MrpInterval(MrpIntervalKind.Bootstrap, 300) }).Overall;
        Assert.Equal(usual.Estimate, bootstrap.Estimate, 1e-12);
        Assert.InRange(bootstrap.Sd / usual.Sd, 0.7, 1.3); // Monte Carlo error 4 % and 2 %, the rest is what the approximations differ by
    }

    [Fact]
    public void A_family_without_a_likelihood_has_no_bootstrap() =>
        Assert.Contains("likelihood", Assert.Throws<ModelException>(() => Mrp.Run(Students with { Family = Family.Quasibinomial(), Interval = MrpInterval.Parse("bootstrap:10") })).Message, StringComparison.Ordinal);

    [Fact]
    public void Averaged_bounds_of_a_multilevel_model_are_wider_than_its_draws()
    {
        MrpOptions multilevel = Students with { Formula = Formula.Parse("response ~ 1 + (1|class)"), Draws = 500 };
        IntervalEstimate usual = Mrp.Run(multilevel).Overall, article = Mrp.Run(multilevel with { Interval = MrpInterval.Parse("article") }).Overall;
        Assert.True(article.Upper - article.Lower > 1.5 * (usual.Upper - usual.Lower));
        Assert.Equal(usual.Sd, article.Sd);
    }
}
