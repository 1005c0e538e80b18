using Terrace.Bayes;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.TestData;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.Bayes;

public class GaussianMomentsTests
{
    /// <summary>Value and gradients equal those of the sum over cells, near the fit and far from it, also where responses lie far from 0 with weights and an offset.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1e6, false)]
    [InlineData(1e6, true)]
    public void The_likelihood_is_that_of_the_cells(double level, bool weighted)
    {
        ShrinkageProblem problem = ShrinkageProblem.Create("gaussian", 200, 4, (x, rng) => level + x[0] - 2 * x[3] + rng.NextNormal());
        ModelRows rows = problem.Rows;
        if (weighted) rows = rows with { Weights = [.. Enumerable.Range(0, 200).Select(i => i % 7 == 0 ? 0 : 0.5 + i % 3)] };
        BayesianModel model = BayesianModel.Of(rows, Family.Gaussian(), DefaultPriors.Of(problem.Outline, PriorPreset.Rstanarm).Model);
        AssertSame(model);
    }

    /// <summary>Correlated slopes of 18 subjects and of 85 counties: A is sparse.</summary>
    [Theory]
    [InlineData("Reaction ~ Days + (Days | Subject)", "sleepstudy")]
    [InlineData("log_radon ~ radon + log_uranium + (radon | county)", "radon")]
    public void Zeros_between_levels_are_left_out(string formula, string data)
    {
        Frame frame = Fixtures.Data(data);
        ModelOutline outline = ModelOutline.Of(ModelFrame.Learn(Formula.Parse(formula), frame).Encode(frame), Family.Gaussian());
        BayesianModel model = outline.With(DefaultPriors.Of(outline, PriorPreset.Rstanarm).Model);
        Assert.True(GaussianMoments.Of(model.Structure, model.CreateResponses())!.Information.IsSparse);
        AssertSame(model);
    }

    private static void AssertSame(BayesianModel model)
    {
        CoefficientLikelihood quadratic = Assert.IsType<GaussianQuadratic>(model.CreateLikelihood()), cells = new DesignLikelihood(model.Structure, model.CreateResponses());
        int n = model.Structure.CoefficientCount;
        double[] x = new double[n], fit = GaussianMoments.Of(model.Structure, model.CreateResponses())!.Centre, own = new double[n], other = new double[n], byPsi = [0], otherPsi = [0];
        var random = new Rng(3, 1);
        foreach (double distance in new[] { 0, 0.05, 1, 20 })
        {
            for (int i = 0; i < n; i++) x[i] = fit[i] + distance * random.NextNormal();
            double[] psi = [0.3 * random.NextNormal()];
            double value = cells.Evaluate(x, psi, other, otherPsi);
            AssertClose(value, quadratic.Evaluate(x, psi, own, byPsi), 1e-9, $"value at {distance}");
            AssertClose(otherPsi[0], byPsi[0], 1e-8, $"derivative in log sigma at {distance}");
            for (int i = 0; i < n; i++) Assert.Equal(other[i], own[i], 1e-6 * Math.Max(1, Math.Abs(other[i])));
        }
    }

    /// <summary>Too many coefficients, 4,102, are left to a pass over the cells. Other families have no such statistics.</summary>
    [Fact]
    public void The_moments_are_taken_where_they_save_work()
    {
        Frame ratings = Fixtures.Data("InstEval");
        ModelOutline crossed = ModelOutline.Of(ModelFrame.Learn(Formula.Parse("y ~ service + (1 | s) + (1 | d)"), ratings).Encode(ratings), Family.Gaussian());
        Assert.IsType<DesignLikelihood>(crossed.With(DefaultPriors.Of(crossed, PriorPreset.Rstanarm).Model).CreateLikelihood());
        Assert.IsType<DesignLikelihood>(ShrinkageProblem.Create("poisson", 200, 3, (_, rng) => rng.NextInt(4)).Under(false).CreateLikelihood());
        Assert.Null(ShrinkageProblem.Create("gaussian", 60, 3, (_, rng) => rng.NextNormal()).Under(true, "normal(0, 1) on b").CreateLikelihood());
    }
}
