using Terrace.Design;
using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

/// <summary>The sparse tail against the dense one on the same data, forced both ways; and what is chosen when.</summary>
public class SparseTailTests
{
    private static readonly (string Group, int Levels, int Width)[][] All =
        [.. RandomMixedDesign.Structures.Where(s => s.Select(t => t.Group).Distinct().Count() > 1), [("a", 60, 2), ("b", 45, 1), ("c", 14, 2), ("b", 45, 2)], [("a", 250, 1), ("b", 200, 1), ("c", 30, 1)]];

    public static TheoryData<int> Structures => [.. Enumerable.Range(0, All.Length)];

    [Theory]
    [MemberData(nameof(Structures))]
    public void Factor_solutions_and_inverse_are_those_of_the_dense_tail(int structure)
    {
        Twin dense = new(structure, Factorisation.Dense), sparse = new(structure, Factorisation.Sparse);
        Assert.Null(dense.Cells.Pattern.Sparse);
        Assert.NotNull(sparse.Cells.Pattern.Sparse);
        AssertClose(dense.Factor.LogDeterminantRandom, sparse.Factor.LogDeterminantRandom, 1e-12, "log |M|");
        AssertClose(dense.Factor.LogDeterminantFixed, sparse.Factor.LogDeterminantFixed, 1e-12, "log |R|²");
        double[] x = RandomMixedDesign.Normals(new Rng(1, 2), dense.Cells.Coefficients), other = [.. x], product = new double[x.Length], otherProduct = new double[x.Length];
        dense.Product.Multiply(x, product);
        sparse.Product.Multiply(x, otherProduct);
        dense.Factor.Solve(x);
        sparse.Factor.Solve(other);
        for (int i = 0; i < x.Length; i++)
        {
            AssertClose(product[i], otherProduct[i], 1e-12, $"product {i}");
            AssertClose(x[i], other[i], 1e-11, $"solution {i}");
        }
        for (int j = 0; j < dense.Cells.FixedColumns; j++) AssertClose(dense.Factor.FixedEntry(2, j), sparse.Factor.FixedEntry(2, j), 1e-12, $"fixed {j}");
        foreach (int p in (int[])[0, dense.Cells.FixedColumns]) CompareInverses(dense, sparse, p);
    }

