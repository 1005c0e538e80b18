using Terrace.Design;
using Terrace.Formulas;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Design;

public class DesignMappingTests
{
    /// <summary>The mapping found on artificial rows maps the columns of real ones.</summary>
    [Theory]
    [InlineData("y ~ wool * tension")]
    [InlineData("y ~ wool + wool:tension + breaks:tension")]
    [InlineData("y ~ 0 + tension * breaks")]
    [InlineData("y ~ poly(breaks, 2) * wool")]
    public void Columns_of_another_coding_are_combinations(string formula)
    {
        var data = Fixtures.Data("warpbreaks");
        ModelFrame frame = ModelFrame.Learn(Formula.Parse(formula.Replace("y ~", "~", StringComparison.Ordinal)), data);
        ModelFrame simple = ModelFrame.Learn(frame.Formula, data, new ModelFrameOptions { Contrasts = new Dictionary<string, ContrastCoding> { ["wool"] = new(ContrastKind.Simple), ["tension"] = new(ContrastKind.Simple) } });
        Matrix map = DesignMapping.Between(frame.Fixed, frame.PlanFixed(frame.Formula.FixedTerms, new ContrastCoding(ContrastKind.Simple)), frame.Coding.Variables)!;
        Matrix made = Gemm.Product(frame.Encode(data).Design.X, false, map, false), expected = simple.Encode(data).Design.X;
        for (int i = 0; i < made.Values.Length; i++) Assert.Equal(expected.Values[i], made.Values[i], 1e-9);
    }

    [Fact]
    public void Models_that_are_not_nested_have_no_mapping()
    {
        var data = Fixtures.Data("warpbreaks");
        ModelFrame frame = ModelFrame.Learn(Formula.Parse("~ wool + tension"), data);
        Assert.Null(DesignMapping.Between(frame.Fixed, frame.PlanFixed(Formula.Parse("~ wool * tension").FixedTerms), frame.Coding.Variables));
    }

    [Fact]
    public void Simple_contrasts_are_treatment_contrasts_with_the_mean_of_the_levels_as_intercept()
    {
        Assert.Equal(new ContrastCoding(ContrastKind.Simple), ContrastCoding.Parse("simple"));
        Assert.Equal("simple", new ContrastCoding(ContrastKind.Simple).ToString());
        var (values, names) = Contrasts.Columns(new ContrastCoding(ContrastKind.Simple), ["a", "b", "c", "d"], "f");
        Assert.Equal(["b", "c", "d"], names);
        Assert.Equal([-0.25, 0.75, -0.25, -0.25, -0.25, -0.25, 0.75, -0.25, -0.25, -0.25, -0.25, 0.75], values.Values);
    }
}
