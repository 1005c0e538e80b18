using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Tests.Runtime.LinearAlgebra;

public sealed class ElementwiseAndReductionTests
{
    private static readonly double[] X = [0.5, 2, 1.25, 3, 0.75, 1.1, 4, 2.2, 0.3, 1.7, 0.9], Y = [1.5, -0.5, 2, 0.1, -1, 3, 0.6, -2, 1, 0.4, -0.2];

    private static double[] Verify(Func<Workspace, Block[], Block> function, params (Block Shape, double[] Values)[] inputs) => AdjointCheck.Verify(function, 1e-7, inputs);

    private static (Block, double[]) V(double[] x) => (AdjointCheck.Vector(x.Length), x);

    private static (Block, double[]) M(int rows, int cols, double[] x) => (AdjointCheck.Matrix(rows, cols), x);

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-12 * (1 + Math.Abs(expected[i])));
    }

    [Fact]
    public void Arithmetic_is_element_by_element_with_numbers_repeated()
    {
        (Func<Workspace, Block, Block, Block> Function, Func<double, double, double> Formula)[] operators =
            [(Elementwise.Add, (a, b) => a + b), (Elementwise.Subtract, (a, b) => a - b), (Elementwise.Multiply, (a, b) => a * b), (Elementwise.Divide, (a, b) => a / b), (Elementwise.Power, Math.Pow)];
        foreach ((Func<Workspace, Block, Block, Block> function, Func<double, double, double> formula) in operators)
        {
            Near([.. X.Zip(Y, formula)], Verify((w, b) => function(w, b[0], b[1]), V(X), V(Y)));
            Near([.. X.Select(x => formula(x, 1.3))], Verify((w, b) => function(w, b[0], b[1]), V(X), V([1.3])));
            Near([.. Y.Select(y => formula(1.3, y))], Verify((w, b) => function(w, b[0], b[1]), V([1.3]), V(Y)));
            Near([formula(1.3, 2)], Verify((w, b) => function(w, b[0], b[1]), V([1.3]), V([2])));
            Near([.. X.Select(x => formula(x, x))], Verify((w, b) => function(w, b[0], b[0]), V(X)));
        }
        Near([.. X.Select(x => x * x)], Verify((w, b) => Elementwise.Power(w, b[0], w.AllocateScalar(2, false)), V(X)));
        Near([.. X.Select(Math.Sqrt)], Verify((w, b) => Elementwise.Power(w, b[0], w.AllocateScalar(0.5, false)), V(X)));
        Near([.. X.Select(x => -x)], Verify((w, b) => Elementwise.Negate(w, b[0]), V(X)));
        var workspace = new Workspace();
        Assert.Throws<StanFaultException>(() => Elementwise.Add(workspace, workspace.AllocateVector(2, false), workspace.AllocateVector(3, false)));
    }

    [Fact]
    public void Sums_products_extremes_and_moments()
    {
        double mean = X.Average(), variance = X.Sum(x => (x - mean) * (x - mean)) / (X.Length - 1);
        Near([X.Sum()], Verify((w, b) => Reductions.Sum(w, b[0]), V(X)));
        Near([mean], Verify((w, b) => Reductions.Mean(w, b[0]), V(X)));
        Near([X.Aggregate(1.0, (p, x) => p * x)], Verify((w, b) => Reductions.Prod(w, b[0]), V(X)));
        Near([0], Verify((w, b) => Reductions.Prod(w, b[0]), V([2, 0, 3])));
        Near([0], Verify((w, b) => Reductions.Prod(w, b[0]), V([2, 0, 0])));
        Near([0.3], Verify((w, b) => Reductions.Min(w, b[0]), V(X)));
        Near([4], Verify((w, b) => Reductions.Max(w, b[0]), V(X)));
        Near([variance], Verify((w, b) => Reductions.Variance(w, b[0]), V(X)));
        Near([Math.Sqrt(variance)], Verify((w, b) => Reductions.Sd(w, b[0]), V(X)));
        Near([0], Verify((w, b) => Reductions.Variance(w, b[0]), V([3])));
    }

    [Fact]
    public void Inner_products_norms_and_distances()
    {
        Near([X.Zip(Y, (x, y) => x * y).Sum()], Verify((w, b) => DotProducts.Dot(w, b[0], b[1]), V(X), V(Y)));
        Near([X.Sum(x => x * x)], Verify((w, b) => DotProducts.DotSelf(w, b[0]), V(X)));
        double[] a = X[..6], c = Y[..6];
        Near([.. Enumerable.Range(0, 3).Select(j => (a[2 * j] * c[2 * j]) + (a[(2 * j) + 1] * c[(2 * j) + 1]))], Verify((w, b) => DotProducts.ColumnsDot(w, b[0], b[1]), M(2, 3, a), M(2, 3, c)));
        Near([.. Enumerable.Range(0, 2).Select(i => Enumerable.Range(0, 3).Sum(j => a[(2 * j) + i] * c[(2 * j) + i]))], Verify((w, b) => DotProducts.RowsDot(w, b[0], b[1]), M(2, 3, a), M(2, 3, c)));
        Near([.. Enumerable.Range(0, 3).Select(j => (a[2 * j] * a[2 * j]) + (a[(2 * j) + 1] * a[(2 * j) + 1]))], Verify((w, b) => DotProducts.ColumnsDotSelf(w, b[0]), M(2, 3, a)));
        Near([.. Enumerable.Range(0, 2).Select(i => Enumerable.Range(0, 3).Sum(j => a[(2 * j) + i] * a[(2 * j) + i]))], Verify((w, b) => DotProducts.RowsDotSelf(w, b[0]), M(2, 3, a)));
        Near([Y.Sum(Math.Abs)], Verify((w, b) => Norms.Norm1(w, b[0]), V(Y)));
        Near([Math.Sqrt(Y.Sum(y => y * y))], Verify((w, b) => Norms.Norm2(w, b[0]), V(Y)));
        double square = X.Zip(Y, (x, y) => (x - y) * (x - y)).Sum();
        Near([square], Verify((w, b) => Norms.SquaredDistance(w, b[0], b[1]), V(X), V(Y)));
        Near([Math.Sqrt(square)], Verify((w, b) => Norms.Distance(w, b[0], b[1]), V(X), V(Y)));
    }

    [Fact]
    public void Softmax_its_logarithm_and_the_log_sum_of_exponentials()
    {
        double sum = Y.Sum(Math.Exp);
        Near([Math.Log(sum)], Verify((w, b) => Softmax.LogSumExp(w, b[0]), V(Y)));
        Near([.. Y.Select(y => Math.Exp(y) / sum)], Verify((w, b) => Softmax.Of(w, b[0]), V(Y)));
        Near([.. Y.Select(y => y - Math.Log(sum))], Verify((w, b) => Softmax.LogOf(w, b[0]), V(Y)));
        (Block, double[]) array = (new Block(0, 2, 3, 1, true), Y[..6]);
        double first = Y[..3].Sum(Math.Exp), second = Y[3..6].Sum(Math.Exp);
        Near([.. Y[..6].Select((y, i) => Math.Exp(y) / (i < 3 ? first : second))], Verify((w, b) => Softmax.Of(w, b[0]), array));
        Near([.. Y[..6].Select((y, i) => y - Math.Log(i < 3 ? first : second))], Verify((w, b) => Softmax.LogOf(w, b[0]), array));
        var workspace = new Workspace();
        Block far = workspace.AllocateVector(2, false);
        ((double[])[1000, 1000]).CopyTo(workspace.Values(far));
        Assert.Equal(1000 + Math.Log(2), workspace.V[Softmax.LogSumExp(workspace, far).Offset], 1e-12);
        ((double[])[double.NegativeInfinity, double.NegativeInfinity]).CopyTo(workspace.Values(far));
        Assert.Equal(double.NegativeInfinity, workspace.V[Softmax.LogSumExp(workspace, far).Offset]);
    }

    private static Block Picked(Workspace w, Block x, IntBlock places) => new(Selections.Gather(w, x.Offset, x.Count, 1, places, x.Active), 1, places.Count, 1, x.Active);

    [Fact]
    public void Sorting_ranks_running_sums_and_gathering()
    {
        Near([.. Y.Order()], Verify((w, b) => Ordering.SortAscending(w, b[0]), V(Y)));
        Near([.. Y.OrderDescending()], Verify((w, b) => Ordering.SortDescending(w, b[0]), V(Y)));
        Near([.. Y.Select((_, i) => Y[..(i + 1)].Sum())], Verify((w, b) => Ordering.CumulativeSum(w, b[0]), V(Y)));
        int[] index = [3, 1, 3, 11];
        Near([Y[2], Y[0], Y[2], Y[10]], Verify(
            (w, b) =>
            {
                IntBlock places = w.AllocateInts(4);
                index.CopyTo(w.Ints(places));
                return Picked(w, b[0], places);
            },
            V(Y)));
        var workspace = new Workspace();
        Block x = workspace.AllocateVector(4, false);
        ((double[])[2, 1, 2, 0]).CopyTo(workspace.Values(x));
        Assert.Equal([4, 2, 1, 3], workspace.Ints(Ordering.OrderAscending(workspace, x)).ToArray());
        Assert.Equal([1, 3, 2, 4], workspace.Ints(Ordering.OrderDescending(workspace, x)).ToArray());
        Assert.Equal(2, Ordering.Rank(workspace, x, 3));
        IntBlock wrong = workspace.AllocateInts(1);
        workspace.Ints(wrong)[0] = 5;
        Assert.Throws<StanFaultException>(() => Picked(workspace, x, wrong));
    }
}

