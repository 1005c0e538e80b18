using FsCheck;
using FsCheck.Fluent;
using Terrace.Design;
using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using static Terrace.Tests.MixedModels.DenseAlgebra;
using static Terrace.Tests.MixedModels.HandRows;

namespace Terrace.Tests.MixedModels;

/// <summary>What must not change a fit, on random designs; and what must be refused.</summary>
public class MixedModelPropertyTests
{
    private const int Rows = 80;
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(25).WithReplay(20_261, 77);

    [Fact]
    public void Permuting_the_rows_does_not_change_a_fit() => Check.One(Fixed, Prop.ForAll(Seeds(), seed =>
    {
        var rng = new Rng((ulong)seed, 1);
        var rows = Gaussian(rng, seed);
        int[] order = [.. Enumerable.Range(0, Rows).OrderBy(_ => rng.NextUInt64())];
        Same(LinearMixedModel.Fit(rows), LinearMixedModel.Fit(Permute(rows, order)));
    }));

    [Fact]
    public void Shifting_the_response_moves_only_the_intercept() => Check.One(Fixed, Prop.ForAll(Seeds(), seed =>
    {
        var rows = Gaussian(new Rng((ulong)seed, 2), seed);
        var shifted = rows with { Response = rows.Response! with { Values = [.. rows.Response.Values.Select(y => y + 1e6)] } };
        MixedModelFit fit = LinearMixedModel.Fit(rows), moved = LinearMixedModel.Fit(shifted);
        AssertClose(fit.LogLikelihood, moved.LogLikelihood, 1e-8, "log likelihood");
        AssertClose(fit.Beta[0] + 1e6, moved.Beta[0], 1e-11, "intercept");
        AssertClose(fit.Beta[1], moved.Beta[1], 1e-5, "slope");
        AssertClose(fit.Sigma, moved.Sigma, 1e-5, "sigma");
    }));

    [Fact]
    public void Collapsing_equal_rows_to_cells_does_not_change_a_linear_fit() => Check.One(Fixed, Prop.ForAll(Seeds(), seed =>
    {
        var (cells, rows) = Collapsed(new Rng((ulong)seed, 3), rng => rng.NextNormal());
        Same(LinearMixedModel.Fit(rows), LinearMixedModel.Fit(cells));
    }));

    [Fact]
    public void Collapsing_equal_rows_to_cells_does_not_change_a_generalised_fit() => Check.One(Fixed, Prop.ForAll(Seeds(), seed =>
    {
        var (cells, rows) = Collapsed(new Rng((ulong)seed, 4), rng => rng.NextInt(2));
        Same(GeneralizedLinearMixedModel.Fit(rows, Family.Binomial()), GeneralizedLinearMixedModel.Fit(cells, Family.Binomial()));
    }));

    [Fact]
    public void A_correlation_of_one_is_reached_and_named()
    {
        var rng = new Rng(3, 3);
        var design = RandomMixedDesign.Create(rng, 200, [("g", 20, 2)], 2);
        var term = design.RandomTerms[0];
        double[] effect = RandomMixedDesign.Normals(rng, 20);
        double[] y = [.. Enumerable.Range(0, 200).Select(i => 2 * effect[term.Codes[i]] * (1 + 0.7 * term.Z[i, 1]) + 0.3 * rng.NextNormal())];
        var fit = LinearMixedModel.Fit(RowsOf(design, y));
        Assert.True(fit.Singular);
        Assert.Equal(["the correlation of z0 and z1 by g is 1"], fit.SingularComponents);
    }

