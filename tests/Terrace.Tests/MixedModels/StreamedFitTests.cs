using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

public class StreamedFitTests
{
    private const int Rows = 1500;

    [Theory]
    [InlineData("y ~ x + (1 | g)", false)]
    [InlineData("y ~ x + k + (1 | g)", true)]
    [InlineData("y ~ x + offset(o) + (1 + x | g) + (1 | h)", true)]
    [InlineData("y ~ x + late + (1 | g) + (0 + x | h) + (1 | k)", false)]
    [InlineData("y ~ x + twice + late + (x || g) + (1 | g:h)", true)]
    public void A_stream_gives_the_fit_of_the_rows_in_memory(string formula, bool reml)
    {
        Frame data = Data(new Rng(5, 1), 0);
        foreach (int[] sizes in (int[][])[[Rows], [400, 1, 99, 1000], [7, 1493]]) Compare(formula, data, reml, null, sizes, 1e-7);
    }

    [Fact]
    public void Weights_and_missing_values_count_as_in_memory()
    {
        Frame data = Data(new Rng(6, 1), 0.1);
        StreamedFit streamed = Compare("y ~ x + (1 | g) + (1 | h)", data, true, Expression.Parse("w"), [500, 1000], 1e-7);
        Assert.Equal(Rows, streamed.Rows + streamed.OmittedRows);
        Assert.InRange(streamed.OmittedRows, 50, 300);
    }

    /// <summary>A response of 10⁶ ± 1 has ten digits before the ones that matter; sums of its squares have 12 digits of which none would be left.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_response_of_a_million_plus_or_minus_one_loses_no_digits(bool streams)
    {
        Frame data = Data(new Rng(7, 1), 0);
        Frame moved = data.With(new NumericColumn("y", [.. ((NumericColumn)data.Get("y")).Values.ToArray().Select(y => y + 1e6)]));
        moved = moved.With(new NumericColumn("x", [.. ((NumericColumn)data.Get("x")).Values.ToArray().Select(x => x + 1e6)]));
        const string formula = "y ~ x + (1 | g) + (1 | h)";
        MixedModelFit near = Fit(formula, data, streams), far = Fit(formula, moved, streams);
        AssertClose(near.Sigma, far.Sigma, 1e-8, "sigma");
        AssertClose(near.LogLikelihood, far.LogLikelihood, 1e-9, "log likelihood");
        AssertClose(near.Beta[1], far.Beta[1], 1e-7, "slope");
        for (int k = 0; k < near.Theta.Length; k++) AssertClose(near.Theta[k], far.Theta[k], 1e-6, $"theta {k}");
        for (int l = 0; l < near.Terms[0].Levels.Count; l++) Assert.Equal(near.Terms[0].Modes[l, 0], far.Terms[0].Modes[l, 0], 1e-7);
    }

    [Fact]
    public void A_streamed_fit_has_no_residuals_and_says_so()
    {
        MixedModelFit fit = Fit("y ~ x + (1 | g)", Data(new Rng(8, 1), 0), streams: true);
        Assert.False(fit.HasRowValues);
        Assert.Contains("stream of rows", Assert.Throws<ModelException>(fit.Residuals).Message, StringComparison.Ordinal);
        Assert.Contains("stream of rows", Assert.Throws<ModelException>(fit.PearsonResiduals).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Scaled residuals", SummaryText.Of(fit, "y ~ x + (1 | g)", "data"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flat ~ x + (1 | g)", "there is no variation left")]
    [InlineData("y ~ x + (1 | one)", "only one level")]
    [InlineData("y ~ x + (1 | each)", "one row in each group")]
    public void What_the_rows_in_memory_are_refused_for_a_stream_is_refused_for(string formula, string message)
    {
        Frame data = Data(new Rng(9, 1), 0);
        Assert.Contains(message, Assert.Throws<ModelException>(() => Fit(formula, data, streams: true)).Message, StringComparison.Ordinal);
        Assert.Contains(message, Assert.Throws<ModelException>(() => Fit(formula, data, streams: false)).Message, StringComparison.Ordinal);
    }

    private static MixedModelFit Fit(string formula, Frame data, bool streams)
    {
        ModelFrame frame = ModelFrame.Learn(Formula.Parse(formula), data);
        return streams ? LinearMixedModel.FitStreamed(frame, new Parts(data, [300, 1200])).Fit : LinearMixedModel.Fit(frame.Encode(data));
    }

