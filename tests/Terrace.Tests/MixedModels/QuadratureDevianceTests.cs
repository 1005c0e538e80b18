using Terrace.Families;
using Terrace.MixedModels;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

public class QuadratureDevianceTests
{
    /// <summary>Structure 0 has one effect for each level, 1 a vector of two, 7 two terms on one factor, with three effects in all.</summary>
    public static TheoryData<string, string, int, Information> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, int, Information>();
            foreach (int structure in (int[])[0, 1, 7])
            {
                cases.Add("binomial", "logit", structure, Information.Observed);
                cases.Add("poisson", "log", structure, Information.Observed);
                cases.Add("poisson", "sqrt", structure, Information.Observed);
                cases.Add("binomial", "probit", structure, Information.Observed);
                cases.Add("binomial", "probit", structure, Information.Expected);
                cases.Add("binomial", "cloglog", structure, Information.Observed);
                cases.Add("binomial", "cloglog", structure, Information.Expected);
            }
            return cases;
        }
    }

    /// <summary>Few nodes, where the sum still depends on where they are, so that the derivatives through mode and scale matter. A four-point difference is exact to about 1e-9.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_agrees_with_finite_differences(string family, string link, int structure, Information information)
    {
        foreach (int points in (int[])[1, 2, 3, 8])
        {
            var (laplace, parameters, cells, observations) = RandomGeneralisedProblem.Create(family, link, structure, information);
            var deviance = new QuadratureDeviance(cells, observations, laplace, points);
            double[] gradient = new double[parameters.Length], probe = [.. parameters];
            Assert.True(double.IsFinite(deviance.Evaluate(parameters, gradient)));
            for (int k = 0; k < parameters.Length; k++)
            {
                const double h = 1e-3;
                double At(double step)
                {
                    probe[k] = parameters[k] + step;
                    return deviance.Evaluate(probe, []);
                }
                double difference = (8 * (At(h) - At(-h)) - (At(2 * h) - At(-2 * h))) / (12 * h);
                probe[k] = parameters[k];
                AssertClose(difference, gradient[k], 1e-7, $"{points} points, parameter {k}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void One_node_is_the_Laplace_approximation(string family, string link, int structure, Information information)
    {
        var (laplace, parameters, cells, observations) = RandomGeneralisedProblem.Create(family, link, structure, information);
        double[] expected = new double[parameters.Length], gradient = new double[parameters.Length];
        double value = laplace.Evaluate(parameters, expected);
        AssertClose(value, new QuadratureDeviance(cells, observations, laplace, 1).Evaluate(parameters, gradient), 1e-12, "value");
        for (int k = 0; k < gradient.Length; k++) AssertClose(expected[k], gradient[k], 1e-9, $"gradient {k}");
    }

    /// <summary>
    /// The twin sums over equidistant effects from −9 to 9 in every direction with densities of the rows written out; the trapezoidal rule is exact to rounding for such integrands as long as the
    /// step is below about half the conditional standard deviations.
    /// </summary>
    [Theory]
    [InlineData("binomial", "logit", 0, 0.01, 25)]
    [InlineData("poisson", "log", 0, 0.01, 25)]
    [InlineData("binomial", "probit", 0, 0.01, 25)]
    [InlineData("binomial", "logit", 1, 0.1, 25)]
    [InlineData("poisson", "log", 1, 0.1, 25)]
    [InlineData("binomial", "probit", 1, 0.1, 25)]
    [InlineData("binomial", "logit", 7, 0.25, 21)]
    public void Many_nodes_give_the_integral_that_a_fine_grid_gives(string family, string link, int structure, double step, int most)
    {
        var (laplace, parameters, cells, observations) = RandomGeneralisedProblem.Create(family, link, structure, Information.Observed);
        double exact = FineGrid.MinusTwoLogLikelihood(parameters, cells, observations, step);
        AssertClose(exact, new QuadratureDeviance(cells, observations, laplace, most).Evaluate(parameters, []), 1e-9, $"{most} nodes");
        double before = double.PositiveInfinity;
        foreach (int points in (int[])[1, 5, 15])
        {
            double error = Math.Abs(new QuadratureDeviance(cells, observations, laplace, points).Evaluate(parameters, []) - exact);
            Assert.True(error < Math.Max(0.5 * before, 1e-10), $"{points} nodes: error {error}, before {before}");
            before = error;
        }
    }

    /// <summary>Swapping the two effects of a level leaves the integral as it is, though not the factor T and so not the nodes: only sums that have converged agree.</summary>
    [Fact]
    public void The_order_of_the_effects_does_not_matter_once_the_sum_has_converged()
    {
        var (laplace, parameters, cells, observations) = RandomGeneralisedProblem.Create("binomial", "logit", 1, Information.Observed);
        double direct = new QuadratureDeviance(cells, observations, laplace, 31).Evaluate(parameters, []);
        var (_, turned, other, _) = RandomGeneralisedProblem.Create("binomial", "logit", 1, Information.Observed);
        double[] z = other.Z[0];
        for (int i = 0; i < z.Length; i += 2) (z[i], z[i + 1], other.LeadZ[i], other.LeadZ[i + 1]) = (z[i + 1], z[i], z[i + 1], z[i]);
        var (a, b, c) = (parameters[0], parameters[1], parameters[2]);
        double first = Math.Sqrt(b * b + c * c);
        (turned[0], turned[1], turned[2]) = (first, a * b / first, Math.Abs(a * c) / first);
        AssertClose(direct, new QuadratureDeviance(other, observations, new LaplaceDeviance(other, observations, Information.Observed), 31).Evaluate(turned, []), 1e-10, "value");
    }

    [Fact]
    public void Too_many_nodes_are_refused_with_their_count()
    {
        var (laplace, _, cells, observations) = RandomGeneralisedProblem.Create("binomial", "logit", 7, Information.Observed);
        string message = Assert.Throws<ModelException>(() => new QuadratureDeviance(cells, observations, laplace, 47)).Message;
        Assert.Equal("agq:47 with 3 effects for each level needs 47^3 = 103,823 nodes for each, more than 100,000: at most agq:46 is possible; use that or laplace.", message);
    }

    [Fact]
    public void At_a_standard_deviation_of_zero_the_likelihood_is_that_without_groups_and_its_slope_is_zero()
    {
        var (laplace, parameters, cells, observations) = RandomGeneralisedProblem.Create("binomial", "logit", 0, Information.Observed);
        parameters[0] = 0;
        var gradient = new double[parameters.Length];
        double value = new QuadratureDeviance(cells, observations, laplace, 9).Evaluate(parameters, gradient);
        AssertClose(FineGrid.MinusTwoLogLikelihood(parameters, cells, observations, 0.01), value, 1e-10, "value");
        AssertClose(0, gradient[0], 1e-9, "slope");
    }
}
