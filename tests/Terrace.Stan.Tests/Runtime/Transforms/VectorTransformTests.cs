using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Transforms;

namespace Terrace.Stan.Tests.Runtime.Transforms;

public sealed class VectorTransformTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Ordered_vectors_increase_by_exponentials(int n)
    {
        double[] y = TransformCheck.Numbers(n);
        (double[] x, _) = TransformCheck.Verify((w, b, jacobian) => OrderedTransform.Constrain(w, b[0], jacobian), (v, f) => OrderedTransform.Free(v, f), [.. Enumerable.Range(0, n)], (AdjointCheck.Vector(n), y));
        for (int k = 0; k < n; k++) Assert.Equal(y[0] + y[1..].Take(k).Sum(Math.Exp), x[k], 1e-13);
        (x, _) = TransformCheck.Verify((w, b, jacobian) => PositiveOrderedTransform.Constrain(w, b[0], jacobian), (v, f) => PositiveOrderedTransform.Free(v, f), [.. Enumerable.Range(0, n)], (AdjointCheck.Vector(n), y));
        for (int k = 0; k < n; k++) Assert.Equal(y.Take(k + 1).Sum(Math.Exp), x[k], 1e-13);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void A_simplex_is_the_softmax_of_a_vector_that_sums_to_zero(int size)
    {
        int n = size - 1;
        double[] y = TransformCheck.Numbers(n);
        (double[] x, double logJacobian) = TransformCheck.Verify((w, b, jacobian) => SimplexTransform.Constrain(w, b[0], jacobian), (v, f) => SimplexTransform.Free(v, f), n == 0 ? null : [.. Enumerable.Range(0, n)], (AdjointCheck.Vector(n), y));
        double[] z = SumToZero(y);
        for (int k = 0; k < size; k++) Assert.Equal(Math.Exp(z[k]) / z.Sum(Math.Exp), x[k], 1e-14);
        Assert.Equal(x.Sum(Math.Log) + (0.5 * Math.Log(size)), logJacobian, 1e-13);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void A_vector_that_sums_to_zero_keeps_the_length_of_its_free_values(int size)
    {
        double[] y = TransformCheck.Numbers(size - 1);
        (double[] x, double logJacobian) = TransformCheck.Verify((w, b, jacobian) => SumToZeroVectorTransform.Constrain(w, b[0], jacobian), (v, f) => SumToZeroVectorTransform.Free(v, f), null, (AdjointCheck.Vector(size - 1), y));
        double[] expected = SumToZero(y);
        for (int k = 0; k < size; k++) Assert.Equal(expected[k], x[k], 1e-14);
        Assert.Equal(0, x.Sum(), 1e-13);
        Assert.Equal(y.Sum(v => v * v), x.Sum(v => v * v), 1e-13);
        Assert.Equal(0, logJacobian);
    }

    [Fact]
    public void A_matrix_that_sums_to_zero_both_ways_keeps_the_length_of_its_free_values()
    {
        double[] y = TransformCheck.Numbers(3 * 2);
        (double[] x, _) = TransformCheck.Verify((w, b, jacobian) => SumToZeroMatrixTransform.Constrain(w, b[0], 4, 3, jacobian), (v, f) => SumToZeroMatrixTransform.Free(v, f, 4, 3), null, (AdjointCheck.Vector(6), y));
        double[][] columns = [SumToZero(y[..3]), SumToZero(y[3..])];
        for (int i = 0; i < 4; i++)
        {
            double[] row = SumToZero([columns[0][i], columns[1][i]]);
            for (int j = 0; j < 3; j++) Assert.Equal(row[j], x[(j * 4) + i], 1e-14);
        }
        Assert.Equal(y.Sum(v => v * v), x.Sum(v => v * v), 1e-13);
        for (int j = 0; j < 3; j++) Assert.Equal(0, x[(j * 4)..((j * 4) + 4)].Sum(), 1e-14);
        Assert.Contains("column 1 sums to 1", Assert.Throws<StanFaultException>(() => SumToZeroMatrixTransform.Check([1, 0, 0, -1], "x", 2, 2)).Message);
    }

    [Fact]
    public void Stochastic_matrices_are_simplexes_by_column_or_by_row()
    {
        double[] y = TransformCheck.Numbers(2 * 4);
        (double[] x, _) = TransformCheck.Verify((w, b, jacobian) => ColumnStochasticMatrixTransform.Constrain(w, b[0], 3, 4, jacobian), (v, f) => ColumnStochasticMatrixTransform.Free(v, f, 3, 4), [0, 1, 3, 4, 6, 7, 9, 10], (AdjointCheck.Matrix(2, 4), y));
        double[] z = SumToZero(y[2..4]);
        for (int i = 0; i < 3; i++) Assert.Equal(Math.Exp(z[i]) / z.Sum(Math.Exp), x[3 + i], 1e-14);
        (x, _) = TransformCheck.Verify((w, b, jacobian) => RowStochasticMatrixTransform.Constrain(w, b[0], 4, 3, jacobian), (v, f) => RowStochasticMatrixTransform.Free(v, f, 4, 3), [0, 1, 2, 3, 4, 5, 6, 7], (AdjointCheck.Matrix(4, 2), y));
        z = SumToZero([y[1], y[5]]);
        for (int j = 0; j < 3; j++) Assert.Equal(Math.Exp(z[j]) / z.Sum(Math.Exp), x[1 + (4 * j)], 1e-14);
        Assert.Contains("row 2: the elements sum to 0.5", Assert.Throws<StanFaultException>(() => RowStochasticMatrixTransform.Check([1, 0.25, 0, 0.25], "x", 2, 2)).Message);
    }

    [Fact]
    public void A_unit_vector_is_normalised_with_a_normal_prior_on_its_length()
    {
        double[] y = [0.5, -1, 2];
        (double[] x, double logJacobian) = TransformCheck.Verify((w, b, jacobian) => UnitVectorTransform.Constrain(w, b[0], jacobian), null, null, (AdjointCheck.Vector(3), y));
        for (int k = 0; k < 3; k++) Assert.Equal(y[k] / Math.Sqrt(5.25), x[k], 1e-15);
        Assert.Equal(-5.25 / 2, logJacobian, 1e-14);
        double[] free = new double[3];
        UnitVectorTransform.Free(x, free);
        Assert.Equal(x, free);
        var workspace = new Workspace();
        Assert.Throws<StanFaultException>(() => UnitVectorTransform.Constrain(workspace, workspace.AllocateScalar(0, false), true));
    }

    [Fact]
    public void Vectors_that_violate_their_constraint_are_refused_with_the_element()
    {
        Assert.Contains("element 3 is 2, but must be larger than the one before it, 2", Assert.Throws<ArgumentException>(() => OrderedTransform.Free([1, 2, 2], new double[3])).Message);
        Assert.Contains("element 1 is -1, but must be positive", Assert.Throws<StanFaultException>(() => PositiveOrderedTransform.Check([-1, 2], "c")).Message);
        Assert.Contains("theta: element 2 is -0.5", Assert.Throws<StanFaultException>(() => SimplexTransform.Check([1.5, -0.5], "theta")).Message);
        Assert.Contains("must sum to 1", Assert.Throws<ArgumentException>(() => SimplexTransform.Free([0.5, 0.4], new double[1])).Message);
        Assert.Contains("element 2 is 0", Assert.Throws<ArgumentException>(() => SimplexTransform.Free([1, 0.0], new double[1])).Message);
        Assert.Contains("must sum to 0", Assert.Throws<StanFaultException>(() => SumToZeroVectorTransform.Check([1, 0], "x")).Message);
        Assert.Contains("must sum to 1", Assert.Throws<StanFaultException>(() => UnitVectorTransform.Check([1, 1], "x")).Message);
    }

    /// <summary>The formula of the reference manual, written out.</summary>
    private static double[] SumToZero(double[] y)
    {
        double Weight(int n) => y[n - 1] / Math.Sqrt(n * (n + 1.0));
        int last = y.Length;
        double[] x = new double[last + 1];
        for (int n = 0; n <= last; n++) x[n] = Enumerable.Range(n + 1, last - n).Sum(Weight) - (n > 0 ? n * Weight(n) : 0);
        return x;
    }
}
