using Terrace.Bayes;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.MixedModels;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.Bayes;

public class WhitenedDensityTests
{
    /// <summary>Families whose coefficients can be whitened: one linear predictor, or one for each category.</summary>
    public static TheoryData<string, string?> Families => new()
    {
        { "gaussian", null }, { "gaussian", "log" }, { "binomial", null }, { "binomial", "probit" }, { "poisson", null }, { "gamma", "log" }, { "neg-binomial", null }, { "beta", null }, { "beta-binomial", null },
        { "student", null }, { "lognormal", null }, { "cumulative", null }, { "hurdle-poisson", null }, { "categorical", null },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void The_gradient_is_that_of_finite_differences(string family, string? link)
    {
        RandomBayesianProblem problem = RandomBayesianProblem.Create(family, link, false, false);
        AssertGradient(problem.Model, LaplaceMarginal.Find(problem.Model, default)!);
    }

    [Fact]
    public void The_gradient_under_priors_in_units_of_sigma_is_that_of_finite_differences()
    {
        RandomBayesianProblem problem = RandomBayesianProblem.Create("gaussian", null, false, false, new DecovPrior(1.4, 1.2, 1, 0.8) { RelativeToSigma = true });
        AssertGradient(problem.Model, LaplaceMarginal.Find(problem.Model, default)!);
    }

    /// <summary>Both are the same posterior in other coordinates: log densities differ by the log Jacobian, which the difference of positions of the same draw shows to depend on θ alone through Σ log L_ii and Σ log T.</summary>
    [Theory]
    [InlineData("binomial")]
    [InlineData("gaussian")]
    [InlineData("categorical")]
    public void The_density_is_that_of_non_centred_coordinates_with_its_Jacobian(string family)
    {
        RandomBayesianProblem problem = RandomBayesianProblem.Create(family, null, false, false);
        Whitening whitening = LaplaceMarginal.Find(problem.Model, default)!;
        ILogDensity plain = problem.Model.CreateEvaluator(), whitened = new WhitenedDensity(problem.Model, whitening);
        double Difference(double[] position)
        {
            double[] draw = new double[problem.Model.Layout.Count], other = new double[position.Length], gradient = new double[position.Length];
            plain.WriteDraw(position, new Rng(1, 1), draw);
            whitened.Unconstrain(draw, other);
            return whitened.Evaluate(other, gradient).Value - plain.Evaluate(position, gradient).Value;
        }
        // Moving z and γ with θ fixed leaves the Jacobian as it is.
        double[] second = [.. problem.Position];
        for (int i = 0; i < problem.Model.Structure.CoefficientCount; i++) second[i] = -0.5 * second[i] + 0.1;
        AssertClose(Difference(problem.Position), Difference(second), 1e-8, "Jacobian");
    }

    [Theory]
    [InlineData("binomial")]
    [InlineData("gaussian")]
    [InlineData("neg-binomial")]
    [InlineData("categorical")]
    public void The_position_of_a_draw_is_found_again(string family)
    {
        RandomBayesianProblem problem = RandomBayesianProblem.Create(family, null, false, false);
        ILogDensity density = new WhitenedDensity(problem.Model, LaplaceMarginal.Find(problem.Model, default)!);
        double[] position = [.. problem.Position.Select(x => 0.7 * x)], draw = new double[problem.Model.Layout.Count], back = new double[position.Length];
        density.WriteDraw(position, new Rng(1, 1), draw);
        density.Unconstrain(draw, back);
        for (int i = 0; i < back.Length; i++) AssertClose(position[i], back[i], 1e-7, $"coordinate {i}");
    }

    [Fact]
    public void The_information_is_that_of_dense_algebra()
    {
        RandomBayesianProblem problem = RandomBayesianProblem.Create("binomial", null, false, false);
        ModelStructure structure = problem.Model.Structure;
        var rng = new Rng(3, 0);
        double[] weight = RandomMixedDesign.Positive(rng, structure.Cells);
        int n = structure.CoefficientCount;
        var own = new Matrix(n, n);
        new CoefficientInformation(structure).Compute(weight, own);
        double[][] m = [.. Enumerable.Range(0, structure.Cells).Select(c =>
        {
            var row = new double[n];
            for (int j = 0; j < structure.FixedCount; j++) row[j] = structure.Predictors[0].Columns[j][c];
            foreach (GroupTerm term in structure.Terms)
                for (int j = 0; j < term.Width; j++) row[term.Start + term.Codes[c] * term.Width + j] = term.Covariates[j]?[c] ?? 1;
            return row;
        })];
        for (int j = 0; j < n; j++)
            for (int i = j; i < n; i++) AssertClose(m.Select((row, c) => weight[c] * row[i] * row[j]).Sum(), own[i, j], 1e-10, $"({i}, {j})");
    }

    /// <summary>Two linear predictors, whose effects have information in common: Σ M_k'W_kl M_l by dense algebra.</summary>
    [Fact]
    public void The_information_of_categories_is_that_of_dense_algebra()
    {
        ModelStructure structure = RandomBayesianProblem.Create("categorical", null, false, false).Model.Structure;
        var rng = new Rng(3, 0);
        int n = structure.CoefficientCount, predictors = structure.Predictors.Count;
        double[][][] weight = [.. Enumerable.Range(0, predictors).Select(_ => Enumerable.Range(0, predictors).Select(_ => RandomMixedDesign.Normals(rng, structure.Cells)).ToArray())];
        var own = new Matrix(n, n);
        new CoefficientInformation(structure).Compute(weight, own);
        double[][][] m = [.. structure.Predictors.Select(predictor => Enumerable.Range(0, structure.Cells).Select(c =>
        {
            var row = new double[n];
            for (int j = 0; j < predictor.Count; j++) row[predictor.Start + j] = predictor.Columns[j][c];
            foreach (GroupTerm term in structure.Terms.Where(term => term.Predictor == predictor.Predictor))
                for (int j = 0; j < term.Width; j++) row[term.Start + term.Codes[c] * term.Width + j] = term.Covariates[j]?[c] ?? 1;
            return row;
        }).ToArray())];
        for (int j = 0; j < n; j++)
        {
            for (int i = j; i < n; i++)
            {
                double expected = 0;
                for (int c = 0; c < structure.Cells; c++)
                    for (int k = 0; k < predictors; k++)
                        for (int l = 0; l < predictors; l++) expected += m[k][c][i] * weight[Math.Min(k, l)][Math.Max(k, l)][c] * m[l][c][j];
                AssertClose(expected, own[i, j], 1e-10, $"({i}, {j})");
            }
        }
    }

    /// <summary>The two samplers' posterior means within 4.5 combined Monte Carlo errors: about 90 comparisons in all with fixed seeds, a false alarm with probability below 1e-3.</summary>
    [Theory]
    [InlineData("binomial")]
    [InlineData("gaussian")]
    [InlineData("neg-binomial")]
    [InlineData("categorical")]
    public void Both_samplers_draw_from_one_posterior(string family)
    {
        RandomBayesianProblem problem = RandomBayesianProblem.Create(family, null, false, false);
        Draws plain = Sampler.Run(problem.Model, new NutsOptions { AdaptDelta = 0.95, Iterations = 1500 }).Draws;
        SamplingResult whitened = Sampler.Run(new WhitenedModel(problem.Model, LaplaceMarginal.Find(problem.Model, default)!), new NutsOptions { AdaptDelta = 0.9, Metric = MetricKind.Unit, Warmup = 300, Iterations = 1500, InitialRange = 1 });
        for (int column = 0; column < plain.Layout.Count; column++)
        {
            double error = Math.Sqrt(Math.Pow(Mcse.OfMean(plain.Column(column), 4), 2) + Math.Pow(Mcse.OfMean(whitened.Draws.Column(column), 4), 2));
            double difference = SampleMoments.Mean(plain.Column(column)) - SampleMoments.Mean(whitened.Draws.Column(column));
            Assert.True(Math.Abs(difference) < 4.5 * error, $"{plain.Layout.Columns[column]}: {difference} ± {error}");
        }
    }

    private static void AssertGradient(BayesianModel model, Whitening whitening)
    {
        ILogDensity density = new WhitenedDensity(model, whitening);
        var rng = new Rng(9, 0);
        double[] position = [.. RandomMixedDesign.Normals(rng, density.Dimension).Select(x => 0.5 * x)], gradient = new double[position.Length], unused = new double[position.Length], probe = [.. position];
        Assert.True(density.Evaluate(position, gradient).IsAccepted);
        for (int i = 0; i < probe.Length; i++)
        {
            double Value(double step)
            {
                probe[i] = position[i] + step;
                return density.Evaluate(probe, unused).Value;
            }
            const double h = 1e-3;
            double difference = (8 * (Value(h) - Value(-h)) - (Value(2 * h) - Value(-2 * h))) / (12 * h);
            probe[i] = position[i];
            Assert.True(Math.Abs(difference - gradient[i]) < 2e-6 * Math.Max(1, Math.Abs(gradient[i])) + 1e-6, $"coordinate {i}: {gradient[i]} against {difference}");
        }
    }
}
