using FsCheck;
using FsCheck.Fluent;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;
using static Terrace.Tests.MixedModels.DenseAlgebra;
using static Terrace.Tests.MixedModels.HandRows;

namespace Terrace.Tests.MixedModels;

/// <summary>What must leave objective, gradient and estimates as they are, or move them in a known way, on random designs.</summary>
public class MixedModelInvarianceTests
{
    private const int Rows = 80;
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(24).WithReplay(4_711, 13);

    /// <summary>The order of the rows and the order and names of the levels change objective and gradient at fixed parameters by rounding only: 1e-10, relative.</summary>
    [Fact]
    public void The_order_of_rows_and_levels_does_not_change_the_criterion_of_a_linear_model() => Check.One(Fixed, Prop.ForAll(Seeds(), seed =>
    {
        var rng = new Rng((ulong)seed, 1);
        ModelRows rows = Gaussian(rng, seed), other = Shuffle(rng, rows);
        double[] theta = [];
        foreach (bool reml in (bool[])[false, true])
        {
            var (first, layout) = Profiled(rows, reml);
            theta = theta.Length > 0 ? theta : RandomMixedDesign.Normals(rng, layout.ThetaCount);
            AgreeAt(theta, first.Evaluate, Profiled(other, reml).Deviance.Evaluate);
        }
    }));

    [Fact]
    public void The_order_of_rows_and_levels_does_not_change_the_criterion_of_a_generalised_model() => Check.One(Fixed, Prop.ForAll(Seeds(), seed =>
    {
        var rng = new Rng((ulong)seed, 2);
        ModelRows rows = Binary(rng, seed), other = Shuffle(rng, rows);
        Observations observed = Observations.Resolve(rows, Family.Binomial()), moved = Observations.Resolve(other, Family.Binomial());
        MixedModelCells cells = RandomMixedDesign.Cells(rows.Design, observed.Weight), movedCells = RandomMixedDesign.Cells(other.Design, moved.Weight);
        double[] point = [.. RandomMixedDesign.Normals(rng, cells.Layout.ThetaCount).Select(x => 0.6 * x), .. RandomMixedDesign.Normals(rng, cells.FixedColumns)];
        LaplaceDeviance laplace = new(cells, observed, Information.Observed), other2 = new(movedCells, moved, Information.Observed);
        AgreeAt(point, laplace.Evaluate, other2.Evaluate);
        if (cells.Layout.TailColumns > 0) return;
        AgreeAt(point, new QuadratureDeviance(cells, observed, laplace, 5).Evaluate, new QuadratureDeviance(movedCells, moved, other2, 5).Evaluate);
    }));

    /// <summary>Estimates agree to 1e-6 of their standard errors, standard deviations to 1e-6 of σ.</summary>
    [Fact]
    public void The_order_of_rows_and_levels_does_not_change_the_estimates() => Check.One(Fixed, Prop.ForAll(Seeds(), seed =>
    {
        var rng = new Rng((ulong)seed, 3);
        ModelRows rows = Gaussian(rng, seed);
        MixedModelFit fit = LinearMixedModel.Fit(rows), other = LinearMixedModel.Fit(Shuffle(rng, rows));
        AssertClose(fit.LogLikelihood, other.LogLikelihood, 1e-9, "log likelihood");
        double[] errors = fit.StandardErrors();
        for (int j = 0; j < fit.Beta.Length; j++) Assert.True(Math.Abs(fit.Beta[j] - other.Beta[j]) <= 1e-6 * errors[j], $"{fit.FixedNames[j]}: {(fit.Beta[j] - other.Beta[j]) / errors[j]} standard errors apart");
        foreach (var (own, moved) in fit.Terms.Zip(other.Terms))
        {
            for (int k = 0; k < own.TermNames.Count; k++) AssertClose(own.StandardDeviation(k) / fit.Sigma, moved.StandardDeviation(k) / fit.Sigma, 1e-6, $"sd of {own.Group}");
        }
    }));

