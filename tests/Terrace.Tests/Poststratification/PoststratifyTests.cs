using FsCheck;
using FsCheck.Fluent;
using Terrace.Data;
using Terrace.Inference.Posterior;
using Terrace.Poststratification;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Poststratification;

public class PoststratifyTests
{
    private static readonly Config Replayed = Config.QuickThrowOnFailure.WithReplay(20260103, 1).WithMaxTest(200);

    /// <summary>Cells with a state and a unique number, so that any multiset of (state, count, mean) is a population.</summary>
    private static PoststratificationFrame Population(IReadOnlyList<int> state, IReadOnlyList<double> count) => PoststratificationFrame.FromCounts(new Frame(
    [
        new IntegerColumn("cell", [.. Enumerable.Range(0, state.Count).Select(i => (long)i)]),
        new IntegerColumn("state", [.. state.Select(s => (long)s)]),
        new NumericColumn("N", [.. count]),
    ]));

    private static Arbitrary<(int State, double Count, double Mean)[]> Cells() =>
        Gen.Choose(0, 3).SelectMany(state => Gen.Choose(1, 1000).SelectMany(count => Gen.Choose(0, 1000).Select(mean => (state, (double)count, mean / 1000.0))))
            .NonEmptyListOf().Select(list => list.ToArray()).ToArbitrary();

    [Fact]
    public void Weights_the_article_s_proportions_to_its_estimate()
    {
        PoststratificationFrame frame = PoststratificationFrame.FromCounts(Fixtures.Data("students_population"));
        double[] proportions = [0.6539589, 0.6717791, 0.3581081, 0.3684211, 0.2444444];
        Assert.Equal(0.4313122, Poststratify.Means(frame, Areas.Of(frame, Grouping.None), proportions)[0], 5e-8);
        double[] classes = Poststratify.Means(frame, Areas.Of(frame, new Grouping("class")), proportions);
        for (int i = 0; i < 5; i++) Assert.Equal(proportions[i], classes[i], 1e-15);
    }

    [Fact]
    public void Equals_the_weighted_mean_by_definition() => Prop.ForAll(Cells(), cells =>
    {
        PoststratificationFrame frame = Population([.. cells.Select(c => c.State)], [.. cells.Select(c => c.Count)]);
        Areas areas = Areas.Of(frame, new Grouping("state"));
        double[] means = Poststratify.Means(frame, areas, [.. cells.Select(c => c.Mean)]);
        return areas.Levels.Select(levels => levels[0]).Zip(means).All(area =>
        {
            var inside = cells.Where(c => c.State.ToString(System.Globalization.CultureInfo.InvariantCulture) == area.First).ToArray();
            return Math.Abs(area.Second - inside.Sum(c => c.Count * c.Mean) / inside.Sum(c => c.Count)) < 1e-13;
        });
    }).Check(Replayed);

    [Fact]
    public void Scaling_the_counts_changes_no_mean_and_scales_every_total() => Prop.ForAll(Cells(), cells =>
    {
        double[] predictions = [.. cells.Select(c => c.Mean)];
        PoststratificationFrame one = Population([.. cells.Select(c => c.State)], [.. cells.Select(c => c.Count)]);
        PoststratificationFrame many = Population([.. cells.Select(c => c.State)], [.. cells.Select(c => 37 * c.Count)]);
        var by = new Grouping("state");
        return Near(Poststratify.Means(one, Areas.Of(one, by), predictions), Poststratify.Means(many, Areas.Of(many, by), predictions), 1e-13)
            && Near([.. Poststratify.Totals(one, Areas.Of(one, by), predictions).Select(t => 37 * t)], Poststratify.Totals(many, Areas.Of(many, by), predictions), 1e-6);
    }).Check(Replayed);

    [Fact]
    public void Splitting_a_cell_or_reordering_cells_changes_no_mean() => Prop.ForAll(Cells(), cells =>
    {
        (int State, double Count, double Mean)[] split = [.. cells.Reverse().SelectMany(c => new[] { c with { Count = c.Count / 4 }, c with { Count = 3 * c.Count / 4 } })];
        return Near(StateMeans(cells), StateMeans(split), 1e-13);
    }).Check(Replayed);