    [Fact]
    public void An_aliased_column_is_left_out_and_named()
    {
        var rng = new Rng(4, 4);
        var design = RandomMixedDesign.Create(rng, Rows, [("g", 9, 1)]);
        for (int i = 0; i < Rows; i++) design.X[i, 2] = 3 * design.X[i, 1] - 2;
        var fit = LinearMixedModel.Fit(RowsOf(design, RandomMixedDesign.Normals(rng, Rows)));
        Assert.True(double.IsNaN(fit.Beta[2]));
        Assert.Equal([0, 1], fit.Estimated);
        Assert.Contains(fit.Warnings, w => w.Code == "aliased" && w.Message.StartsWith("x2 is", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_data_cannot_carry_is_refused_by_name()
    {
        var rng = new Rng(5, 5);
        var one = RandomMixedDesign.Create(rng, 30, [("g", 1, 1)]);
        Assert.Contains("'g' has only one level", Refusal(() => LinearMixedModel.Fit(RowsOf(one, RandomMixedDesign.Normals(rng, 30)))), StringComparison.Ordinal);
        var each = RandomMixedDesign.Create(rng, 30, [("g", 30, 1)]);
        Assert.Contains("30 levels for 30 rows", Refusal(() => LinearMixedModel.Fit(RowsOf(each, RandomMixedDesign.Normals(rng, 30)))), StringComparison.Ordinal);
        var slope = RandomMixedDesign.Create(rng, 30, [("g", 15, 2)]);
        Assert.Contains("30 random effects for 30 rows", Refusal(() => LinearMixedModel.Fit(RowsOf(slope, RandomMixedDesign.Normals(rng, 30)))), StringComparison.Ordinal);
        var fine = RandomMixedDesign.Create(rng, 30, [("g", 5, 1)]);
        Assert.Contains("constant", Refusal(() => LinearMixedModel.Fit(RowsOf(fine, [.. Enumerable.Repeat(2.5, 30)]))), StringComparison.Ordinal);
        Assert.Contains("no likelihood", Refusal(() => GeneralizedLinearMixedModel.Fit(RowsOf(fine, [.. Enumerable.Repeat(1.0, 30)]), Family.Quasipoisson())), StringComparison.Ordinal);
        Assert.Contains("random-effects term", Refusal(() => LinearMixedModel.Fit(RowsOf(fine with { RandomTerms = [] }, RandomMixedDesign.Normals(rng, 30)))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("age,edu,age:edu,state,region", "4,4,16,49,5", "state,age:edu,region,edu,age")]
    [InlineData("s,d,dept", "2972,1128,14", "s,d,dept")]
    [InlineData("a,b", "4,4", "a,b")]
    public void Terms_are_ordered_as_lme4_orders_them(string groups, string levels, string expected)
    {
        int[] counts = [.. levels.Split(',').Select(int.Parse)];
        var layout = new RandomEffectsLayout([.. groups.Split(',').Select((g, i) => new RandomTermDesign
        {
            Group = g,
            Levels = [.. Enumerable.Range(0, counts[i]).Select(l => $"{l}")],
            Codes = [],
            TermNames = ["(Intercept)"],
            Z = new Matrix(0, 1),
        })]);
        Assert.Equal(expected.Split(','), layout.Terms.Select(t => t.Group));
    }

    private static string Refusal(Action fit) => Assert.Throws<ModelException>(fit).Message;

    private static Arbitrary<int> Seeds() => Gen.Choose(1, 1_000_000).ToArbitrary();

    private static void Same(MixedModelFit expected, MixedModelFit actual)
    {
        AssertClose(expected.LogLikelihood, actual.LogLikelihood, 1e-8, "log likelihood");
        double[] errors = expected.StandardErrors(), actualErrors = actual.StandardErrors();
        for (int j = 0; j < expected.Beta.Length; j++)
        {
            AssertClose(0, (expected.Beta[j] - actual.Beta[j]) / errors[j], 1e-3, "coefficient");
            AssertClose(1, actualErrors[j] / errors[j], 1e-3, "standard error");
        }
    }

    private static ModelRows Gaussian(Rng rng, int seed)
    {
        var structure = RandomMixedDesign.Structures[seed % RandomMixedDesign.Structures.Length];
        var design = RandomMixedDesign.Create(rng, Rows, structure);
        var term = design.RandomTerms[0];
        double[] effects = RandomMixedDesign.Normals(rng, term.Levels.Count);
        return RowsOf(design, [.. Enumerable.Range(0, Rows).Select(i => design.X[i, 1] + effects[term.Codes[i]] * term.Z[i, 0] + rng.NextNormal())]);
    }

    /// <summary>The same data as cells and as rows.</summary>
    private static (ModelRows Cells, ModelRows Rows) Collapsed(Rng rng, Func<Rng, double> response)
    {
        var design = RandomMixedDesign.Create(rng, 40, [("a", 7, 1), ("b", 4, 1)], 2);
        int[] cell = [.. Enumerable.Range(0, 200).Select(i => i < 40 ? i : rng.NextInt(40))];
        double[] y = [.. cell.Select(_ => response(rng))];
        var whole = RowsOf(Pick(design, cell), y);
        return (whole with { Design = design, RowToCell = cell }, whole);
    }
}