    [Fact]
    public void Nesting_is_an_interaction_beside_its_factor() => Check.One(Fixed.WithMaxTest(8), Prop.ForAll(Seeds(), seed =>
    {
        Frame data = Nested(new Rng((ulong)seed, 4));
        MixedModelFit Fit(string terms) => LinearMixedModel.Fit(ModelFrame.Learn(Formula.Parse("y ~ x + " + terms), data).Encode(data));
        MixedModelFit nested = Fit("(1 | a/b)"), crossed = Fit("(1 | a) + (1 | a:b)"), glmm = Binomial("(1 | a/b)"), other = Binomial("(1 | a) + (1 | a:b)");
        Equal(nested, crossed);
        Equal(glmm, other);
        MixedModelFit Binomial(string terms) => GeneralizedLinearMixedModel.Fit(ModelFrame.Learn(Formula.Parse("z ~ x + " + terms), data).Encode(data), Family.Binomial());
    }));

    [Fact]
    public void Scaling_the_response_scales_everything_with_its_unit() => Check.One(Fixed, Prop.ForAll(Seeds(), seed =>
    {
        const double scale = 1000;
        ModelRows rows = Gaussian(new Rng((ulong)seed, 5), seed), scaled = rows with { Response = rows.Response! with { Values = [.. rows.Response.Values.Select(y => scale * y)] } };
        foreach (bool reml in (bool[])[false, true])
        {
            var options = new LinearMixedModelOptions { Reml = reml };
            MixedModelFit fit = LinearMixedModel.Fit(rows, options), other = LinearMixedModel.Fit(scaled, options);
            AssertClose(fit.LogLikelihood - (Rows - (reml ? fit.Beta.Length : 0)) * Math.Log(scale), other.LogLikelihood, 1e-10, "log likelihood");
            AssertClose(1, other.Sigma / fit.Sigma / scale, 1e-7, "sigma");
            for (int j = 0; j < fit.Beta.Length; j++) AssertClose(0, (other.Beta[j] / scale - fit.Beta[j]) / fit.StandardErrors()[j], 1e-5, fit.FixedNames[j]);
            foreach (var (own, moved) in fit.Terms.Zip(other.Terms))
            {
                for (int k = 0; k < own.TermNames.Count; k++) AssertClose(own.StandardDeviation(k) / fit.Sigma, moved.StandardDeviation(k) / fit.Sigma / scale, 1e-5, $"sd of {own.Group}");
            }
        }
    }));

    [Theory]
    [InlineData("binomial")]
    [InlineData("poisson")]
    public void A_weight_of_two_is_a_row_twice(string family) => Check.One(Fixed, Prop.ForAll(Seeds(), seed =>
    {
        var rng = new Rng((ulong)seed, 6);
        ModelRows rows = family == "binomial" ? Binary(rng, seed) : Binary(rng, seed, 5);
        int[] times = [.. Enumerable.Range(0, Rows).Select(_ => 1 + rng.NextInt(2))], repeated = [.. Enumerable.Range(0, Rows).SelectMany(i => Enumerable.Repeat(i, times[i]))];
        MixedModelFit weighted = GeneralizedLinearMixedModel.Fit(rows with { Weights = [.. times.Select(t => (double)t)] }, Family.Parse(family)), twice = GeneralizedLinearMixedModel.Fit(Permute(rows, repeated), Family.Parse(family));
        AssertClose(twice.LogLikelihood, weighted.LogLikelihood, 1e-9, "log likelihood");
        for (int j = 0; j < twice.Beta.Length; j++) AssertClose(0, (twice.Beta[j] - weighted.Beta[j]) / twice.StandardErrors()[j], 1e-4, twice.FixedNames[j]);
    }));