    [Fact]
    public void Draws_are_the_same_bits_on_any_number_of_threads_and_equal_the_plain_sum()
    {
        var random = new Terrace.Numerics.RandomNumbers.Rng(11, 0);
        const int cells = 1300, draws = 70;
        int[] state = [.. Enumerable.Range(0, cells).Select(_ => random.NextInt(7))];
        double[] counts = [.. Enumerable.Range(0, cells).Select(_ => (double)random.NextInt(1000))];
        var predictions = new TablePredictions([.. Enumerable.Range(0, draws).Select(_ => Enumerable.Range(0, cells).Select(_ => random.NextDouble()).ToArray())]);
        PoststratificationFrame frame = Population(state, counts);
        Areas areas = Areas.Of(frame, new Grouping("state"));
        Draws single = Poststratify.Means(frame, areas, predictions);
        Draws several = Poststratify.Means(frame, areas, predictions, threads: 3);
        for (int a = 0; a < areas.Count; a++) Assert.Equal(single.Column(a).ToArray(), several.Column(a).ToArray());
        for (int d = 0; d < draws; d++)
        {
            double[] expected = Poststratify.Means(frame, areas, predictions.Table[d]);
            for (int a = 0; a < areas.Count; a++) Assert.Equal(expected[a], single.Column(a)[d], 1e-12);
        }
        Assert.Equal("mean[0]", single.Layout.Columns[0]);
    }

    [Fact]
    public void Cells_predicted_alike_are_added_up_and_cells_left_out_are_accounted_for()
    {
        PoststratificationFrame frame = Population([0, 0, 1, 1, 1], [1, 2, 3, 4, 0]);
        Areas all = Areas.Of(frame, Grouping.None), states = Areas.Of(frame, new Grouping("state"));
        AreaWeights weights = AreaWeights.Of(frame, [all, states], [2, 0, 2, -1, 1], 3, pattern => pattern != 0);
        Assert.Equal([0.4, 1 / 3.0, 3 / 7.0], weights.Covered);
        var sums = new double[3];
        weights.Accumulate(0, [100, 10, 1], sums);
        Assert.Equal([1, 1, 1], sums);
        Array.Clear(sums);
        AreaWeights.Of(frame, [all, states], [2, 0, 2, 1, 1], 3).Accumulate(0, [100, 10, 1], sums);
        double[] expected = [24.4, 201 / 3.0, 43 / 7.0];
        for (int a = 0; a < 3; a++) Assert.Equal(expected[a], sums[a], 1e-12);
    }

    [Fact]
    public void An_area_without_people_has_no_mean()
    {
        PoststratificationFrame frame = Population([0, 1], [0, 5]);
        double[] means = Poststratify.Means(frame, Areas.Of(frame, new Grouping("state")), [0.5, 0.25]);
        Assert.Equal([double.NaN, 0.25], means);
    }

    [Fact]
    public void Areas_come_in_level_order_and_count_respondents_by_name()
    {
        PoststratificationFrame frame = Population([10, 9, 10], [1, 2, 4]);
        Areas areas = Areas.Of(frame, new Grouping("state"));
        Assert.Equal(["9", "10"], areas.Levels.Select(l => l[0]));
        Assert.Equal([2, 5], areas.Population.ToArray());
        var survey = new Frame([new TextColumn("state", ["10", "9", "10", "11", null])]);
        Assert.Equal<long>([1, 2], areas.Respondents(survey, [0, 1, 2, 3, 4])!);
        Assert.Null(areas.Respondents(new Frame([new TextColumn("x", ["1"])]), [0]));
    }

    [Theory]
    [InlineData("stat")]
    [InlineData("")]
    [InlineData("state,state")]
    public void Refuses_a_grouping_that_cannot_be(string by) =>
        Assert.Throws<DataException>(() => { PoststratificationFrame frame = Population([1], [1]); Areas.Of(frame, Grouping.Parse(by)); });

    private static double[] StateMeans((int State, double Count, double Mean)[] cells)
    {
        PoststratificationFrame frame = Population([.. cells.Select(c => c.State)], [.. cells.Select(c => c.Count)]);
        return Poststratify.Means(frame, Areas.Of(frame, new Grouping("state")), [.. cells.Select(c => c.Mean)]);
    }

    private static bool Near(double[] a, double[] b, double tolerance) => a.Length == b.Length && a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) <= tolerance);

    private sealed class TablePredictions(double[][] table) : ICellPredictions
    {
        public double[][] Table => table;

        public int Cells => table[0].Length;

        public int Draws => table.Length;

        public void Predict(int draw, int firstCell, Span<double> means) => table[draw].AsSpan(firstCell, means.Length).CopyTo(means);
    }
}
