using Terrace.DistributionalModels;
using Terrace.Families;
using Terrace.Families.Densities;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Tests.MixedModels;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.DistributionalModels;

public class DistributionalDevianceTests
{
    public static TheoryData<string, string?, int, bool, bool, Information> Cases
    {
        get
        {
            var cases = new TheoryData<string, string?, int, bool, bool, Information>();
            for (int structure = 0; structure < RandomMixedDesign.Structures.Length; structure++)
            {
                cases.Add("neg-binomial", null, structure, true, true, Information.Observed);
                cases.Add("cumulative", "logit", structure, false, false, Information.Observed);
            }
            cases.Add("poisson", null, 3, false, true, Information.Observed);
            cases.Add("neg-binomial", null, 3, true, false, Information.Expected);
            cases.Add("neg-binomial", "sqrt", 2, true, false, Information.Observed);
            cases.Add("neg-binomial-1", null, 4, true, true, Information.Observed);
            cases.Add("hurdle-poisson", null, 2, false, true, Information.Observed);
            cases.Add("hurdle-neg-binomial", null, 3, true, true, Information.Observed);
            cases.Add("beta", null, 3, true, false, Information.Observed);
            cases.Add("beta-binomial", "cloglog", 2, true, false, Information.Observed);
            cases.Add("gaussian", "log", 1, true, false, Information.Observed);
            cases.Add("lognormal", null, 4, true, false, Information.Observed);
            cases.Add("student", null, 3, true, false, Information.Observed);
            cases.Add("cumulative", "probit", 3, false, false, Information.Observed);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_agrees_with_finite_differences(string family, string? link, int structure, bool dispersion, bool zeroInflation, Information information)
    {
        var (_, _, deviance, parameters) = RandomDistributionalProblem.Create(family, link, structure, dispersion, zeroInflation, information);
        double[] gradient = new double[parameters.Length], probe = [.. parameters];
        Assert.True(double.IsFinite(deviance.Evaluate(parameters, gradient)));
        for (int k = 0; k < parameters.Length; k++)
        {
            const double h = 2e-5;
            probe[k] = parameters[k] + h;
            double up = deviance.Evaluate(probe, []);
            probe[k] = parameters[k] - h;
            double down = deviance.Evaluate(probe, []);
            probe[k] = parameters[k];
            double difference = (up - down) / (2 * h);
            Assert.True(Math.Abs(difference - gradient[k]) <= 3e-6 * (1 + Math.Abs(difference)), $"parameter {k}: {gradient[k]:R}, by differences {difference:R}");
        }
    }

    /// <summary>The modes are where a penalised density without blocks is stationary, and the determinant is a dense one's.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void The_value_is_that_of_a_dense_twin(string family, string? link, int structure, bool dispersion, bool zeroInflation, Information information)
    {
        var (cells, likelihood, deviance, parameters) = RandomDistributionalProblem.Create(family, link, structure, dispersion, zeroInflation, information);
        double value = deviance.Evaluate(parameters, []);
        int thetas = cells.Layout.ThetaCount, q = cells.Layout.Columns;
        Matrix zl = Multiply(RandomMixedDesign.DenseZ(cells), RandomMixedDesign.DenseLambda(cells.Layout, parameters[..thetas]));
        double[] fixedPart = Multiply(FromRows(cells.X, cells.Count, cells.FixedColumns), parameters[thetas..(thetas + cells.FixedColumns)]);
        double[] u = deviance.Modes.Spherical[..q], random = Multiply(zl, u), eta = [.. fixedPart.Select((x, i) => x + random[i] + cells.Offset[i])];
        double density = likelihood.Evaluate(eta, DensityDetail.Modes);
        double[] gradient = Multiply(Transpose(zl), likelihood.Derivatives.First), weight = [.. likelihood.Derivatives.Second.Select(x => -x)];
        for (int j = 0; j < q; j++) Assert.Equal(u[j], gradient[j], 1e-6);
        if (information == Information.Expected) likelihood.ExpectedInformation(eta, weight, new double[eta.Length], [.. likelihood.Parameters.Select(_ => new double[eta.Length])]);
        Matrix m = Cross(zl, weight, zl);
        for (int j = 0; j < q; j++) m[j, j] += 1;
        AssertClose(density + u.Sum(x => x * x) + Invert(m).LogDeterminant, value, 1e-10, "Laplace deviance");
    }

    [Theory]
    [InlineData("neg-binomial", 3, true, true)]
    [InlineData("cumulative", 4, false, false)]
    [InlineData("beta", 1, true, false)]
    public void The_slopes_of_the_modes_agree_with_finite_differences(string family, int structure, bool dispersion, bool zeroInflation)
    {
        var (cells, likelihood, deviance, parameters) = RandomDistributionalProblem.Create(family, null, structure, dispersion, zeroInflation);
        deviance.Evaluate(parameters, new double[parameters.Length]);
        Matrix slopes = new ModeSlopes(cells, likelihood, deviance.Modes).Compute();
        double[] probe = [.. parameters];
        for (int k = 0; k < parameters.Length; k++)
        {
            const double h = 1e-5;
            probe[k] = parameters[k] + h;
            double[] up = Modes(deviance, cells.Coefficients, probe);
            probe[k] = parameters[k] - h;
            double[] down = Modes(deviance, cells.Coefficients, probe);
            probe[k] = parameters[k];
            for (int j = 0; j < slopes.Rows; j++)
            {
                double difference = (up[j] - down[j]) / (2 * h);
                Assert.True(Math.Abs(difference - slopes[j, k]) <= 1e-5 * (1 + Math.Abs(difference)), $"mode {j}, parameter {k}: {slopes[j, k]:R}, by differences {difference:R}");
            }
        }
    }

    private static double[] Modes(DistributionalDeviance deviance, int coefficients, double[] parameters)
    {
        deviance.Evaluate(parameters, []);
        var b = new double[coefficients];
        deviance.Modes.Lambda.Multiply(deviance.Modes.Spherical, b);
        return b;
    }
}
