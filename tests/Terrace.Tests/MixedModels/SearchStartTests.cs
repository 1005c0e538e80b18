using Terrace.Design;
using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

/// <summary>Where searches begin. The data are simulated from fixed seeds, so the tests give no false alarms.</summary>
public class SearchStartTests
{
    [Fact]
    public void Moments_find_the_variances_of_crossed_data()
    {
        var rng = new Rng(21, 1);
        const int rows = 20_000;
        var design = RandomMixedDesign.Create(rng, rows, [("a", 200, 1), ("b", 100, 1)], 2);
        double[] a = RandomMixedDesign.Normals(rng, 200), b = RandomMixedDesign.Normals(rng, 100), weights = [.. Enumerable.Repeat(1.0, rows)];
        double[] y = [.. Enumerable.Range(0, rows).Select(i => 0.8 * a[design.RandomTerms[0].Codes[i]] * design.RandomTerms[0].Z[i, 0] + 0.4 * b[design.RandomTerms[1].Codes[i]] * design.RandomTerms[1].Z[i, 0] + 2 * rng.NextNormal())];
        var cells = RandomMixedDesign.Cells(design, weights);
        var product = new BlockedCrossProduct(cells.Layout, cells.Pattern, cells.FixedColumns);
        new CrossProductAccumulator(cells).Accumulate(weights, y, product);
        var scaling = new RandomTermScaling(product, rows);
        double[] start = VarianceStart.Of(product, scaling, product.SumOfSquares, rows);
        for (int t = 0; t < 2; t++)
        {
            double expected = (cells.Layout.Terms[t].Group == "a" ? 0.8 : 0.4) / 2 * scaling.Scale(t, 0).Own;
            AssertClose(expected, start[t], 0.2, cells.Layout.Terms[t].Group);
        }
    }

    [Fact]
    public void Scaling_from_cross_products_is_scaling_from_rows()
    {
        var rng = new Rng(22, 1);
        var design = RandomMixedDesign.Create(rng, 60, [("a", 7, 2), ("a", 7, 1), ("b", 5, 3)]);
        double[] weights = RandomMixedDesign.Positive(rng, 60);
        var cells = RandomMixedDesign.Cells(design, weights);
        var product = new BlockedCrossProduct(cells.Layout, cells.Pattern, cells.FixedColumns);
        new CrossProductAccumulator(cells).Accumulate(weights, [], product);
        double[] expected = RandomMixedDesign.Normals(rng, cells.Layout.ThetaCount), actual = [.. expected];
        new RandomTermScaling(cells, weights).ToTheta(expected);
        new RandomTermScaling(product, weights.Sum()).ToTheta(actual);
        for (int k = 0; k < expected.Length; k++) AssertClose(expected[k], actual[k], 1e-10, $"theta {k}");
    }

    [Theory]
    [InlineData("binomial", "logit")]
    [InlineData("poisson", "log")]
    public void Penalised_quasi_likelihood_begins_near_the_optimum(string family, string link)
    {
        var rng = new Rng(23, 1);
        const int rows = 3000;
        var design = RandomMixedDesign.Create(rng, rows, [("a", 30, 1), ("b", 12, 1)], 1);
        foreach (var term in design.RandomTerms) term.Z.Values.AsSpan().Fill(1);
        double[] a = RandomMixedDesign.Normals(rng, 30), b = RandomMixedDesign.Normals(rng, 12);
        double[] y = [.. Enumerable.Range(0, rows).Select(i => Draw(rng, family, 0.3 + 0.7 * a[design.RandomTerms[0].Codes[i]] + 0.4 * b[design.RandomTerms[1].Codes[i]]))];
        var fitted = GeneralizedLinearMixedModel.Fit(RowsOf(design, y), Family.Parse(family, link));
        var observations = Observations.Resolve(RowsOf(design, y), Family.Parse(family, link));
        var cells = RandomMixedDesign.Cells(design, observations.Weight);
        var start = PenalizedQuasiLikelihood.Maximise(cells, observations, new PenalizedIrls(cells, observations, joint: true));
        for (int k = 0; k < start.Point.Length; k++) AssertClose(fitted.Theta[k], start.Point[k], 0.1, $"theta {k}");
        Assert.True(Cholesky.TryFactor(start.Information!.Copy()));
    }

    private static ModelRows RowsOf(DesignMatrices design, double[] y) => new()
    {
        Design = design,
        RowToCell = [.. Enumerable.Range(0, y.Length)],
        SourceRows = [.. Enumerable.Range(0, y.Length)],
        OmittedRows = 0,
        Response = new ResponseValues { Name = "y", Kind = ResponseKind.Numeric, Values = y },
    };

    private static double Draw(Rng rng, string family, double eta)
    {
        if (family == "binomial") return rng.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0;
        double product = rng.NextDouble();
        int count = 0;
        for (double limit = Math.Exp(-Math.Exp(eta)); product > limit; product *= rng.NextDouble()) count++;
        return count;
    }
}
