using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

public class LaplaceDevianceTests
{
    public static TheoryData<string, string, int, Information> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, int, Information>();
            for (int s = 0; s < RandomMixedDesign.Structures.Length; s++)
            {
                cases.Add("binomial", "logit", s, Information.Observed);
                cases.Add("poisson", "log", s, Information.Observed);
                cases.Add("binomial", "probit", s, Information.Expected);
                cases.Add("binomial", "cloglog", s, Information.Observed);
            }
            foreach (var kind in (Information[])[Information.Observed, Information.Expected])
            {
                cases.Add("gamma", "log", 3, kind);
                cases.Add("inverse-gaussian", "log", 2, kind);
                cases.Add("gaussian", "log", 4, kind);
                cases.Add("poisson", "sqrt", 2, kind);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_agrees_with_finite_differences(string family, string link, int structure, Information information)
    {
        var (laplace, parameters, _, _) = RandomGeneralisedProblem.Create(family, link, structure, information);
        double[] gradient = new double[parameters.Length], probe = [.. parameters];
        Assert.True(double.IsFinite(laplace.Evaluate(parameters, gradient)));
        for (int k = 0; k < parameters.Length; k++)
        {
            const double h = 2e-5;
            probe[k] = parameters[k] + h;
            double up = laplace.Evaluate(probe, []);
            probe[k] = parameters[k] - h;
            double down = laplace.Evaluate(probe, []);
            probe[k] = parameters[k];
            AssertClose((up - down) / (2 * h), gradient[k], 2e-6, $"parameter {k}");
        }
    }

    /// <summary>The twin finds the modes by minimising without any blocks and takes determinants of dense matrices.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void The_value_is_that_of_a_dense_twin(string family, string link, int structure, Information information)
    {
        var (laplace, parameters, cells, observations) = RandomGeneralisedProblem.Create(family, link, structure, information);
        double value = laplace.Evaluate(parameters, []);
        int thetas = cells.Layout.ThetaCount, q = cells.Layout.Columns;
        Matrix zl = Multiply(RandomMixedDesign.DenseZ(cells), RandomMixedDesign.DenseLambda(cells.Layout, parameters[..thetas]));
        double[] fixedPart = Multiply(FromRows(cells.X, cells.Count, cells.FixedColumns), parameters[thetas..]);
        var u = new double[q];
        double[] score = new double[cells.Count], weight = new double[cells.Count], eta = new double[cells.Count];
        for (int step = 0; step < 200; step++)
        {
            double[] random = Multiply(zl, u);
            for (int i = 0; i < eta.Length; i++) eta[i] = cells.Offset[i] + fixedPart[i] + random[i];
            observations.Family.Kernel.Evaluate(eta, observations.Y, observations.Weight, Information.Expected, score, weight, []);
            double[] g = Multiply(Transpose(zl), score);
            for (int j = 0; j < q; j++) g[j] -= u[j];
            double[] move = Multiply(Invert(Ridge(Cross(zl, weight, zl))).Inverse, g);
            for (int j = 0; j < q; j++) u[j] += (step < 150 ? 0.2 : 0.7) * move[j];
        }
        double deviance = observations.Family.Kernel.Evaluate(eta, observations.Y, observations.Weight, information, score, weight, []);
        deviance = observations.DevianceOfRows(deviance + observations.KernelConstant);
        double expected = ScaleProfile.MinusTwoLogLikelihood(observations, deviance) + u.Sum(x => x * x) + Invert(Ridge(Cross(zl, weight, zl))).LogDeterminant;
        AssertClose(expected, value, 1e-9, "Laplace deviance");
    }

    private static Matrix Ridge(Matrix m)
    {
        for (int i = 0; i < m.Rows; i++) m[i, i] += 1;
        return m;
    }
}