public sealed class ShapeTests
{
    private static readonly double[] X = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    /// <summary>The values and the shape of a result on a 3 × 4 matrix (or what is given), with its adjoints checked.</summary>
    private static void Check(double[] expected, int outer, int rows, int cols, Func<Workspace, Block, Block> function, Block? shape = null)
    {
        Block result = default;
        Block input = shape ?? AdjointCheck.Matrix(3, 4);
        Assert.Equal(expected, AdjointCheck.Verify((w, b) => result = function(w, b[0]), 1e-8, (input, X[..input.Count])));
        Assert.Equal((outer, rows, cols), (result.Outer, result.Rows, result.Cols));
    }

    [Fact]
    public void Transposes_and_conversions_keep_the_order_of_elements()
    {
        Check([1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12], 1, 4, 3, Reshaping.Transpose);
        Check([1, 2, 3], 1, 1, 3, Reshaping.Transpose, AdjointCheck.Vector(3));
        Check(X, 1, 12, 1, Reshaping.ToVector);
        Check(X, 1, 1, 12, Reshaping.ToRowVector);
        Check(X, 12, 1, 1, Reshaping.ToArray1);
        Check([1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12], 3, 1, 4, Reshaping.ToArray2);
        Check(X, 1, 3, 4, Reshaping.ToMatrix);
        Check(X, 1, 6, 2, (w, x) => Reshaping.ToMatrixBySize(w, x, 6, 2));
        Check([1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12], 1, 4, 3, (w, x) => Reshaping.ToMatrixByOrder(w, x, 4, 3, 0));
        Check([1, 4, 2, 5, 3, 6], 1, 2, 3, Reshaping.ToMatrixFromRows, new Block(0, 2, 1, 3, true));
    }

