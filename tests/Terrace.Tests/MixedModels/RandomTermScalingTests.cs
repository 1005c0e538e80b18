using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

/// <summary>Covariates of any origin and unit are fitted alike; the numbers are R's for the centred covariates, which describe the same models.</summary>
public class RandomTermScalingTests
{
    [Theory]
    [InlineData("Days", 5.716834580)]
    [InlineData("I(Days + 2000)", 5.716834580)]
    [InlineData("I(Days * 10 + 20000)", 0.5716834580)]
    [InlineData("I(Days * 1e6)", 5.716834580e-6)]
    [InlineData("I(Days / 1e6)", 5.716834580e6)]
    public void A_linear_model_converges_wherever_the_origin_of_its_slope_lies(string covariate, double slopeSd)
    {
        var fit = LinearMixedModel.Fit(Rows($"Reaction ~ {covariate} + ({covariate} | Subject)", Fixtures.Data("sleepstudy")), new LinearMixedModelOptions { Reml = false });
        Assert.True(fit.Converged);
        Assert.False(fit.Singular);
        Assert.Equal(-875.969672232, fit.LogLikelihood, 1e-6);
        Assert.Equal(1, Math.Sqrt(fit.Terms[0].Covariance[1, 1]) / slopeSd, 1e-4);
    }

    [Theory]
    [InlineData("I(ArrivalTime - 24.7576293823038)")]
    [InlineData("I(ArrivalTime + 2000)")]
    [InlineData("I(ArrivalTime * 1e4)")]
    public void A_counts_model_converges_wherever_the_origin_of_its_slope_lies(string covariate)
    {
        var fit = GeneralizedLinearMixedModel.Fit(Rows($"SiblingNegotiation ~ {covariate} + ({covariate} | Nest)", Fixtures.Data("Owls")), Family.Poisson());
        Assert.True(fit.Converged);
        Assert.False(fit.Singular);
        Assert.Equal(-2538.74109055, fit.LogLikelihood, 1e-4);
        Assert.Equal(-3.239092, fit.Beta[1] / Math.Sqrt(fit.BetaCovariance[1, 1]), 3e-3);
    }

    [Fact]
    public void The_gradient_changes_coordinates_as_the_adjoint_of_the_parameters_does()
    {
        var rng = new Rng(5, 5);
        foreach (var structure in RandomMixedDesign.Structures)
        {
            double[] weights = RandomMixedDesign.Positive(rng, 40);
            var cells = RandomMixedDesign.Cells(RandomMixedDesign.Create(rng, 40, structure), weights);
            var scaling = new RandomTermScaling(cells, weights);
            double[] point = RandomMixedDesign.Normals(rng, cells.Layout.ThetaCount), gradient = RandomMixedDesign.Normals(rng, point.Length);
            double[] theta = [.. point], own = [.. gradient];
            scaling.ToTheta(theta);
            scaling.ToGradient(own);
            Assert.Equal(gradient.Zip(theta, (g, t) => g * t).Sum(), own.Zip(point, (g, s) => g * s).Sum(), 1e-10);
        }
    }

    private static ModelRows Rows(string formula, Frame data) => ModelFrame.Learn(Formula.Parse(formula), data).Encode(data);
}
