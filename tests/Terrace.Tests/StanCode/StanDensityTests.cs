using System.Text.Json;
using Terrace.Bayes;
using Terrace.Inference.LogDensities;
using Terrace.Tests.TestData;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.StanCode;

/// <summary>
/// The log density of every family, prior and kind of group-level term against that of its Stan program, which rstan 2.21 evaluated at four random points each (<c>bench/stan-code</c>): both are on unconstrained scales that are linear maps of each other, so that
/// they differ by one constant.
/// </summary>
public class StanDensityTests
{
    public static TheoryData<string> Names => [.. Fixtures.Bayes("stan_densities").EnumerateObject().Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_log_density_is_that_of_the_Stan_program(string name)
    {
        JsonElement json = Fixtures.Bayes("stan_densities").GetProperty(name);
        BayesianModel model = StanModelCase.Model(json);
        ILogDensity density = model.CreateEvaluator();
        double[] position = new double[density.Dimension], gradient = new double[density.Dimension];
        double[] differences = [.. json.GetProperty("points").EnumerateArray().Select(point =>
        {
            density.Unconstrain(new StanValues(model, point).Draw(), position);
            return density.Evaluate(position, gradient).Value - point.GetProperty("logDensity").GetDouble();
        })];
        Assert.Equal(4, differences.Length);
        foreach (double difference in differences) AssertClose(differences[0], difference, 1e-8, name);
    }
}
