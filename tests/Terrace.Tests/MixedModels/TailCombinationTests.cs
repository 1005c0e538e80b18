using Terrace.Design;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

public class TailCombinationTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    public void Sums_over_patterns_are_sums_over_cells(int leadWidth, bool repeats)
    {
        var rng = new Rng(31, (ulong)leadWidth);
        const int rows = 200;
        DesignMatrices design = RandomMixedDesign.Create(rng, rows, [("a", 20, leadWidth), ("b", 3, 2), ("c", 4, 1)]);
        if (repeats)
        {
            foreach (var term in design.RandomTerms.Skip(1))
            {
                for (int i = 0; i < term.Z.Values.Length; i++) term.Z.Values[i] = term.Z.Values[i] > 0 ? 1 : -0.5;
            }
        }
        double[] weights = RandomMixedDesign.Positive(rng, rows);
        var cells = RandomMixedDesign.Cells(design, weights);
        Assert.Equal(repeats, cells.Tail.Count < rows);
        var all = Beside(RandomMixedDesign.DenseZ(cells), FromRows(cells.X, rows, cells.FixedColumns));
        double[] b = RandomMixedDesign.Normals(rng, cells.Coefficients), s = RandomMixedDesign.Normals(rng, rows), eta = new double[rows], products = new double[cells.Coefficients];
        cells.AddProduct(b, eta);
        cells.TransposedProduct(s, products);
        Same(Multiply(all, b), eta);
        Same(Multiply(Transpose(all), s), products);
        Accumulated(cells, all, weights, b);
    }

    private static void Accumulated(MixedModelCells cells, Matrix all, double[] weights, double[] b)
    {
        foreach (int fixedColumns in (int[])[0, cells.FixedColumns])
        {
            int columns = cells.Layout.Columns + fixedColumns;
            var product = new BlockedCrossProduct(cells.Layout, cells.Pattern, fixedColumns);
            new CrossProductAccumulator(cells).Accumulate(weights, [], product);
            var dense = Cross(new Matrix(all.Rows, columns, all.Values[..(all.Rows * columns)]), weights, new Matrix(all.Rows, columns, all.Values[..(all.Rows * columns)]));
            var actual = new double[columns];
            product.Multiply(b.AsSpan(0, columns), actual);
            Same(Multiply(dense, b[..columns]), actual);
        }
    }

    private static void Same(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-10 * (1 + Math.Abs(expected[i])));
    }
}
