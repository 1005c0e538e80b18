using System.Text.Json;
using Terrace.Bayes;
using Terrace.Inference.Evaluation;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.TestData;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.Bayes;

public class BayesianLooTests
{
    public static TheoryData<string, string?, bool, bool> Families => RandomBayesianProblem.Families;

    /// <summary>The rows' log likelihoods of a draw add up to the log density less that of the prior alone, up to a constant over draws.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Row_by_row_likelihoods_add_up_to_that_of_the_model(string family, string? link, bool dispersion, bool zeroInflation)
    {
        RandomBayesianProblem problem = RandomBayesianProblem.Create(family, link, dispersion, zeroInflation), prior = RandomBayesianProblem.Create(family, link, dispersion, zeroInflation, priorOnly: true);
        ILogDensity density = problem.Model.CreateEvaluator(), priorDensity = prior.Model.CreateEvaluator();
        double[] gradient = new double[density.Dimension], draw = new double[problem.Model.Layout.Count], values = new double[2 * draw.Length], totals = new double[2];
        double[][] positions = [problem.Position, [.. problem.Position.Select(x => 0.6 * x + 0.05)]];
        for (int s = 0; s < 2; s++)
        {
            density.WriteDraw(positions[s], new Rng(1, 1), draw);
            for (int j = 0; j < draw.Length; j++) values[2 * j + s] = draw[j];
            totals[s] = density.Evaluate(positions[s], gradient).Value - priorDensity.Evaluate(positions[s], gradient).Value;
        }
        var statistics = new SamplerStatistics(1, 2, new double[2], new double[2], new double[2], new int[2], new int[2], new bool[2], new double[2]);
        var fit = new BayesianFit(problem.Model, [], "nuts", "", new NutsOptions(), new SamplingResult { Draws = new Draws(problem.Model.Layout, 1, 2, values), Statistics = statistics });
        var rows = new RowLogLikelihood(fit);
        var sum = new double[2];
        var own = new double[2];
        for (int i = 0; i < rows.Count; i++)
        {
            rows.Write(i, own);
            for (int s = 0; s < 2; s++) sum[s] += rows.Multiplicity(i) * own[s];
        }
        AssertClose(totals[0] - totals[1], sum[0] - sum[1], 1e-8, "difference of log likelihoods");
    }

    /// <summary>elpd and p_loo against rstanarm and brms: both are Monte Carlo estimates, whose errors here are below 0.3.</summary>
    [Theory]
    [InlineData("radon_stan_lmer_varying_intercept", "log_radon ~ floor + (1 | county)", "radon", "gaussian", PriorPreset.Rstanarm)]
    [InlineData("students_stan_glmer", "response ~ (1 | class)", "students", "binomial", PriorPreset.Rstanarm)]
    [InlineData("mtcars_stan_glm", "mpg ~ wt + am", "mtcars", "gaussian", PriorPreset.Rstanarm)]
    [InlineData("radon_brm_intercept_only", "log_radon ~ (1 | county)", "radon", "gaussian", PriorPreset.Brms)]
    public void Loo_of_single_rows_is_that_of_R(string reference, string formula, string data, string family, PriorPreset preset)
    {
        Loo loo = BayesianReferenceTests.Sample(formula, data, family, preset).Loo!;
        JsonElement expected = Fixtures.Bayes(reference).GetProperty("loo").GetProperty("values");
        Assert.Equal(Fixtures.Data(data).RowCount, loo.Count);
        Assert.Equal(expected[0][0].GetDouble(), loo.Elpd, 0.3);
        Assert.Equal(expected[0][1].GetDouble(), loo.StandardError, 0.3);
        Assert.Equal(expected[1][0].GetDouble(), loo.EffectiveParameters, 0.5);
    }
}
