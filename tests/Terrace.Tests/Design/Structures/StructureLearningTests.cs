using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Design.Structures;

public class StructureLearningTests
{
    private static readonly Frame Data = new([new NumericColumn("y", [1, 2, 3, 4, 5, 6]), new IntegerColumn("year", [2000, 2004, 2010, 2000, 2004, 2010]), new NumericColumn("half", [0.5, 1, 2.5, 0.5, 1, 2.5]),
        new TextColumn("age", ["30-44", "18-29", "65+", "30-44", "18-29", "65+"]), new Factor("cut", [1, 0, 3, 1, 0, 3], ["d", "c", "b", "a"]), new TextColumn("area", ["A", "B", "C", "A", "B", "C"])]);

    /// <summary>Years without data have their place; text is in its order, factors in theirs with levels that do not occur.</summary>
    [Theory]
    [InlineData("rw1(year)", "2000 2002 2004 2006 2008 2010")]
    [InlineData("rw1(half)", "0.5 1 1.5 2 2.5")]
    [InlineData("ar1(age)", "18-29 30-44 65+")]
    [InlineData("rw2(cut)", "d c b a")]
    [InlineData("rw1(age, levels = c('65+', '45-64', '30-44', '18-29'))", "65+ 45-64 30-44 18-29")]
    [InlineData("rw1(year, levels = c(2000, 2004, 2010))", "2000 2004 2010")]
    public void Levels_are_in_the_order_of_the_structure(string term, string levels)
    {
        ModelFrame frame = ModelFrame.Learn(Formula.Parse($"y ~ {term}"), Data);
        RandomTermDesign design = frame.Encode(Data).Design.RandomTerms[0];
        Assert.Equal(levels.Split(' '), design.Levels);
        Assert.Equal(design.Levels, design.Structure!.Levels);
        string variable = term[4..].Split(',', ')')[0];
        for (int i = 0; i < 6; i++) Assert.Equal(Data.Get(variable).TextAt(i), design.Levels[design.Codes[i % 3]]);
    }

    [Fact]
    public void A_level_that_the_graph_lacks_is_named_with_the_nearest()
    {
        using var folder = new TemporaryFolder();
        string graph = folder.Write("g.csv", "a,b\nA,B\nB,c\n");
        string message = Assert.Throws<ModelException>(() => ModelFrame.Learn(Formula.Parse($"y ~ bym2(area, graph = \"{graph}\")"), Data)).Message;
        Assert.Contains("'C'", message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'c'?", message, StringComparison.Ordinal);
    }

    /// <summary>A saved frame knows that the levels depend on each other, so that another level is refused also where new levels are allowed.</summary>
    [Fact]
    public void New_levels_of_a_structured_term_are_refused_also_by_a_saved_frame()
    {
        ModelFrame frame = ModelFrame.Learn(Formula.Parse("y ~ rw1(year)"), Data);
        using var stream = new MemoryStream();
        using (var json = new System.Text.Json.Utf8JsonWriter(stream)) ModelFrameJson.Write(json, frame);
        ModelFrame saved = ModelFrameJson.Read(System.Text.Json.JsonDocument.Parse(stream.ToArray()).RootElement);
        var other = new Frame([new IntegerColumn("year", [2002, 2012])]);
        foreach (ModelFrame one in new[] { frame, saved })
        {
            string message = Assert.Throws<ModelException>(() => one.Encode(other, EncodeOptions.Prediction with { NewLevels = NewLevels.Allow })).Message;
            Assert.Contains("'2012' is no level of rw1(year)", message, StringComparison.Ordinal);
            Assert.Equal(1, one.Encode(other.Select([0]), EncodeOptions.Prediction).Design.RandomTerms[0].Codes[0]);
        }
    }

    [Theory]
    [InlineData("y ~ rw1(y)", null)]
    [InlineData("y ~ rw2(half, levels = c(0.5, 1))", "needs at least 3 levels")]
    [InlineData("y ~ rw1(year, levels = c(2000, 2004, 2004, 2010))", "named twice")]
    [InlineData("y ~ rw1(year, levels = 2000:2004)", "does not name it")]
    public void Levels_that_do_not_suit_are_refused(string formula, string? part)
    {
        if (part is null) ModelFrame.Learn(Formula.Parse(formula), Data);
        else Assert.Contains(part, Assert.ThrowsAny<TerraceException>(() => ModelFrame.Learn(Formula.Parse(formula), Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Maximum_likelihood_refuses_structured_terms_with_the_way_out()
    {
        ModelRows rows = ModelFrame.Learn(Formula.Parse("y ~ rw1(age)"), Data).Encode(Data);
        Assert.Contains("--engine nuts", Assert.Throws<ModelException>(() => LinearMixedModel.Fit(rows)).Message, StringComparison.Ordinal);
        Assert.Contains("--engine nuts", Assert.Throws<ModelException>(() => GeneralizedLinearMixedModel.Fit(rows, Family.Poisson())).Message, StringComparison.Ordinal);
    }
}