    private static void AgreeAt(double[] point, Terrace.Numerics.Optimization.Objective first, Terrace.Numerics.Optimization.Objective second)
    {
        double[] gradient = new double[point.Length], other = new double[point.Length];
        AssertClose(first(point, gradient), second(point, other), 1e-10, "criterion");
        double size = Math.Max(1, gradient.Max(Math.Abs));
        for (int k = 0; k < point.Length; k++) AssertClose(gradient[k] / size, other[k] / size, 1e-10, $"gradient {k}");
    }

    private static void Equal(MixedModelFit expected, MixedModelFit actual)
    {
        AssertClose(expected.LogLikelihood, actual.LogLikelihood, 1e-9, "log likelihood");
        for (int j = 0; j < expected.Beta.Length; j++) AssertClose(expected.Beta[j], actual.Beta[j], 1e-5, expected.FixedNames[j]);
        double[] Deviations(MixedModelFit fit) => [.. fit.Terms.Select(t => t.StandardDeviation(0)).Order()];
        foreach (var (own, other) in Deviations(expected).Zip(Deviations(actual))) AssertClose(own, other, 1e-5, "standard deviation");
    }

    private static (ProfiledDeviance Deviance, RandomEffectsLayout Layout) Profiled(ModelRows rows, bool reml)
    {
        double[] weights = [.. Enumerable.Repeat(1.0, rows.Rows)];
        MixedModelCells cells = RandomMixedDesign.Cells(rows.Design, weights);
        var product = new BlockedCrossProduct(cells.Layout, cells.Pattern, cells.FixedColumns);
        new CrossProductAccumulator(cells).Accumulate(weights, rows.Response!.Values, product);
        return (new ProfiledDeviance(product, rows.Rows, 0, 0, cells.Basis.LogDeterminant, reml), cells.Layout);
    }

    private static ModelRows Shuffle(Rng rng, ModelRows rows)
    {
        int[] Order(int count) => [.. Enumerable.Range(0, count).OrderBy(_ => rng.NextUInt64())];
        return Relabel(Permute(rows, Order(rows.Rows)), (_, levels) => Order(levels));
    }

    private static ModelRows Gaussian(Rng rng, int seed)
    {
        DesignMatrices design = RandomMixedDesign.Create(rng, Rows, RandomMixedDesign.Structures[seed % RandomMixedDesign.Structures.Length]);
        double[] effects = RandomMixedDesign.Normals(rng, 100);
        return RowsOf(design, [.. Enumerable.Range(0, Rows).Select(i => design.X[i, 1] + design.RandomTerms.Select((t, k) => effects[10 * k + t.Codes[i]] * t.Z[i, 0]).Sum() + rng.NextNormal())]);
    }

    private static ModelRows Binary(Rng rng, int seed, int values = 2)
    {
        DesignMatrices design = RandomMixedDesign.Create(rng, Rows, RandomMixedDesign.Structures[seed % RandomMixedDesign.Structures.Length], 2);
        return RowsOf(design, [.. Enumerable.Range(0, Rows).Select(_ => (double)rng.NextInt(values))]);
    }

    private static Frame Nested(Rng rng)
    {
        const int count = 150;
        double[] a = [.. Enumerable.Range(0, count).Select(_ => (double)rng.NextInt(6))], b = [.. Enumerable.Range(0, count).Select(_ => (double)rng.NextInt(4))], x = RandomMixedDesign.Normals(rng, count);
        double[] outer = RandomMixedDesign.Normals(rng, 6), inner = RandomMixedDesign.Normals(rng, 24);
        double[] level = [.. Enumerable.Range(0, count).Select(i => 0.4 * x[i] + outer[(int)a[i]] + inner[(int)(4 * a[i] + b[i])])];
        return new Frame([new NumericColumn("y", [.. level.Select(l => l + 0.7 * rng.NextNormal())]), new NumericColumn("z", [.. level.Select(l => l + rng.NextNormal() > 0 ? 1.0 : 0)]), new NumericColumn("x", x), new NumericColumn("a", a), new NumericColumn("b", b)]);
    }

    private static Arbitrary<int> Seeds() => Gen.Choose(1, 1_000_000).ToArbitrary();
}
