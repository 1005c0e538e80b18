using Terrace.Design;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Tests.Design;

/// <summary>Contrast matrices against R's <c>contr.*</c>.</summary>
public class ContrastsTests
{
    private static readonly string[] Levels = ["a", "b", "c", "d", "e"];

    [Fact]
    public void Polynomials_are_those_of_R()
    {
        double[][] expected =
        [
            [-6.32455532033676e-01, -3.16227766016838e-01, 0, 3.16227766016838e-01, 6.32455532033676e-01],
            [0.534522483824849, -0.267261241912424, -0.534522483824849, -0.267261241912424, 0.534522483824849],
            [-3.16227766016838e-01, 6.32455532033676e-01, 0, -6.32455532033676e-01, 3.16227766016838e-01],
            [0.119522860933439, -0.478091443733758, 0.717137165600636, -0.478091443733757, 0.119522860933439],
        ];
        (Matrix values, string[] names) = Contrasts.Columns(ContrastCoding.Parse("poly"), Levels, "f");
        Assert.Equal([".L", ".Q", ".C", "^4"], names);
        for (int j = 0; j < 4; j++)
            for (int i = 0; i < 5; i++) Assert.Equal(expected[j][i], values[i, j], 1e-14);
    }

    [Theory]
    [InlineData("helmert", "-1 1 0 0|-1 -1 2 0|-1 -1 -1 3", "1 2 3")]
    [InlineData("sum", "1 0 0 -1|0 1 0 -1|0 0 1 -1", "1 2 3")]
    [InlineData("treatment", "0 1 0 0|0 0 1 0|0 0 0 1", "b c d")]
    [InlineData("treatment:c", "1 0 0 0|0 1 0 0|0 0 0 1", "a b d")]
    public void Columns_and_names_are_those_of_R(string coding, string columns, string names)
    {
        (Matrix values, string[] suffixes) = Contrasts.Columns(ContrastCoding.Parse(coding), Levels[..4], "f");
        Assert.Equal(columns, string.Join('|', Enumerable.Range(0, 3).Select(j => string.Join(' ', values.Column(j).ToArray()))));
        Assert.Equal(names, string.Join(' ', suffixes));
        Assert.Equal(coding, ContrastCoding.Parse(coding).ToString());
    }

    [Fact]
    public void Names_the_nearest_level_for_an_unknown_reference()
    {
        var fault = Assert.Throws<ModelException>(() => Contrasts.Columns(ContrastCoding.Parse("treatment:Blue"), ["red", "blue"], "colour"));
        Assert.Contains("Did you mean 'blue'?", fault.Message);
        Assert.Throws<ModelException>(() => ContrastCoding.Parse("dummy"));
    }
}
