using Terrace.Data;
using Terrace.Poststratification;

namespace Terrace.Tests.Poststratification;

public class LevelComparisonTests
{
    private static readonly VariableUse Group = new("state", IsFixed: false, IsGroup: true, IsFactor: false);
    private static readonly VariableUse Fixed = new("state", IsFixed: true, IsGroup: false, IsFactor: false);

    private static Frame Survey(params string?[] states) => new([new TextColumn("state", states)], "survey");

    private static PoststratificationFrame Population(params string[] states) =>
        PoststratificationFrame.FromCounts(new Frame([new TextColumn("state", states), new IntegerColumn("N", [.. states.Select((_, i) => i + 1L)])], "population"));

    [Fact]
    public void Equal_levels_differ_in_nothing()
    {
        LevelComparison comparison = LevelComparison.Of(Survey("AL", "CA", null), Population("CA", "AL"), [Group]);
        Assert.Empty(comparison.Differences);
        comparison.RequireNoErrors();
    }

    [Fact]
    public void A_group_without_respondents_is_a_warning_with_its_share_of_the_population()
    {
        LevelComparison comparison = LevelComparison.Of(Survey("AL", "CA"), Population("AL", "CA", "AK"), [Group]);
        LevelDifference difference = Assert.Single(comparison.Differences);
        Assert.Equal("AK", Assert.Single(difference.OnlyInPopulation).Level);
        Assert.Equal(0.5, difference.OnlyInPopulation[0].Share);
        Assert.Equal("new-levels", Assert.Single(comparison.Warnings).Code);
        comparison.RequireNoErrors();
    }

    [Fact]
    public void A_fixed_level_without_respondents_is_an_error()
    {
        LevelComparison comparison = LevelComparison.Of(Survey("AL", "CA"), Population("AL", "CA", "AK"), [Fixed]);
        Assert.Contains("'AK'", Assert.Throws<DataException>(comparison.RequireNoErrors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_level_without_people_is_not_missed()
    {
        PoststratificationFrame population = PoststratificationFrame.FromCounts(new Frame([new TextColumn("state", ["AL", "AK"]), new IntegerColumn("N", [5, 0])]));
        Assert.Empty(LevelComparison.Of(Survey("AL"), population, [Fixed]).Differences);
    }

    [Fact]
    public void Respondents_that_would_be_lost_are_an_error_that_counts_them()
    {
        LevelComparison comparison = LevelComparison.Of(Survey("AL", "Guam", "Guam", "AL"), Population("AL"), [Group]);
        string message = Assert.Throws<DataException>(comparison.RequireNoErrors).Message;
        Assert.Contains("2 respondents (50 %)", message, StringComparison.Ordinal);
        Assert.Contains("Guam", message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_lost_respondent_is_one_respondent()
    {
        LevelComparison comparison = LevelComparison.Of(Survey("AL", "Guam", "AL", "AL"), Population("AL"), [Group]);
        Assert.Contains("; 1 respondent (25 %)", Assert.Throws<DataException>(comparison.RequireNoErrors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("al", "AL")]
    [InlineData(" AL", "AL")]
    [InlineData("7", "07")]
    [InlineData("Alabma", "Alabama")]
    [InlineData("Calif.", "CA")]
    [InlineData("18 - 29", "18-29")]
    public void Suggests_what_a_level_probably_means(string inSurvey, string inPopulation)
    {
        LevelComparison comparison = LevelComparison.Of(Survey(inSurvey, "Zzyzx"), Population(inPopulation, "Zzyzx"), [Group]);
        Assert.Equal(inPopulation, Assert.Single(comparison.Differences).Suggestions[inSurvey]);
        Assert.Equal(inPopulation, comparison.SuggestedMap.Variables["state"][inSurvey]);
    }

    [Fact]
    public void Does_not_guess_where_two_levels_come_into_question() =>
        Assert.Empty(LevelComparison.Of(Survey("Miss.", "Mich."), Population("MI"), [Group]).Differences[0].Suggestions);

    [Fact]
    public void A_number_on_one_side_only_is_a_warning()
    {
        var survey = new Frame([new IntegerColumn("female", [0, 1])]);
        PoststratificationFrame population = PoststratificationFrame.FromCounts(new Frame([new IntegerColumn("female", [1, 2]), new IntegerColumn("N", [1, 1])]));
        LevelComparison comparison = LevelComparison.Of(survey, population, [new VariableUse("female", true, false, false)]);
        Assert.Equal(2, comparison.Warnings.Count());
        comparison.RequireNoErrors();
    }

    [Fact]
    public void A_variable_that_one_side_lacks_is_named() =>
        Assert.Contains("state", Assert.Throws<DataException>(() => LevelComparison.Of(new Frame([new TextColumn("stat", ["AL"])]), Population("AL"), [Group])).Message, StringComparison.Ordinal);
}
