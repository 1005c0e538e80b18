using Terrace.Bayes;
using Terrace.Families;
using Terrace.Inference.LogDensities;
using Terrace.Numerics.RandomNumbers;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.Bayes;

public class BayesianDensityTests
{
    public static TheoryData<string, string?, bool, bool> Families => RandomBayesianProblem.Families;

    [Theory]
    [MemberData(nameof(Families))]
    public void The_gradient_of_every_family_is_that_of_finite_differences(string family, string? link, bool dispersion, bool zeroInflation)
    {
        RandomBayesianProblem problem = RandomBayesianProblem.Create(family, link, dispersion, zeroInflation);
        foreach (bool jacobian in new[] { true, false }) AssertGradient(problem, jacobian);
    }

    [Theory]
    [InlineData("gaussian", true, false)]
    [InlineData("gaussian", false, true)]
    [InlineData("poisson", false, false)]
    [InlineData("neg-binomial", true, false)]
    public void The_gradient_under_a_decov_prior_is_that_of_finite_differences(string family, bool relative, bool priorOnly) =>
        AssertGradient(RandomBayesianProblem.Create(family, null, false, false, new DecovPrior(1.6, 1.3, 0.8, 1.2) { RelativeToSigma = relative }, priorOnly), true);

    [Theory]
    [MemberData(nameof(Families))]
    public void The_position_of_a_draw_is_found_again(string family, string? link, bool dispersion, bool zeroInflation)
    {
        RandomBayesianProblem problem = RandomBayesianProblem.Create(family, link, dispersion, zeroInflation);
        ILogDensity density = problem.Model.CreateEvaluator();
        double[] draw = new double[problem.Model.Layout.Count], back = new double[density.Dimension];
        density.WriteDraw(problem.Position, new Rng(1, 1), draw);
        density.Unconstrain(draw, back);
        for (int i = 0; i < back.Length; i++) AssertClose(problem.Position[i], back[i], 1e-9, problem.Model.CoordinateNames[i]);
    }

    /// <summary>log p(y | draw) by Family.LogDensity row by row, plus the priors of what is reported, plus the Jacobian from coordinates to what is reported, all written out.</summary>
    [Theory]
    [InlineData("gaussian")]
    [InlineData("binomial")]
    [InlineData("poisson")]
    [InlineData("gamma")]
    [InlineData("inverse-gaussian")]
    public void The_log_density_is_likelihood_times_prior_of_the_draw(string family)
    {
        RandomBayesianProblem problem = RandomBayesianProblem.Create(family, family is "gamma" or "inverse-gaussian" ? "log" : null, false, false);
        ILogDensity density = problem.Model.CreateEvaluator();
        double[] draw = new double[problem.Model.Layout.Count], gradient = new double[density.Dimension], origin = new double[density.Dimension], other = new double[density.Dimension];
        double Difference(double[] position)
        {
            density.WriteDraw(position, new Rng(1, 1), draw);
            return density.Evaluate(position, gradient).Value - Plain(problem, family, draw);
        }
        double constant = Difference(problem.Position);
        for (int i = 0; i < other.Length; i++) other[i] = 0.7 * problem.Position[i] + 0.1;
        AssertClose(constant, Difference(other), 1e-9, "constant");
        AssertClose(constant, Difference(origin), 1e-9, "constant");
    }

    private static double Plain(RandomBayesianProblem problem, string name, double[] draw)
    {
        var layout = problem.Model.Layout;
        double At(string column) => draw[layout.IndexOf(column)];
        var rows = problem.Rows;
        Family family = Family.Parse(name, name is "gamma" or "inverse-gaussian" ? "log" : null);
        double dispersion = name switch { "gaussian" => At("sigma") * At("sigma"), "gamma" or "inverse-gaussian" => 1 / At("shape"), _ => 1 };
        double sum = 0, meanX = 0, meanD = 0;
        for (int i = 0; i < rows.Rows; i++)
        {
            double x = rows.Design.X[i, 1], d = rows.Design.X[i, 2];
            (meanX, meanD) = (meanX + x / rows.Rows, meanD + d / rows.Rows);
            string g = rows.Design.RandomTerms[0].Levels[rows.Design.RandomTerms[0].Codes[i]], h = rows.Design.RandomTerms[1].Levels[rows.Design.RandomTerms[1].Codes[i]];
            double eta = rows.Design.Offset[i] + At("b[(Intercept)]") + At("b[x]") * x + At("b[d]") * d + At($"r[g,{g},(Intercept)]") + At($"r[g,{g},x]") * x + At($"r[h,{h},(Intercept)]");
            double trials = rows.Trials?[i] ?? 1, weight = rows.Weights?[i] ?? trials;
            sum += family.LogDensity(rows.Response!.Values[i] / trials, family.Link.Mean(eta), weight, trials, dispersion);
        }
        double Normal(double value, double mean, double sd) => -0.5 * (value - mean) * (value - mean) / (sd * sd);
        sum += Normal(At("b[(Intercept)]") + meanX * At("b[x]") + meanD * At("b[d]"), 0.3, 2) + Normal(At("b[x]"), 0.1, 1.5);
        double s0 = At("sd[g,(Intercept)]"), s1 = At("sd[g,x]"), rho = At("cor[g,(Intercept),x]"), s2 = At("sd[h,(Intercept)]");
        // Half normal standard deviations and LKJ(1.7), then log sd and atanh of the correlation as coordinates; effects have the bivariate normal density, whose change to standardised ones is a Jacobian.
        sum += Normal(s0, 0, 1) + Math.Log(s0) + Normal(s1, 0, 0.7) + Math.Log(s1) + 1.7 * Math.Log(1 - rho * rho) + Normal(s2, 0, 2) + Math.Log(s2);
        foreach (string level in rows.Design.RandomTerms[0].Levels)
        {
            double a = At($"r[g,{level},(Intercept)]") / s0, b = At($"r[g,{level},x]") / s1;
            sum += -0.5 * (a * a - 2 * rho * a * b + b * b) / (1 - rho * rho);
        }
        foreach (string level in rows.Design.RandomTerms[1].Levels) sum += Normal(At($"r[h,{level},(Intercept)]"), 0, s2);
        return sum + name switch
        {
            "gaussian" => Normal(At("sigma"), 0.5, 2) + Math.Log(At("sigma")),
            "gamma" or "inverse-gaussian" => Normal(At("shape"), 2, 2) + Math.Log(At("shape")),
            _ => 0,
        };
    }

    private static void AssertGradient(RandomBayesianProblem problem, bool jacobian) => GradientChecks.AssertGradient(problem.Model, problem.Position, jacobian);
}