    [Fact]
    public void Parts_are_counted_from_one()
    {
        Check([1, 2], 1, 2, 1, (w, x) => Parts.Head(w, x, 2), AdjointCheck.Vector(5));
        Check([4, 5], 1, 1, 2, (w, x) => Parts.RowTail(w, x, 2), AdjointCheck.Matrix(1, 5));
        Check([1], 1, 1, 1, (w, x) => Parts.RowHead(w, x, 1), AdjointCheck.Matrix(1, 5));
        Check([2, 3, 4], 1, 3, 1, (w, x) => Parts.Segment(w, x, 2, 3), AdjointCheck.Vector(5));
        Check([2, 3], 1, 1, 2, (w, x) => Parts.RowSegment(w, x, 2, 2), AdjointCheck.Matrix(1, 5));
        Check([2, 5, 8, 11], 1, 1, 4, (w, x) => Parts.Row(w, x, 2));
        Check([7, 8, 9], 1, 3, 1, (w, x) => Parts.Column(w, x, 3));
        Check([5, 6, 8, 9, 11, 12], 1, 2, 3, (w, x) => Parts.BlockOf(w, x, 2, 2, 2, 3));
        Check([8, 9], 1, 2, 1, (w, x) => Parts.SubColumn(w, x, 2, 3, 2));
        Check([5, 8], 1, 1, 2, (w, x) => Parts.SubRow(w, x, 2, 2, 2));
        Check([1, 5, 9], 1, 3, 1, Parts.Diagonal);
        Check([5, 4, 3, 2, 1], 1, 5, 1, Parts.Reverse, AdjointCheck.Vector(5));
        var workspace = new Workspace();
        Block x = workspace.Allocate(1, 3, 4, false);
        Assert.Throws<StanFaultException>(() => Parts.Row(workspace, x, 4));
        Assert.Throws<StanFaultException>(() => Parts.BlockOf(workspace, x, 1, 3, 1, 3));
        Assert.Throws<StanFaultException>(() => Parts.Head(workspace, x, 13));
    }

