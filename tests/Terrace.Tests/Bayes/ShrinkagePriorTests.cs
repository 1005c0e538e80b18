using Terrace.Bayes;
using Terrace.Inference.LogDensities;
using Terrace.Numerics.RandomNumbers;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.Bayes;

public class ShrinkagePriorTests
{
    private const string Horseshoe = "horseshoe(2, scale_global = 0.7, df_global = 3, scale_slab = 1.5, df_slab = 5) on b", Plus = "hs_plus(1, 2, global_scale = 0.4) on b", R2D2 = "R2D2(0.3, 4, 0.6) on b";

    public static TheoryData<string, bool, bool, string> Models
    {
        get
        {
            var models = new TheoryData<string, bool, bool, string>();
            foreach (string prior in (string[])[Horseshoe, Plus, R2D2])
            {
                foreach (string family in (string[])["gaussian", "student", "binomial", "poisson", "cumulative", "categorical"]) models.Add(family, false, false, prior);
                models.Add("gaussian", true, false, prior);
                models.Add("gaussian", false, true, prior);
            }
            return models;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_gradient_is_that_of_finite_differences(string family, bool dispersion, bool priorOnly, string prior)
    {
        // One coefficient is left out of the shrinkage.
        BayesianModel model = ShrinkageProblem.Small(family, dispersion: dispersion).Under(priorOnly, prior, "normal(0.2, 0.8) on b:x2");
        Assert.Equal(model.Dimension, model.CoordinateNames.Count);
        double[] position = Position(model, 0.4);
        foreach (bool jacobian in new[] { true, false }) GradientChecks.AssertGradient(model, position, jacobian);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_position_of_a_draw_is_found_again(string family, bool dispersion, bool priorOnly, string prior)
    {
        BayesianModel model = ShrinkageProblem.Small(family, dispersion: dispersion).Under(priorOnly, prior, "normal(0.2, 0.8) on b:x2");
        ILogDensity density = model.CreateEvaluator();
        double[] position = Position(model, 0.4), draw = new double[model.Layout.Count], back = new double[position.Length];
        Array.Fill(draw, double.NaN);
        density.WriteDraw(position, new Rng(1, 1), draw);
        Assert.DoesNotContain(draw, double.IsNaN);
        density.Unconstrain(draw, back);
        for (int i = 0; i < back.Length; i++) AssertClose(position[i], back[i], 1e-9, model.CoordinateNames[i]);
    }

    /// <summary>Likelihood and priors of what a draw reports, written out from the papers' formulas, with the Jacobian from coordinates to it; of the stick by a determinant of finite differences.</summary>
    [Theory]
    [InlineData(Horseshoe)]
    [InlineData(Plus)]
    [InlineData(R2D2)]
    [InlineData("horseshoe(1, autoscale = false) on b")]
    [InlineData("R2D2(0.7, 3, autoscale = FALSE) on b")]
    public void The_log_density_is_likelihood_times_prior_of_the_draw(string prior)
    {
        var problem = ShrinkageProblem.Create("gaussian", 30, 4, (_, rng) => 1 + rng.NextNormal(), grouped: false);
        BayesianModel model = problem.Under(false, prior, "normal(0, 3) on intercept", "exponential(0.7) on sigma");
        ILogDensity density = model.CreateEvaluator();
        double[] gradient = new double[model.Dimension];
        double Difference(double[] position) => density.Evaluate(position, gradient).Value - Plain(problem, model, position, prior);
        double constant = Difference(new double[model.Dimension]);
        foreach (double scale in new[] { 0.3, -0.5, 1.1 }) AssertClose(constant, Difference(Position(model, scale)), 1e-6, $"at {scale}");
    }

    private static double Plain(ShrinkageProblem problem, BayesianModel model, double[] position, string prior)
    {
        ILogDensity density = model.CreateEvaluator();
        double[] Draw(double[] at)
        {
            var draw = new double[model.Layout.Count];
            density.WriteDraw(at, new Rng(1, 1), draw);
            return draw;
        }
        double[] own = Draw(position);
        double At(string name) => own[model.Layout.IndexOf(name)];
        double sigma = At("sigma"), intercept = At("b[(Intercept)]"), sum = -0.7 * sigma + Math.Log(sigma);
        double[] beta = [.. Enumerable.Range(1, 4).Select(j => At($"b[x{j}]"))];
        int rows = problem.Rows.Rows;
        double centred = intercept;
        for (int i = 0; i < rows; i++)
        {
            double mean = intercept;
            for (int j = 0; j < 4; j++)
            {
                mean += beta[j] * problem.Rows.Design.X[i, j + 1];
                centred += beta[j] * problem.Rows.Design.X[i, j + 1] / rows;
            }
            sum += Normal(problem.Rows.Response!.Values[i], mean, sigma);
        }
        sum += Normal(centred, 0, 3);
        bool scaled = !prior.Contains("autoscale", StringComparison.Ordinal);
        double unit = scaled ? sigma : 1;
        double StudentT(double value, double df, double scale) => -(df + 1) / 2 * Math.Log(1 + value * value / (df * scale * scale)) - Math.Log(scale);
        if (prior.StartsWith("R2D2", StringComparison.Ordinal))
        {
            (double mean, double precision, double concentration) = scaled ? (0.3, 4, 0.6) : (0.7, 3, 1);
            double r2 = At("R2D2_R2"), tau2 = unit * unit * r2 / (1 - r2);
            // Beta density, and dR²/dt = R²(1 − R²).
            sum += mean * precision * Math.Log(r2) + (1 - mean) * precision * Math.Log(1 - r2);
            for (int j = 0; j < 4; j++)
            {
                double phi = At($"R2D2_phi[x{j + 1}]");
                sum += (concentration - 1) * Math.Log(phi) - 0.5 * beta[j] * beta[j] / (phi * tau2);
            }
            return sum + LogVolumeOfShares(model, position, Draw);
        }
        bool plus = prior.StartsWith("hs_plus", StringComparison.Ordinal);
        (double df, double dfGlobal, double scaleGlobal, double slab, double dfSlab) = plus ? (1, 1, 0.4, 2.5, 4) : scaled ? (2, 3, 0.7, 1.5, 5) : (1.0, 1.0, 1.0, 2.0, 4.0);
        double global = At("hs_global"), v = At("hs_slab"), c2 = slab * slab * v;
        sum += StudentT(global, dfGlobal, scaleGlobal * unit) + Math.Log(global) - (dfSlab / 2 + 1) * Math.Log(v) - dfSlab / 2 / v + Math.Log(v);
        for (int j = 0; j < 4; j++)
        {
            double local = At($"hs_local[x{j + 1}]"), second = plus ? At($"hs_local2[x{j + 1}]") : 1, lambda2 = local * local * second * second;
            sum += StudentT(local, df, 1) + Math.Log(local) + (plus ? StudentT(second, 2, 1) + Math.Log(second) : 0);
            sum += -0.5 * beta[j] * beta[j] / (global * global * c2 * lambda2 / (c2 + global * global * lambda2));
        }
        return sum;
    }

    private static double Normal(double value, double mean, double sd) => -0.5 * (value - mean) * (value - mean) / (sd * sd) - Math.Log(sd);

    /// <summary>log |det ∂(φ₁, φ₂, φ₃)/∂y|, which is a triangle for no order of the coordinates that this test relies on.</summary>
    private static double LogVolumeOfShares(BayesianModel model, double[] position, Func<double[], double[]> draw)
    {
        const double h = 1e-5;
        int first = model.Dimension - 3, column = model.Layout.IndexOf("R2D2_phi[x1]");
        var jacobian = new double[3, 3];
        for (int k = 0; k < 3; k++)
        {
            double[] at = [.. position];
            at[first + k] = position[first + k] + h;
            double[] up = draw(at);
            at[first + k] = position[first + k] - h;
            double[] down = draw(at);
            for (int j = 0; j < 3; j++) jacobian[j, k] = (up[column + j] - down[column + j]) / (2 * h);
        }
        double a = jacobian[0, 0] * (jacobian[1, 1] * jacobian[2, 2] - jacobian[1, 2] * jacobian[2, 1]);
        double b = jacobian[0, 1] * (jacobian[1, 0] * jacobian[2, 2] - jacobian[1, 2] * jacobian[2, 0]);
        double c = jacobian[0, 2] * (jacobian[1, 0] * jacobian[2, 1] - jacobian[1, 1] * jacobian[2, 0]);
        return Math.Log(Math.Abs(a - b + c));
    }

    private static double[] Position(BayesianModel model, double scale)
    {
        var rng = new Rng(5, 5);
        return [.. Enumerable.Range(0, model.Dimension).Select(_ => scale * rng.NextNormal())];
    }
}
