using Terrace.Families;
using Terrace.MixedModels;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

public class QuadratureDevianceTests
{
    public static TheoryData<string, string, Information> Cases => new()
    {
        { "binomial", "logit", Information.Observed },
        { "poisson", "log", Information.Observed },
        { "poisson", "sqrt", Information.Observed },
        { "binomial", "probit", Information.Observed },
        { "binomial", "probit", Information.Expected },
        { "binomial", "cloglog", Information.Observed },
        { "binomial", "cloglog", Information.Expected },
    };

    /// <summary>Few nodes, where the sum still depends on where they are, so that the derivatives through mode and scale matter. A four-point difference is exact to about 1e-9.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_agrees_with_finite_differences(string family, string link, Information information)
    {
        foreach (int points in (int[])[1, 2, 3, 8])
        {
            var (laplace, parameters, cells, observations) = RandomGeneralisedProblem.Create(family, link, 0, information);
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
    public void One_node_is_the_Laplace_approximation(string family, string link, Information information)
    {
        var (laplace, parameters, cells, observations) = RandomGeneralisedProblem.Create(family, link, 0, information);
        double[] expected = new double[parameters.Length], gradient = new double[parameters.Length];
        double value = laplace.Evaluate(parameters, expected);
        AssertClose(value, new QuadratureDeviance(cells, observations, laplace, 1).Evaluate(parameters, gradient), 1e-12, "value");
        for (int k = 0; k < gradient.Length; k++) AssertClose(expected[k], gradient[k], 1e-9, $"gradient {k}");
    }

    /// <summary>The twin sums over 4,001 equidistant effects from −12 to 12 with densities of the rows written out; the trapezoidal rule is exact to rounding for such integrands.</summary>
    [Theory]
    [InlineData("binomial", "logit")]
    [InlineData("poisson", "log")]
    [InlineData("binomial", "probit")]
    public void Many_nodes_give_the_integral_that_a_fine_grid_gives(string family, string link)
    {
        var (laplace, parameters, cells, observations) = RandomGeneralisedProblem.Create(family, link, 0, Information.Observed);
        double exact = OnGrid(parameters, cells, observations);
        AssertClose(exact, new QuadratureDeviance(cells, observations, laplace, 25).Evaluate(parameters, []), 1e-9, "25 nodes");
        double before = double.PositiveInfinity;
        foreach (int points in (int[])[1, 5, 15])
        {
            double error = Math.Abs(new QuadratureDeviance(cells, observations, laplace, points).Evaluate(parameters, []) - exact);
            Assert.True(error < Math.Max(0.5 * before, 1e-10), $"{points} nodes: error {error}, before {before}");
            before = error;
        }
    }

    [Fact]
    public void At_a_standard_deviation_of_zero_the_likelihood_is_that_without_groups_and_its_slope_is_zero()
    {
        var (laplace, parameters, cells, observations) = RandomGeneralisedProblem.Create("binomial", "logit", 0, Information.Observed);
        parameters[0] = 0;
        var gradient = new double[parameters.Length];
        double value = new QuadratureDeviance(cells, observations, laplace, 9).Evaluate(parameters, gradient);
        AssertClose(OnGrid(parameters, cells, observations), value, 1e-10, "value");
        AssertClose(0, gradient[0], 1e-9, "slope");
    }

    private static double OnGrid(double[] parameters, MixedModelCells cells, Observations observations)
    {
        const double step = 24.0 / 4000;
        double sum = 0;
        for (int g = 0; g < cells.Layout.Columns; g++)
        {
            int[] rows = [.. Enumerable.Range(0, cells.Count).Where(i => cells.Codes[0][i] == g)];
            double integral = 0;
            for (double u = -12; u <= 12; u += step) integral += step * Math.Exp(rows.Sum(i => LogDensity(i, u)) - 0.5 * u * u) / Math.Sqrt(2 * Math.PI);
            sum += Math.Log(integral);
        }
        return -2 * sum;

        double LogDensity(int i, double u)
        {
            double eta = cells.Offset[i] + cells.Z[0][i] * parameters[0] * u;
            for (int j = 0; j < cells.FixedColumns; j++) eta += cells.X[i * cells.FixedColumns + j] * parameters[1 + j];
            var mean = new double[1];
            observations.Family.Kernel.Means([eta], mean);
            double n = observations.Weight[i], s = Math.Round(n * observations.Y[i]);
            if (observations.Family.Distribution == Distribution.Poisson) return s * Math.Log(mean[0]) - mean[0] - LogFactorial(s);
            double p = Math.Clamp(mean[0], 1e-300, 1 - 1e-16);
            return LogFactorial(n) - LogFactorial(s) - LogFactorial(n - s) + s * Math.Log(p) + (n - s) * Math.Log(1 - p);
        }
    }

    private static double LogFactorial(double n) => Enumerable.Range(1, (int)n).Sum(k => Math.Log(k));
}
