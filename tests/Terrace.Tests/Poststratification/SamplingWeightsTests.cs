using Terrace.Design;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Poststratification;

namespace Terrace.Tests.Poststratification;

public class SamplingWeightsTests
{
    [Theory]
    [InlineData("weight", new[] { 1.0, 2, 1 })]
    [InlineData("PW", new[] { 1.0, 2, 1 })]
    [InlineData("w1", new[] { 0.7, 1.2, 1.1 })]
    [InlineData("w1", new[] { 1403.0, 778, 900, 1200, 333, 444, 555, 666, 777, 888, 999, 1000 })]
    public void Refuses_what_looks_like_a_sampling_weight(string name, double[] weights)
    {
        var fault = Assert.Throws<ModelException>(() => SamplingWeights.Refuse(name, Rows(weights, i => i % 2)));
        Assert.Contains("weights-ambiguous", fault.Message, StringComparison.Ordinal);
        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("n", new[] { 1.0, 1, 2 })]
    [InlineData("copies", new[] { 1.0, 3, 2 })]
    public void Accepts_small_counts(string name, double[] weights) => SamplingWeights.Refuse(name, Rows(weights, i => i % 2));

    [Fact]
    public void Accepts_trials_of_proportions()
    {
        double[] trials = [.. Enumerable.Range(20, 15).Select(n => (double)n)];
        SamplingWeights.Refuse("weight", Rows(trials, i => 3 / trials[i]));
    }

    private static ModelRows Rows(double[] weights, Func<int, double> y)
    {
        int n = weights.Length;
        return new ModelRows
        {
            Design = new DesignMatrices { X = new Matrix(n, 0), ColumnNames = [], Assign = [], RandomTerms = [], Offset = new double[n] },
            RowToCell = [.. Enumerable.Range(0, n)],
            SourceRows = [.. Enumerable.Range(0, n)],
            OmittedRows = 0,
            Response = new ResponseValues { Name = "y", Kind = ResponseKind.Numeric, Values = [.. Enumerable.Range(0, n).Select(y)] },
            Weights = weights,
        };
    }
}
