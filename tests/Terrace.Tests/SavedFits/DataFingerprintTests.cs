using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.SavedFits;

namespace Terrace.Tests.SavedFits;

public class DataFingerprintTests
{
    private static readonly double[] Y = [1, 0, 1, 0, 0], X = [3, 1, 4, 1, 5];

    [Fact]
    public void Covariates_are_no_part_of_it()
    {
        Assert.Equal(Of("y ~ 1", Y, X), Of("y ~ x", Y, X));
        Assert.Equal(Of("y ~ x", Y, X), Of("y ~ x", Y, [2, 7, 1, 8, 2]));
    }

    [Fact]
    public void Values_their_order_and_the_name_are()
    {
        DataFingerprint first = Of("y ~ 1", Y, X);
        Assert.NotEqual(first, Of("y ~ 1", [1, 0, 1, 0, 1e-300], X));
        Assert.NotEqual(first, Of("y ~ 1", [0, 1, 1, 0, 0], X));
        Assert.NotEqual(first, Of("y ~ 1", Y[..4], X[..4]));
        Assert.NotEqual(first, Of("I(1 * y) ~ 1", Y, X));
        Assert.Equal(first.Hash, Of("I(1 * y) ~ 1", Y, X).Hash);
    }

    [Fact]
    public void Weights_and_trials_are_and_ones_are_the_same_as_none()
    {
        DataFingerprint none = Of("y ~ 1", Y, X);
        Assert.Equal(none, Of("y ~ 1", Y, X, new ModelFrameOptions { Weights = Expression.Parse("1 + 0 * x") }));
        DataFingerprint weighted = Of("y ~ 1", Y, X, new ModelFrameOptions { Weights = Expression.Parse("x") });
        DataFingerprint trials = Of("y ~ 1", Y, X, new ModelFrameOptions { Trials = Expression.Parse("x") });
        Assert.Equal(3, new[] { none, weighted, trials }.Distinct().Count());
    }

    [Fact]
    public void Successes_with_failures_differ_from_other_failures()
    {
        Assert.NotEqual(Of("cbind(y, x) ~ 1", Y, X).Hash, Of("cbind(y, x) ~ 1", Y, [3, 1, 4, 1, 6]).Hash);
        Assert.NotEqual(Of("cbind(y, x) ~ 1", Y, X).Hash, Of("y ~ 1", Y, X).Hash);
    }

    [Fact]
    public void Minus_zero_is_zero() => Assert.Equal(Of("y ~ 1", Y, X), Of("y ~ 1", [1, -0.0, 1, 0, -0.0], X));

    [Fact]
    public void Levels_of_a_factor_count_beside_their_codes()
    {
        Assert.NotEqual(OfText(["a", "b", "b"]).Hash, OfText(["a", "c", "c"]).Hash);
        Assert.NotEqual(OfText(["a", "b", "b"]).Hash, OfText(["b", "a", "a"]).Hash);
    }

    [Fact]
    public void More_rows_than_one_batch_holds_all_count()
    {
        double[] long1 = [.. Enumerable.Range(0, 1100).Select(i => (double)i)], long2 = [.. long1];
        Assert.Equal(Of("y ~ 1", long1, long1), Of("y ~ 1", long2, long1));
        foreach (int place in new[] { 0, 511, 512, 1023, 1024, 1099 })
        {
            long2[place] += 0.5;
            Assert.NotEqual(Of("y ~ 1", long1, long1), Of("y ~ 1", long2, long1));
            long2[place] -= 0.5;
        }
    }

    private static DataFingerprint Of(string formula, double[] y, double[] x, ModelFrameOptions? options = null) =>
        Of(formula, new Frame([new NumericColumn("y", y), new NumericColumn("x", x)]), options);

    private static DataFingerprint OfText(string[] y) => Of("y ~ 1", new Frame([new TextColumn("y", y)]), null);

    private static DataFingerprint Of(string formula, Frame data, ModelFrameOptions? options) =>
        DataFingerprint.Of(ModelFrame.Learn(Formula.Parse(formula), data, options).Encode(data));
}
