using Terrace.MixedModels;

namespace Terrace.Tests.MixedModels;

public class QuadratureEngineTests
{
    [Theory]
    [InlineData("laplace", 1)]
    [InlineData("agq:0", 0)]
    [InlineData("agq:1", 1)]
    [InlineData("agq:9", 9)]
    [InlineData("agq:100", 100)]
    [InlineData("agq:101", null)]
    [InlineData("agq:-1", null)]
    [InlineData("agq:", null)]
    [InlineData("agq", null)]
    [InlineData("agq:two", null)]
    [InlineData("agq: 9", null)]
    [InlineData("xxx:9", null)]
    [InlineData("ml", null)]
    [InlineData("", null)]
    public void The_name_gives_the_number_of_points(string engine, int? points) => Assert.Equal(points, QuadratureEngine.PointsOf(engine));

    [Theory]
    [InlineData(0, "agq:0")]
    [InlineData(1, "laplace")]
    [InlineData(25, "agq:25")]
    public void The_number_of_points_gives_the_name(int points, string engine) => Assert.Equal(engine, QuadratureEngine.NameOf(points));
}
