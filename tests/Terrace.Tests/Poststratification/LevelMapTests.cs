using Terrace.Data;
using Terrace.Poststratification;

namespace Terrace.Tests.Poststratification;

public class LevelMapTests
{
    private static readonly LevelMap Map = LevelMap.Parse("""{"state": {"Calif.": "CA", "Cal": "CA"}, "age": {"1": "2"}}""");

    [Fact]
    public void Replaces_levels_of_text_factors_and_numbers()
    {
        Frame recoded = Map.Apply(new Frame([new TextColumn("state", ["Calif.", "CA", null, "NV", "Cal"]), new IntegerColumn("age", [1, 2, 3, IntegerColumn.Missing, 1])]));
        Assert.Equal(["CA", "CA", null, "NV", "CA"], Enumerable.Range(0, 5).Select(recoded.Find("state")!.TextAt));
        Assert.Equal([2, 2, 3, IntegerColumn.Missing, 2], Assert.IsType<IntegerColumn>(recoded.Find("age")).Values.ToArray());
    }

    [Fact]
    public void A_factor_keeps_the_order_of_its_levels()
    {
        var factor = new Factor("state", [0, 1, 2, 3, -1], ["Calif.", "NV", "CA", "Cal"], isOrdered: true);
        var recoded = Assert.IsType<Factor>(Map.Apply(new Frame([factor])).Find("state"));
        Assert.Equal(["NV", "CA"], recoded.Levels);
        Assert.True(recoded.IsOrdered);
        Assert.Equal([1, 0, 1, 1, -1], recoded.Codes.ToArray());
    }

    [Fact]
    public void Adds_up_cells_that_become_one()
    {
        PoststratificationFrame population = PoststratificationFrame.FromCounts(new Frame([new TextColumn("state", ["CA", "NV", "Cal"]), new IntegerColumn("N", [5, 7, 11])]));
        PoststratificationFrame recoded = Map.Apply(population);
        Areas areas = Areas.Of(recoded, new Grouping("state"));
        Assert.Equal(2, recoded.Cells.RowCount);
        Assert.Equal([16, 7], areas.Population.ToArray());
    }

    [Fact]
    public void Reads_what_it_writes()
    {
        LevelMap again = LevelMap.Parse(Map.ToJson());
        Assert.Equal("CA", again.Variables["state"]["Cal"]);
        Assert.Equal(Map.ToJson(), again.ToJson());
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{\"state\": 1}")]
    [InlineData("{\"state\": {\"a\": true}}")]
    [InlineData("{\"state\": {\"a\": \"b\", \"a\": \"c\"}}")]
    [InlineData("{\"state\"")]
    [InlineData("{\"state\": {\"\\ud800\": \"a\"}}")]
    [InlineData("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}}")]
    public void Refuses_what_is_no_map(string json) =>
        Assert.Contains("map.json", Assert.Throws<DataException>(() => LevelMap.Parse(json, "map.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_variable_or_level_is_an_error()
    {
        var survey = new Frame([new TextColumn("state", ["Calif."])]);
        var population = new Frame([new TextColumn("state", ["CA"])]);
        LevelMap.Parse("""{"state": {"Calif.": "CA"}}""").RequireKnown(survey, population);
        Assert.Contains("'Calif'", Assert.Throws<DataException>(() => LevelMap.Parse("""{"state": {"Calif": "CA"}}""").RequireKnown(survey, population)).Message, StringComparison.Ordinal);
        Assert.Contains("'stat'", Assert.Throws<DataException>(() => LevelMap.Parse("""{"stat": {"Calif.": "CA"}}""").RequireKnown(survey, population)).Message, StringComparison.Ordinal);
    }
}
