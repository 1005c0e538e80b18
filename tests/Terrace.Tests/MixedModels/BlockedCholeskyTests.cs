using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

public class BlockedCholeskyTests
{
    /// <summary>The structures of all tests, and two whose coupling is dense and large enough to be eliminated by matrix products.</summary>
    private static readonly (string Group, int Levels, int Width)[][] All =
        [.. RandomMixedDesign.Structures, [("a", 60, 2), ("b", 15, 1), ("c", 4, 2)], [("a", 250, 1), ("b", 9, 1)]];

    public static TheoryData<int> Structures => [.. Enumerable.Range(0, All.Length)];

    [Theory]
    [MemberData(nameof(Structures))]
    public void Dense_couplings_are_recognised(int structure)
    {
        var t = new Problem(structure);
        bool dense = DenseCoupling.IfItPays(t.Cells.Layout, t.Cells.Pattern, t.Cells.FixedColumns) is not null;
        Assert.Equal(structure >= RandomMixedDesign.Structures.Length, dense);
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void Cross_products_multiply_as_the_explicit_matrix(int structure)
    {
        var t = new Problem(structure);
        double[] v = RandomMixedDesign.Normals(t.Rng, t.Cells.Coefficients), product = new double[v.Length];
        t.Product.Multiply(v, product);
        double[] expected = Multiply(Cross(t.A, t.Weights, t.A), v);
        double[] right = Multiply(Cross(t.A, t.Weights, new Matrix(t.Y.Length, 1, t.Y)), [1.0]);
        for (int i = 0; i < v.Length; i++)
        {
            AssertClose(expected[i], product[i], 1e-11, $"product {i}");
            AssertClose(right[i], t.Product.RightSide[i], 1e-11, $"right side {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void Determinants_and_solutions_are_those_of_the_dense_matrix(int structure)
    {
        var t = new Problem(structure);
        var (inverse, log) = Invert(t.Joint);
        AssertClose(log, t.Factor.LogDeterminantRandom + t.Factor.LogDeterminantFixed, 1e-10, "log determinant");
        double[] x = RandomMixedDesign.Normals(t.Rng, t.Cells.Coefficients), expected = Multiply(inverse, x);
        t.Factor.Solve(x);
        for (int i = 0; i < x.Length; i++) AssertClose(expected[i], x[i], 1e-9, $"solution {i}");
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void The_log_determinant_of_the_random_block_is_separate(int structure)
    {
        var t = new Problem(structure);
        int q = t.Cells.Layout.Columns;
        var m = new Matrix(q, q);
        for (int j = 0; j < q; j++) t.Joint.Column(j)[..q].CopyTo(m.Column(j));
        AssertClose(Invert(m).LogDeterminant, t.Factor.LogDeterminantRandom, 1e-10, "log |M|");
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void The_selected_inverse_holds_the_entries_of_the_dense_one(int structure)
    {
        var t = new Problem(structure);
        var layout = t.Cells.Layout;
        var inverse = new SelectedInverse(layout, t.Cells.Pattern, t.Cells.FixedColumns);
        inverse.Compute(t.Factor);
        var dense = Invert(t.Joint).Inverse;
        int k = layout.LeadWidth;
        for (int l = 0; l < layout.LeadLevels; l++)
        {
            for (int e = 0; e < k * k; e++) AssertClose(dense[l * k + e % k, l * k + e / k], inverse.Lead[l * k * k + e], 1e-9, $"lead {l}");
            for (int a = 0; a < t.Product.CouplingColumns(l); a++)
            {
                int column = layout.LeadColumns + t.Product.TailColumn(l, a);
                for (int r = 0; r < k; r++) AssertClose(dense[l * k + r, column], inverse.Coupling[inverse.CouplingStart(l) + a * k + r], 1e-9, $"coupling {l}, {a}");
            }
        }
        for (int i = 0; i < inverse.Tail.Rows; i++) AssertClose(dense[layout.LeadColumns + i, layout.LeadColumns], inverse.Tail[i, 0], 1e-9, $"tail {i}");
    }

    private sealed class Problem
    {
        public Problem(int structure)
        {
            Rng = new Rng(5, (ulong)structure);
            int rows = structure < RandomMixedDesign.Structures.Length ? 40 : 900;
            var design = RandomMixedDesign.Create(Rng, rows, All[structure]);
            Weights = RandomMixedDesign.Positive(Rng, rows);
            Y = RandomMixedDesign.Normals(Rng, rows);
            Cells = RandomMixedDesign.Cells(design, Weights);
            Product = new BlockedCrossProduct(Cells.Layout, Cells.Pattern, Cells.FixedColumns);
            new CrossProductAccumulator(Cells).Accumulate(Weights, Y, Product);
            double[] theta = RandomMixedDesign.Normals(Rng, Cells.Layout.ThetaCount);
            var lambda = new RelativeCovarianceFactor(Cells.Layout);
            lambda.Set(theta);
            Factor = new BlockedCholesky(Cells.Layout, Cells.Pattern, Cells.FixedColumns);
            Assert.True(Factor.TryFactor(Product, lambda));
            Matrix x = FromRows(Cells.X, rows, Cells.FixedColumns), z = RandomMixedDesign.DenseZ(Cells);
            A = Beside(z, x);
            Matrix scaled = Beside(Multiply(z, RandomMixedDesign.DenseLambda(Cells.Layout, theta)), x);
            Joint = Cross(scaled, Weights, scaled);
            for (int i = 0; i < Cells.Layout.Columns; i++) Joint[i, i] += 1;
        }

        public Rng Rng { get; }

        public double[] Weights { get; }

        public double[] Y { get; }

        public MixedModelCells Cells { get; }

        public BlockedCrossProduct Product { get; }

        public BlockedCholesky Factor { get; }

        public Matrix A { get; }

        public Matrix Joint { get; }
    }
}
