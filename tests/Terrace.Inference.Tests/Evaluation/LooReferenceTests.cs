using System.Text.Json;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.Evaluation;
using Terrace.Inference.Tests.TestData;

namespace Terrace.Inference.Tests.Evaluation;

/// <summary>Everything that the R package loo 2.5.1 says of two fixed matrices of log likelihoods.</summary>
public class LooReferenceTests
{
    private static readonly JsonElement Reference = BayesFixtures.Json("diagnostics_loo");
    private static readonly Table First = new("loglik_matrix"), Second = new("loglik_matrix_model2");
    private static readonly double[] Efficiencies = Numbers(Reference.GetProperty("r_eff"));

    [Fact]
    public void Loo_is_that_of_the_package()
    {
        Loo loo = Loo.Of(First, Efficiencies);
        JsonElement expected = Reference.GetProperty("loo");
        Estimates(expected, loo);
        double[] k = Numbers(expected.GetProperty("pareto_k"));
        for (int i = 0; i < k.Length; i++)
        {
            Assert.Equal(k[i], loo.Pointwise[i].ParetoK, 1e-6);
            JsonElement row = expected.GetProperty("pointwise").GetProperty("values")[i];
            Close(row[0].Number(), loo.Pointwise[i].Elpd, 1e-6);
            Close(row[2].Number(), loo.Pointwise[i].EffectiveParameters, 1e-6);
        }
    }

    [Fact]
    public void Loo_of_independent_draws_is_that_of_the_package()
    {
        Loo loo = Loo.Of(First, [.. Efficiencies.Select(_ => 1.0)]);
        Estimates(Reference.GetProperty("loo_r_eff_1"), loo);
        double[] k = Numbers(Reference.GetProperty("loo_r_eff_1").GetProperty("pareto_k"));
        for (int i = 0; i < k.Length; i++) Assert.Equal(k[i], loo.Pointwise[i].ParetoK, 1e-6);
    }

    [Fact]
    public void Waic_is_that_of_the_package()
    {
        Loo waic = Loo.Waic(First);
        Estimates(Reference.GetProperty("waic"), waic);
        for (int i = 0; i < waic.Pointwise.Count; i++) Close(Reference.GetProperty("waic").GetProperty("pointwise").GetProperty("values")[i][0].Number(), waic.Pointwise[i].Elpd, 1e-6);
    }

    [Fact]
    public void Smoothed_weights_and_tail_lengths_are_those_of_the_package()
    {
        JsonElement expected = Reference.GetProperty("psis");
        double[] largest = Numbers(expected.GetProperty("max_log_weight"));
        for (int i = 0; i < Efficiencies.Length; i++)
        {
            Assert.Equal(expected.GetProperty("tail_len")[i].GetInt32(), ParetoSmoothing.TailLength(First.Draws, Efficiencies[i]));
            double[] ratios = First.Column(i).Select(value => -value).ToArray();
            double k = ParetoSmoothing.Smooth(ratios, Efficiencies[i]);
            Assert.Equal(expected.GetProperty("pareto_k")[i].Number(), k, 1e-6);
            Assert.Equal(largest[i], ratios.Max(), 1e-6);
            for (int s = 0; s < 10; s++) Assert.Equal(expected.GetProperty("log_weights_first10_draws")[s][i].Number(), ratios[s], 1e-6);
        }
    }

    [Fact]
    public void The_fit_of_the_generalised_Pareto_distribution_is_that_of_the_package()
    {
        JsonElement expected = Reference.GetProperty("gpdfit_example");
        (double shape, double scale) = ParetoSmoothing.Fit(Numbers(expected.GetProperty("x")));
        Assert.Equal(expected.GetProperty("k").Number(), shape, 1e-9);
        Assert.Equal(expected.GetProperty("sigma").Number(), scale, 1e-9);
    }

    [Fact]
    public void Comparison_and_weights_are_those_of_the_package()
    {
        Loo first = Loo.Of(First, Efficiencies), second = Loo.Of(Second);
        JsonElement row = Reference.GetProperty("loo_compare").GetProperty("values")[1];
        (double difference, double error) = ModelWeights.Compare(first, second);
        Assert.Equal(row[0].Number(), difference, 2e-2); // the second model's r_eff is not in the reference, so tails of another length are smoothed
        Assert.Equal(row[1].Number(), error, 2e-2);
        double[] stacking = Numbers(Reference.GetProperty("stacking_weights")), bma = Numbers(Reference.GetProperty("pseudobma_weights"));
        for (int k = 0; k < 2; k++)
        {
            Assert.Equal(stacking[k], ModelWeights.Stacking([first, second])[k], 2e-3);
            Assert.Equal(bma[k], ModelWeights.PseudoBma([first, second])[k], 2e-3);
        }
    }

    /// <summary>Observations given once with their number count as if each were given.</summary>
    [Fact]
    public void Collapsed_observations_count_one_by_one()
    {
        Loo collapsed = Loo.Of(new Repeated(First, 3)), whole = Loo.Of(new Unfolded(First, 3));
        Assert.Equal(whole.Count, collapsed.Count);
        Close(whole.Elpd, collapsed.Elpd, 1e-12);
        Close(whole.StandardError, collapsed.StandardError, 1e-12);
        Assert.Equal(whole.HighK, collapsed.HighK);
    }

    private static void Estimates(JsonElement expected, Loo own)
    {
        JsonElement values = expected.GetProperty("estimates").GetProperty("values");
        Close(values[0][0].Number(), own.Elpd, 1e-6);
        Close(values[0][1].Number(), own.StandardError, 1e-6);
        Close(values[1][0].Number(), own.EffectiveParameters, 1e-6);
        Close(values[1][1].Number(), own.EffectiveParametersError, 1e-6);
    }

    private static void Close(double expected, double own, double relative) => Assert.Equal(expected, own, relative * Math.Max(Math.Abs(expected), 1e-8));

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.Number())];

    private sealed class Table(string name) : IPointwiseLikelihood
    {
        private readonly double[][] _columns = [.. BayesFixtures.Table(name).Skip(1).Select(column => column.Value)];

        public int Chains => 4;

        public int Draws => _columns[0].Length;

        public int Count => _columns.Length;

        public double[] Column(int observation) => _columns[observation];

        public int Multiplicity(int observation) => 1;

        public void Write(int observation, Span<double> logLikelihood) => _columns[observation].CopyTo(logLikelihood);
    }

    private sealed class Repeated(IPointwiseLikelihood inner, int times) : IPointwiseLikelihood
    {
        public int Chains => inner.Chains;

        public int Draws => inner.Draws;

        public int Count => inner.Count;

        public int Multiplicity(int observation) => observation % 2 == 0 ? times : 1;

        public void Write(int observation, Span<double> logLikelihood) => inner.Write(observation, logLikelihood);
    }

    private sealed class Unfolded : IPointwiseLikelihood
    {
        private readonly IPointwiseLikelihood _inner;
        private readonly int[] _source;

        public Unfolded(IPointwiseLikelihood inner, int times)
        {
            _inner = inner;
            _source = [.. Enumerable.Range(0, inner.Count).SelectMany(i => Enumerable.Repeat(i, i % 2 == 0 ? times : 1))];
        }

        public int Chains => _inner.Chains;

        public int Draws => _inner.Draws;

        public int Count => _source.Length;

        public int Multiplicity(int observation) => 1;

        public void Write(int observation, Span<double> logLikelihood) => _inner.Write(_source[observation], logLikelihood);
    }
}
