using Terrace.Data;

namespace Terrace.Tests.Data;

public sealed class NearestNameTests
{
    private static readonly string[] Names = ["state", "region", "age", "edu", "female", "g76_84pr", "Subject", "California", "Alaska", "Alabama", "7", "12", "New York"];

    [Theory]
    [InlineData("State", "state")]
    [InlineData("sate", "state")]
    [InlineData("regoin", "region")]
    [InlineData("g76.84pr", "g76_84pr")]
    [InlineData("subject ", "Subject")]
    [InlineData("Calfornia", "California")]
    [InlineData("Alabma", "Alabama")]
    [InlineData("07", "7")]
    [InlineData("NEWYORK", "New York")]
    [InlineData("ages", "age")]
    [InlineData("income", null)]
    [InlineData("13", null)]
    [InlineData("", null)]
    [InlineData("x", null)]
    public void Suggests_the_name_that_was_meant(string given, string? expected) => Assert.Equal(expected, NearestName.Suggest(given, Names));

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("ab", "ba", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "abc", 3)]
    [InlineData("same", "same", 0)]
    public void Counts_edits_and_swaps(string a, string b, int expected)
    {
        Assert.Equal(expected, NearestName.Distance(a, b));
        Assert.Equal(expected, NearestName.Distance(b, a));
    }
}