    [Fact]
    public void Repetition_and_concatenation()
    {
        Check([1, 1, 1], 1, 3, 1, (w, x) => Construction.RepVector(w, x, 3), AdjointCheck.Scalar);
        Check([1, 1, 1], 1, 1, 3, (w, x) => Construction.RepRowVector(w, x, 3), AdjointCheck.Scalar);
        Check([1, 1, 1, 1, 1, 1], 1, 2, 3, (w, x) => Construction.RepMatrix(w, x, 2, 3), AdjointCheck.Scalar);
        Check([1, 2, 3, 1, 2, 3], 1, 3, 2, (w, x) => Construction.RepColumns(w, x, 2), AdjointCheck.Vector(3));
        Check([1, 1, 2, 2, 3, 3], 1, 2, 3, (w, x) => Construction.RepRows(w, x, 2), AdjointCheck.Matrix(1, 3));
        Check([1, 2, 3, 1, 2, 3], 2, 3, 1, (w, x) => Construction.RepArray(w, x, 2), AdjointCheck.Vector(3));
        Check([1, 2, 1, 3, 4, 3], 1, 3, 2, (w, x) => Construction.AppendRow(w, x, Parts.Row(w, x, 1)), AdjointCheck.Matrix(2, 2));
        Check([1, 2, 3, 3], 1, 4, 1, (w, x) => Construction.AppendRow(w, x, Parts.Tail(w, x, 1)), AdjointCheck.Vector(3));
        Check([1, 2, 3, 4, 3, 4], 1, 2, 3, (w, x) => Construction.AppendColumn(w, x, Parts.Column(w, x, 2)), AdjointCheck.Matrix(2, 2));
        Check([1, 0, 0, 0, 2, 0, 0, 0, 3], 1, 3, 3, Construction.DiagonalMatrix, AdjointCheck.Vector(3));
    }

    [Fact]
    public void Containers_of_constants()
    {
        var w = new Workspace();
        Assert.Equal([1, 0, 0, 1], w.Values(Construction.Identity(w, 2)).ToArray());
        Assert.Equal([0, 0], w.Values(Construction.ZerosVector(w, 2)).ToArray());
        Assert.Equal([1, 1], w.Values(Construction.OnesArray(w, 2)).ToArray());
        Assert.Equal([0.25, 0.25, 0.25, 0.25], w.Values(Construction.UniformSimplex(w, 4)).ToArray());
        Assert.Equal([0, 1, 0], w.Values(Construction.OneHotRowVector(w, 3, 2)).ToArray());
        Assert.Equal([-1, 0, 1, 2], w.Values(Construction.LinspacedVector(w, 4, -1, 2)).ToArray());
        Assert.Equal([2], w.Values(Construction.LinspacedArray(w, 1, -1, 2)).ToArray());
        Assert.Throws<StanFaultException>(() => Construction.OnesVector(w, -1));
    }
}
