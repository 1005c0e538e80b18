using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

public class ConvergenceCheckTests
{
    [Theory]
    [InlineData("lmer_sleepstudy_slope_REML")]
    [InlineData("lmer_radon_slope_interaction")]
    [InlineData("lmer_penicillin_crossed")]
    [InlineData("lmer_dyestuff2_singular_REML")]
    [InlineData("lmer_theoph_logical_factor")]
    [InlineData("glmer_cbpp_laplace")]
    [InlineData("glmer_contraception_slope")]
    [InlineData("glmer_theoph_gamma_log")]
    public void Fits_of_the_reference_end_at_a_verified_minimum(string name)
    {
        var check = MixedFixture.Fit(name).Convergence;
        Assert.True(check.Converged, check.Verdict);
        Assert.True(check.HessianIsExact);
        Assert.InRange(check.StandardErrorsFromOptimum, 0, 1e-3);
        Assert.All(check.Eigenvalues, value => Assert.True(value > 0));
        Assert.Contains("confirms", check.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zero_standard_deviation_is_a_boundary_and_no_failure()
    {
        var check = MixedFixture.Fit("lmer_dyestuff2_singular_REML").Convergence;
        Assert.True(check.Parameters.Single().OnBoundary);
        Assert.True(check.Parameters.Single().Curvature > 0);
        Assert.Equal(0, check.StandardErrorsFromOptimum);
    }

    [Fact]
    public void A_search_that_was_cut_short_is_measured_in_standard_errors_and_the_parameter_named()
    {
        var rows = MixedFixture.Rows("lmer_sleepstudy_slope_ML");
        var whole = LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = false });
        double Fall(MixedModelFit fit) => 2 * (whole.LogLikelihood - fit.LogLikelihood);
        var cut = Enumerable.Range(1, 8).Select(limit => LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = false, MaximumEvaluations = limit })).First(fit => Fall(fit) is > 1e-4 and < 2);
        Assert.False(cut.Converged);
        double fall = Fall(cut);
        Assert.Equal(1, cut.Convergence.PromisedFall / fall, 0.5);
        string message = cut.Warnings.Single(w => w.Code == "not-converged").Message;
        Assert.Contains("standard errors from the optimum, furthest in the ", message, StringComparison.Ordinal);
        Assert.Contains("by Subject", message, StringComparison.Ordinal);
    }

    /// <summary>Where the limit stops the search at the optimum, or rounding does, there is nothing to warn of.</summary>
    [Fact]
    public void An_exhausted_search_that_has_reached_the_optimum_has_converged()
    {
        var rows = MixedFixture.Rows("lmer_sleepstudy_slope_ML");
        int enough = Enumerable.Range(8, 30).First(limit => LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = false, MaximumEvaluations = limit }).Converged);
        var fit = LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = false, MaximumEvaluations = enough });
        Assert.InRange(fit.Convergence.StandardErrorsFromOptimum, 1e-12, ConvergenceCheck.Tolerance);
        Assert.Equal(MixedFixture.Fit("lmer_sleepstudy_slope_ML").LogLikelihood, fit.LogLikelihood, 1e-3);
    }

    [Fact]
    public void The_distance_of_a_quadratic_is_the_largest_over_all_combinations()
    {
        var rng = new Rng(3, 3);
        var layout = Layout();
        for (int trial = 0; trial < 20; trial++)
        {
            Matrix hessian = PositiveDefinite(rng, 3);
            double[] away = RandomMixedDesign.Normals(rng, 3), gradient = new double[3];
            for (int i = 0; i < 3; i++) gradient[i] = Enumerable.Range(0, 3).Sum(j => hessian[i, j] * away[j]);
            var check = ConvergenceVerification.Of(layout, [], [1, 0.2, 0.5], gradient, hessian, isExact: true);
            Matrix factor = hessian.Copy();
            Assert.True(Cholesky.TryFactor(factor));
            Matrix inverse = Cholesky.InverseFromFactor(factor);
            double largest = 0;
            for (int k = 0; k < 3; k++)
            {
                Assert.Equal(away[k] / Math.Sqrt(2 * inverse[k, k]), check.Parameters[k].StandardErrorsFromOptimum, 1e-8);
                largest = Math.Max(largest, Math.Abs(check.Parameters[k].StandardErrorsFromOptimum));
            }
            Assert.Equal(0.5 * away.Zip(gradient, (a, g) => a * g).Sum(), check.PromisedFall, 1e-8);
            Assert.True(check.StandardErrorsFromOptimum >= largest - 1e-9);
        }
    }

    [Fact]
    public void A_saddle_is_no_optimum_although_its_gradient_is_zero()
    {
        var hessian = Matrix.Identity(3);
        hessian[1, 1] = -0.4;
        var check = ConvergenceVerification.Of(Layout(), [], [1, 0.2, 0.5], [0, 0, 0], hessian, isExact: true);
        Assert.False(check.Converged);
        Assert.Contains("the correlation of (Intercept) and x by g", check.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void A_standard_deviation_of_zero_must_not_wish_to_grow()
    {
        var hessian = Matrix.Identity(3);
        hessian[2, 2] = -0.4;
        var check = ConvergenceVerification.Of(Layout(), [], [1, 0.2, 0], [0, 0, 0], hessian, isExact: true);
        Assert.False(check.Converged);
        Assert.StartsWith("The standard deviation of x by g is estimated as 0, but", check.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Large_models_are_judged_by_the_hessian_of_the_search_unless_asked()
    {
        var rng = new Rng(11, 11);
        const int groups = 2500, rows = 3 * groups;
        string[] g = [.. Enumerable.Range(0, rows).Select(i => $"g{i % groups}")];
        double[] effect = RandomMixedDesign.Normals(rng, groups), noise = RandomMixedDesign.Normals(rng, rows);
        Frame data = new([new TextColumn("g", g), new NumericColumn("y", [.. noise.Select((e, i) => e + effect[i % groups])])]);
        ModelRows model = ModelFrame.Learn(Formula.Parse("y ~ 1 + (1 | g)"), data).Encode(data);
        var quick = LinearMixedModel.Fit(model);
        var exact = LinearMixedModel.Fit(model, new LinearMixedModelOptions { VerifyHessian = true });
        Assert.False(quick.Convergence.HessianIsExact);
        Assert.True(exact.Convergence.HessianIsExact);
        Assert.True(quick.Converged && exact.Converged);
        Assert.Equal(1, quick.Convergence.Parameters[0].Curvature / exact.Convergence.Parameters[0].Curvature, 0.3);
        Assert.Equal(quick.Theta, exact.Theta);
    }

    [Theory]
    [InlineData(1e5)]
    [InlineData(1e7)]
    public void A_slope_far_from_zero_keeps_its_digits(double origin)
    {
        string shifted = FormattableString.Invariant($"I(Days - {origin:F0})");
        Frame data = Fixtures.Data("sleepstudy");
        var fit = LinearMixedModel.Fit(ModelFrame.Learn(Formula.Parse($"Reaction ~ {shifted} + ({shifted} | Subject)"), data).Encode(data));
        var near = MixedFixture.Fit("lmer_sleepstudy_slope_REML");
        Assert.True(fit.Converged);
        Assert.Equal(near.LogLikelihood, fit.LogLikelihood, 1e-7);
        Assert.Equal(1, fit.Terms[0].StandardDeviation(1) / near.Terms[0].StandardDeviation(1), 1e-5);
        Assert.InRange(fit.Evaluations, 5, 60);
    }

    [Fact]
    public void A_slope_of_counts_far_from_zero_keeps_its_digits()
    {
        Frame data = Fixtures.Data("Owls");
        var fit = GeneralizedLinearMixedModel.Fit(ModelFrame.Learn(Formula.Parse("SiblingNegotiation ~ I(ArrivalTime - 1e6) + (I(ArrivalTime - 1e6) | Nest)"), data).Encode(data), Family.Poisson());
        Assert.True(fit.Converged);
        Assert.Equal(-2538.74109055, fit.LogLikelihood, 1e-4);
        Assert.Equal(0.2403220, fit.Terms[0].StandardDeviation(1), 1e-5);
    }

    private static RandomEffectsLayout Layout() => new([new RandomTermDesign { Group = "g", Levels = ["a", "b"], Codes = [0, 1], TermNames = ["(Intercept)", "x"], Z = new Matrix(2, 2) }]);

    private static Matrix PositiveDefinite(Rng rng, int n)
    {
        var root = new Matrix(n, n, RandomMixedDesign.Normals(rng, n * n));
        var product = Matrix.Identity(n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int k = 0; k < n; k++) product[i, j] += root[i, k] * root[j, k];
            }
        }
        return product;
    }
}