    private static void CompareInverses(Twin dense, Twin sparse, int fixedColumns)
    {
        var layout = dense.Cells.Layout;
        SelectedInverse expected = new(layout, dense.Cells.Pattern, fixedColumns), actual = new(layout, sparse.Cells.Pattern, fixedColumns);
        expected.Compute(dense.Factor);
        actual.Compute(sparse.Factor);
        for (int i = 0; i < expected.Lead.Length; i++) AssertClose(expected.Lead[i], actual.Lead[i], 1e-10, $"lead {i}");
        for (int i = 0; i < expected.Coupling.Length; i++) AssertClose(expected.Coupling[i], actual.Coupling[i], 1e-10, $"coupling {i}");
        double[] traces = new double[layout.ThetaCount], others = new double[layout.ThetaCount];
        new CovarianceTrace(layout, fixedColumns).Compute(dense.Product, dense.Lambda, expected, traces);
        new CovarianceTrace(layout, fixedColumns).Compute(sparse.Product, sparse.Lambda, actual, others);
        for (int k = 0; k < traces.Length; k++) AssertClose(traces[k], others[k], 1e-10, $"trace {k}");
        double[][] conditional = ConditionalCovariances.Of(layout, dense.Cells.Pattern, dense.Factor, dense.Lambda, 1.5), same = ConditionalCovariances.Of(layout, sparse.Cells.Pattern, sparse.Factor, sparse.Lambda, 1.5);
        for (int t = 0; t < conditional.Length; t++)
        {
            for (int i = 0; i < conditional[t].Length; i++) AssertClose(conditional[t][i], same[t][i], 1e-10, $"conditional {t}, {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void A_linear_fit_is_the_same(int structure)
    {
        var rows = Rows(structure);
        MixedModelFit dense = LinearMixedModel.Fit(rows, new() { Factorisation = Factorisation.Dense }), sparse = LinearMixedModel.Fit(rows, new() { Factorisation = Factorisation.Sparse });
        AssertClose(dense.Deviance, sparse.Deviance, 1e-10, "criterion");
        AssertClose(dense.Sigma, sparse.Sigma, 1e-6, "sigma");
        for (int j = 0; j < dense.Beta.Length; j++) AssertClose(dense.StandardErrors()[j], sparse.StandardErrors()[j], 1e-5, $"standard error {j}");
        ConditionalDistribution expected = dense.Joint.At(dense.Theta, dense.Sigma), actual = sparse.Joint.At(dense.Theta, dense.Sigma);
        for (int i = 0; i < expected.RandomEffects.Length; i++) AssertClose(expected.RandomEffects[i], actual.RandomEffects[i], 1e-9, $"effect {i}");
        var combination = dense.Joint.NewCombination();
        var other = sparse.Joint.NewCombination();
        for (int i = 0; i < combination.Weights.Length; i += 3) combination.Weights[i] = other.Weights[i] = 1 + i % 5;
        AssertClose(expected.Variance(combination), actual.Variance(other), 1e-10, "variance");
    }

    [Theory]
    [InlineData("binomial", "logit", 2, Information.Observed)]
    [InlineData("binomial", "cloglog", 3, Information.Expected)]
    [InlineData("poisson", "log", 4, Information.Observed)]
    [InlineData("gamma", "log", 6, Information.Observed)]
    public void Laplaces_approximation_and_its_gradient_are_the_same(string family, string link, int structure, Information information)
    {
        var (dense, parameters, _, _) = RandomGeneralisedProblem.Create(family, link, structure, information, Factorisation.Dense);
        var (sparse, same, _, _) = RandomGeneralisedProblem.Create(family, link, structure, information, Factorisation.Sparse);
        Assert.Equal(parameters, same);
        double[] gradient = new double[parameters.Length], other = new double[parameters.Length];
        AssertClose(dense.Evaluate(parameters, gradient), sparse.Evaluate(same, other), 1e-10, "value");
        for (int k = 0; k < gradient.Length; k++) AssertClose(gradient[k], other[k], 1e-7, $"gradient {k}");
    }

    /// <summary>Nested factors of 3,000 and 500 tail levels: sparse without being asked, hardly any fill, and the criterion of the dense matrix with its gradient.</summary>
    [Fact]
    public void Nested_factors_are_sparse_without_fill()
    {
        var design = Nested(12_000, 3000, 500, moves: 0.02);
        MixedModelCells automatic = RandomMixedDesign.Cells(design, Ones(12_000)), dense = RandomMixedDesign.Cells(design, Ones(12_000), Factorisation.Dense);
        Assert.NotNull(automatic.Pattern.Sparse);
        Assert.InRange(automatic.Pattern.Sparse.Structure(0).Entries, 3500, 60_000);
        double[] y = RandomMixedDesign.Normals(new Rng(3, 1), 12_000), theta = [0.8, 0.5, 0.3], expected = new double[3], gradient = new double[3];
        AssertClose(Deviance(dense, y).Evaluate(theta, expected), Deviance(automatic, y).Evaluate(theta, gradient), 1e-10, "criterion");
        for (int k = 0; k < 3; k++) AssertClose(expected[k], gradient[k], 1e-10, $"gradient {k}");
    }

    /// <summary>Every level of one factor with every level of another fills the Schur complement.</summary>
    [Fact]
    public void Crossed_factors_are_dense()
    {
        var rng = new Rng(8, 8);
        var design = RandomMixedDesign.Create(rng, 20_000, [("a", 900, 1), ("b", 800, 1)]);
        Assert.Null(RandomMixedDesign.Cells(design, Ones(20_000)).Pattern.Sparse);
    }

    /// <summary>16,000 levels crossed at random with as many: too dear for a factor, so a linear model is solved iteratively; another model takes the dense matrix that just fits.</summary>
    [Fact]
    public void Large_crossed_factors_are_iterative_for_linear_models()
    {
        const int levels = 16_000, rows = 10 * levels;
        var design = RandomMixedDesign.Create(new Rng(8, 9), rows, [("a", levels, 1), ("b", levels, 1)], fixedColumns: 1);
        var basis = FixedEffectsBasis.Of(design.X, Ones(rows));
        Assert.False(new MixedModelCells(design, basis, mayIterate: true).Pattern.Sparse!.IsOrdered);
        Assert.Null(new MixedModelCells(design, basis).Pattern.Sparse);
    }

    [Fact]
    public void A_dense_tail_that_is_too_large_is_refused_with_a_way_out()
    {
        const int rows = 90_000, levels = TailChoice.LargestDense + 1;
        var design = Nested(rows, levels, 10, moves: 0);
        string message = Assert.Throws<ModelException>(() => RandomMixedDesign.Cells(design, Ones(rows), Factorisation.Dense)).Message;
        Assert.Contains("20,011 random effects together, too many for one dense matrix: b (20,001 levels)", message, StringComparison.Ordinal);
        Assert.Contains("--factorisation iterative", message, StringComparison.Ordinal);
        Assert.NotNull(RandomMixedDesign.Cells(design, Ones(rows)).Pattern.Sparse);
    }

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    private static ProfiledDeviance Deviance(MixedModelCells cells, double[] y)
    {
        var product = new BlockedCrossProduct(cells.Layout, cells.Pattern, cells.FixedColumns);
        new CrossProductAccumulator(cells).Accumulate(Ones(y.Length), y, product);
        return new ProfiledDeviance(product, y.Length, 0, 0, cells.Basis.LogDeterminant, true);
    }

    /// <summary>Two rows per level of a; levels of a lie in those of b, those of b in those of c, but for a share of a's rows that moves to another b.</summary>
    private static DesignMatrices Nested(int rows, int middle, int top, double moves)
    {
        var rng = new Rng(17, 1);
        var design = RandomMixedDesign.Create(rng, rows, [("a", rows / 2, 1), ("b", middle, 1), ("c", top, 1)]);
        int[] a = design.RandomTerms[0].Codes, b = design.RandomTerms[1].Codes, c = design.RandomTerms[2].Codes;
        for (int i = 0; i < rows; i++)
        {
            a[i] = i / 2;
            b[i] = rng.NextDouble() < moves ? rng.NextInt(middle) : i / 2 % middle;
            c[i] = b[i] % top;
        }
        return design;
    }

    private static ModelRows Rows(int structure)
    {
        var rng = new Rng(15, (ulong)structure);
        int rows = All[structure].Sum(t => t.Levels * t.Width) + 80;
        var design = RandomMixedDesign.Create(rng, rows, All[structure]);
        double[] y = RandomMixedDesign.Normals(rng, rows);
        foreach (var term in design.RandomTerms)
        {
            double[] effects = RandomMixedDesign.Normals(rng, term.Levels.Count);
            for (int i = 0; i < rows; i++) y[i] += effects[term.Codes[i]] * term.Z[i, 0];
        }
        return new ModelRows
        {
            Design = design,
            RowToCell = [.. Enumerable.Range(0, rows)],
            SourceRows = [.. Enumerable.Range(0, rows)],
            OmittedRows = 0,
            Response = new ResponseValues { Name = "y", Kind = ResponseKind.Numeric, Values = y },
        };
    }

    private sealed class Twin
    {
        public Twin(int structure, Factorisation factorisation)
        {
            var rng = new Rng(5, (ulong)structure);
            int rows = structure < All.Length - 2 ? 40 : 700;
            var design = RandomMixedDesign.Create(rng, rows, All[structure]);
            double[] weights = RandomMixedDesign.Positive(rng, rows), y = RandomMixedDesign.Normals(rng, rows);
            Cells = RandomMixedDesign.Cells(design, weights, factorisation);
            Product = new BlockedCrossProduct(Cells.Layout, Cells.Pattern, Cells.FixedColumns);
            new CrossProductAccumulator(Cells).Accumulate(weights, y, Product);
            Lambda = new RelativeCovarianceFactor(Cells.Layout);
            Lambda.Set(RandomMixedDesign.Normals(rng, Cells.Layout.ThetaCount));
            Factor = new BlockedCholesky(Cells.Layout, Cells.Pattern, Cells.FixedColumns);
            Assert.True(Factor.TryFactor(Product, Lambda));
        }

        public MixedModelCells Cells { get; }

        public BlockedCrossProduct Product { get; }

        public RelativeCovarianceFactor Lambda { get; }

        public BlockedCholesky Factor { get; }
    }
}