    private static StreamedFit Compare(string formula, Frame data, bool reml, Expression? weights, int[] sizes, double tolerance)
    {
        var parts = new Parts(data, sizes);
        ModelFrame frame = ModelFrame.Learn(Formula.Parse(formula), parts, new ModelFrameOptions { Weights = weights });
        var options = new LinearMixedModelOptions { Reml = reml };
        MixedModelFit expected = LinearMixedModel.Fit(frame.Encode(data), options);
        StreamedFit streamed = LinearMixedModel.FitStreamed(frame, parts, options);
        MixedModelFit actual = streamed.Fit;
        Assert.Equal(expected.Rows, actual.Rows);
        Assert.Equal(expected.Estimated, actual.Estimated);
        AssertClose(expected.LogLikelihood, actual.LogLikelihood, 1e-10, "log likelihood");
        AssertClose(expected.Sigma, actual.Sigma, tolerance, "sigma");
        for (int k = 0; k < expected.Theta.Length; k++) Assert.Equal(expected.Theta[k], actual.Theta[k], 10 * tolerance);
        double[] errors = expected.StandardErrors(), actualErrors = actual.StandardErrors();
        foreach (int j in expected.Estimated)
        {
            AssertClose(errors[j], actualErrors[j], 10 * tolerance, $"standard error {j}");
            Assert.Equal(expected.Beta[j], actual.Beta[j], 10 * tolerance * errors[j]);
        }
        for (int t = 0; t < expected.Terms.Count; t++)
        {
            Assert.Equal(expected.Terms[t].Levels, actual.Terms[t].Levels);
            for (int i = 0; i < expected.Terms[t].Modes.Values.Length; i++) Assert.Equal(expected.Terms[t].Modes.Values[i], actual.Terms[t].Modes.Values[i], 100 * tolerance);
            for (int l = 0; l < expected.Terms[t].Levels.Count; l++) Assert.Equal(expected.Terms[t].ConditionalStandardDeviation(l, 0), actual.Terms[t].ConditionalStandardDeviation(l, 0), 100 * tolerance);
        }
        Assert.Equal(expected.Warnings.Select(w => w.Code), actual.Warnings.Select(w => w.Code));
        return streamed;
    }

    /// <summary>Crossed groups, a covariate and twice that covariate, a factor, and a dummy that is 0 in the first rows.</summary>
    private static Frame Data(Rng rng, double missing)
    {
        double[] g = RandomMixedDesign.Normals(rng, 40), h = RandomMixedDesign.Normals(rng, 12), x = new double[Rows], y = new double[Rows], late = new double[Rows], o = new double[Rows];
        int[] gs = new int[Rows], hs = new int[Rows], ks = new int[Rows];
        for (int i = 0; i < Rows; i++)
        {
            (gs[i], hs[i], ks[i]) = (rng.NextInt(40), rng.NextInt(12), rng.NextInt(3));
            x[i] = rng.NextNormal();
            late[i] = i > 600 && rng.NextInt(2) == 0 ? 1 : 0;
            o[i] = rng.NextDouble();
            y[i] = o[i] + 0.5 * x[i] + late[i] + g[gs[i]] * (1 + 0.4 * x[i]) + 0.5 * h[hs[i]] + rng.NextNormal();
            if (rng.NextDouble() < missing) x[i] = double.NaN;
        }
        static string[] Names(string letter, int count) => [.. Enumerable.Range(0, count).Select(l => letter + l)];
        return new Frame([
            new NumericColumn("y", y), new NumericColumn("x", x), new NumericColumn("twice", [.. x.Select(v => 2 * v)]), new NumericColumn("late", late), new NumericColumn("o", o),
            new Factor("g", gs, Names("g", 40)), new Factor("h", hs, Names("h", 12)), new Factor("k", ks, Names("k", 3)), new NumericColumn("w", [.. x.Select((_, i) => i % 11 == 0 ? 0 : 0.5 + rng.NextDouble())]),
            new NumericColumn("flat", [.. x.Select(_ => 3.0)]), new TextColumn("one", [.. x.Select(_ => "a")]), new IntegerColumn("each", [.. x.Select((_, i) => (long)i)])]);
    }

    /// <summary>A frame in blocks of given sizes.</summary>
    private sealed class Parts(Frame data, int[] sizes) : IRowBlocks
    {
        public string Source => data.Source;

        public Frame Header => data.Header;

        public IEnumerable<Frame> Blocks()
        {
            int first = 0;
            foreach (int size in sizes)
            {
                yield return data.Select([.. Enumerable.Range(first, size)]);
                first += size;
            }
        }
    }
}
