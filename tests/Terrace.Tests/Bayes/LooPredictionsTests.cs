using Terrace.Bayes;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Bayes;

public class LooPredictionsTests
{
    private static readonly BayesianSettings Settings = new() { Preset = PriorPreset.Brms, Sampling = new NutsOptions { Warmup = 400, Iterations = 1000, AdaptDelta = 0.9 } };

    /// <summary>P(ỹ ≤ y) against the mean of Φ((y − μ)/σ) under fits without the row; 4,000 replicates have an error of at most 0.008, so that 0.04 is five of them.</summary>
    [Fact]
    public void Transforms_are_those_of_fits_without_the_row()
    {
        BayesianFit fit = BayesianFit.Sample(Outline("log_radon ~ floor + (1 | county)", "radon", "gaussian"), Settings);
        IReadOnlyList<PitValue> pit = new LooPredictions(fit).Pit();
        Assert.Equal(919, pit.Count);
        foreach (int row in new[] { 0, 100, 400, 700 })
        {
            BayesianFit other = BayesianFit.Sample(fit.Model.Subset([.. Enumerable.Range(0, 919).Where(i => i != row)]), [], Settings.Sampling);
            var likelihood = new RowLogLikelihood(fit.Model, other.Draws);
            int observation = likelihood.ObservationOfRow[row];
            double[] eta = likelihood.LinearPredictors(observation)[0], sigma = other.Draws.Column("sigma").ToArray();
            double y = likelihood.Observation(observation).Y, exact = eta.Select((mean, s) => Normal.Cdf((y - mean) / sigma[s])).Average();
            Assert.Equal(exact, pit[row].Pit, 0.04);
        }
    }

    /// <summary>Where the model is right transforms are uniform, also of counts and categories, randomised: Kolmogorov–Smirnov's distance below 1.95/√n, a false alarm of 0.001 each.</summary>
    [Theory]
    [InlineData("binomial")]
    [InlineData("poisson")]
    [InlineData("cumulative")]
    public void Transforms_of_discrete_responses_are_uniform_where_the_model_is_right(string family)
    {
        var rng = new Numerics.RandomNumbers.Rng(12, 0);
        const int rows = 600;
        double[] x = [.. Enumerable.Range(0, rows).Select(_ => rng.NextNormal())], y = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            double p = 1 / (1 + Math.Exp(-x[i])), count = 0;
            for (int k = 0; k < (family == "binomial" ? 1 : 2); k++) count += rng.NextDouble() < p ? 1 : 0;
            if (family == "poisson") count = rng.NextPoisson(Math.Exp(0.3 + 0.5 * x[i]));
            if (family == "cumulative") count = Math.Log(1 / rng.NextDouble() - 1) + x[i] is var latent && latent > 1 ? 2 : latent > -0.5 ? 1 : 0;
            y[i] = count;
        }
        var data = new Frame([family == "cumulative" ? new Factor("y", [.. y.Select(v => (int)v)], ["a", "b", "c"], true) : new NumericColumn("y", y), new NumericColumn("x", x)]);
        ModelRows encoded = ModelFrame.Learn(Formula.Parse("y ~ x"), data).Encode(data);
        ModelOutline outline = family == "cumulative" ? ModelOutline.Of(new ComponentRows(encoded), ResponseFamily.Parse("cumulative", null)) : ModelOutline.Of(encoded, Family.Parse(family));
        IReadOnlyList<PitValue> pit = new LooPredictions(BayesianFit.Sample(outline, Settings)).Pit();
        double[] ordered = [.. pit.Select(v => v.Pit).Order()];
        double distance = ordered.Select((v, i) => Math.Max(Math.Abs(v - (double)i / rows), Math.Abs(v - (i + 1.0) / rows))).Max();
        Assert.True(distance < 1.95 / Math.Sqrt(rows), $"{distance}");
        Assert.All(pit, v => Assert.True(v.Lower <= v.Pit && v.Pit <= v.Upper && v.Upper <= 1 + 1e-9));
    }

    /// <summary>Of least squares under flat priors the residual without the row is r/(1 − h); R² is 1 less its variance over that of the response.</summary>
    [Fact]
    public void Explained_variance_is_that_of_residuals_without_the_row()
    {
        ModelOutline outline = Outline("mpg ~ wt + am", "mtcars", "gaussian");
        double[] draws = new LooPredictions(BayesianFit.Sample(outline, Settings)).RSquared();
        Frame data = Fixtures.Data("mtcars");
        ModelRows rows = ModelFrame.Learn(Formula.Parse("mpg ~ wt + am"), data).Encode(data);
        var x = new Matrix(rows.Rows, 3);
        for (int i = 0; i < rows.Rows; i++)
            for (int j = 0; j < 3; j++) x[i, j] = rows.Design.X[rows.RowToCell[i], j];
        Matrix normal = Gemm.Product(x, true, x, false);
        Cholesky.TryFactor(normal);
        Matrix inverse = Cholesky.InverseFromFactor(normal);
        double[] y = rows.Response!.Values, residual = new double[y.Length];
        for (int i = 0; i < y.Length; i++)
        {
            double fitted = 0, leverage = 0;
            for (int a = 0; a < 3; a++)
            {
                for (int b = 0; b < 3; b++)
                {
                    double element = inverse[Math.Max(a, b), Math.Min(a, b)];
                    leverage += x[i, a] * element * x[i, b];
                    for (int r = 0; r < y.Length; r++) fitted += x[i, a] * element * x[r, b] * y[r];
                }
            }
            residual[i] = (y[i] - fitted) / (1 - leverage);
        }
        double expected = 1 - Math.Pow(SampleMoments.StandardDeviation(residual) / SampleMoments.StandardDeviation(y), 2);
        Assert.Equal(expected, draws.Average(), 0.03);
        Assert.Equal(4000, draws.Length);
    }

    private static ModelOutline Outline(string formula, string data, string family) => ModelOutline.Of(ModelFrame.Learn(Formula.Parse(formula), Fixtures.Data(data)).Encode(Fixtures.Data(data)), Family.Parse(family));
}
