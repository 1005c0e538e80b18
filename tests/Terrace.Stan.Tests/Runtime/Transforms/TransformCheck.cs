using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Runtime;

namespace Terrace.Stan.Tests.Runtime.Transforms;

/// <summary>
/// Checks a constraining transform: adjoints of the values against differences, the log Jacobian against the determinant of the matrix of differences, its gradient (added at once) against differences, and the way back.
/// </summary>
internal static class TransformCheck
{
    /// <summary>A transform of the free values (first block) with bounds (the rest).</summary>
    public delegate Block Constraint(Workspace w, Block[] inputs, bool jacobian);

    /// <summary>Checks all and returns the constrained values and the log Jacobian.</summary>
    /// <param name="constrain">The transform.</param>
    /// <param name="free">The way back: from constrained values to as many free ones.</param>
    /// <param name="coordinates">The places of the constrained values that parametrise the set; null when the log Jacobian is not one of a map between spaces of equal dimension.</param>
    /// <param name="inputs">The free values, then the bounds.</param>
    public static (double[] Values, double LogJacobian) Verify(Constraint constrain, Action<double[], double[]>? free, int[]? coordinates, params (Block Shape, double[] Values)[] inputs)
    {
        // Infinite bounds cannot be moved: their places hold 0 in the difference check and infinity when the transform looks.
        (Block Shape, double[] Values)[] finite = [.. inputs.Select(input => (input.Shape, input.Values.Select(value => double.IsInfinity(value) ? 0 : value).ToArray()))];
        AdjointCheck.Verify(
            (w, x) =>
            {
                for (int k = 0; k < x.Length; k++)
                    for (int i = 0; i < x[k].Count; i++) if (double.IsInfinity(inputs[k].Values[i])) w.V[x[k].Offset + i] = inputs[k].Values[i];
                return constrain(w, x, false);
            },
            2e-8,
            finite);
        (double[] values, double target, double[][] gradient) = Evaluate(constrain, inputs, true);
        Assert.Equal(0, Evaluate(constrain, inputs, false).Target);
        for (int k = 0; k < inputs.Length; k++)
        {
            for (int i = 0; i < inputs[k].Values.Length; i++)
            {
                if (double.IsInfinity(inputs[k].Values[i])) continue;
                double difference = Derivative(step => Evaluate(constrain, Moved(inputs, k, i, step), true).Target);
                Assert.True(Math.Abs(difference - gradient[k][i]) < 1e-7 * (1 + Math.Abs(difference)), $"log Jacobian, input {k}, element {i}: {gradient[k][i]:R}, differences {difference:R}");
            }
        }
        if (coordinates is not null) Assert.Equal(LogDeterminant(constrain, inputs, coordinates), target, 1e-7);
        if (free is not null)
        {
            double[] back = new double[inputs[0].Values.Length];
            free(values, back);
            for (int i = 0; i < back.Length; i++) Assert.Equal(inputs[0].Values[i], back[i], 1e-9);
        }
        return (values, target);
    }

    private static double LogDeterminant(Constraint constrain, (Block Shape, double[] Values)[] inputs, int[] coordinates)
    {
        int n = coordinates.Length;
        Assert.Equal(inputs[0].Values.Length, n);
        double[,] jacobian = new double[n, n];
        for (int j = 0; j < n; j++)
            for (int i = 0; i < n; i++) jacobian[i, j] = Derivative(step => Evaluate(constrain, Moved(inputs, 0, j, step), true).Values[coordinates[i]]);
        return Math.Log(Math.Abs(MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(jacobian).Determinant()));
    }

    /// <summary>The derivative at 0 by differences of fourth order.</summary>
    private static double Derivative(Func<double, double> f)
    {
        const double H = 1e-3;
        return ((8 * (f(H) - f(-H))) - (f(2 * H) - f(-2 * H))) / (12 * H);
    }

    private static (Block Shape, double[] Values)[] Moved((Block Shape, double[] Values)[] inputs, int k, int i, double step)
    {
        (Block Shape, double[] Values)[] moved = [.. inputs.Select(input => (input.Shape, (double[])input.Values.Clone()))];
        moved[k].Values[i] += step;
        return moved;
    }

    /// <summary>Values, target, and what the transform added to the adjoints of its inputs.</summary>
    public static (double[] Values, double Target, double[][] Gradient) Evaluate(Constraint constrain, (Block Shape, double[] Values)[] inputs, bool jacobian)
    {
        var w = new Workspace { Differentiating = true, Rng = new Rng(1, 1) };
        Block[] blocks = [.. inputs.Select(input =>
        {
            Block block = w.Allocate(input.Shape.Outer, input.Shape.Rows, input.Shape.Cols, true);
            input.Values.CopyTo(w.Values(block));
            return block;
        })];
        Block result = constrain(w, blocks, jacobian);
        return (w.Values(result).ToArray(), w.Target, [.. blocks.Select(block => w.Adjoints(block).ToArray())]);
    }

    /// <summary>The places of the elements below the diagonal of a k × k matrix, with it or without.</summary>
    public static int[] Lower(int rows, int cols, bool diagonal) =>
        [.. from j in Enumerable.Range(0, cols) from i in Enumerable.Range(0, rows) where diagonal ? i >= j : i > j select (j * rows) + i];

    /// <summary>n numbers of either sign.</summary>
    public static double[] Numbers(int n, int seed = 3)
    {
        var rng = new Rng((ulong)seed, 5);
        return [.. Enumerable.Range(0, n).Select(_ => 0.7 * rng.NextNormal())];
    }
}
