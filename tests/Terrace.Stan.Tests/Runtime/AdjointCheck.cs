using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Runtime;

namespace Terrace.Stan.Tests.Runtime;

/// <summary>Checks the adjoint of a function on containers: for random weights u the gradient of Σ uₖ·fₖ by one reverse pass is that of central differences.</summary>
internal static class AdjointCheck
{
    /// <summary>Compares both gradients and returns the values of the result.</summary>
    /// <param name="function">Takes the workspace and the inputs, in the order of <paramref name="inputs"/>.</param>
    /// <param name="tolerance">Absolute plus relative difference allowed.</param>
    /// <param name="inputs">Shapes (the offset and the activity are ignored) with their values.</param>
    public static double[] Verify(Func<Workspace, Block[], Block> function, double tolerance, params (Block Shape, double[] Values)[] inputs)
    {
        double[] values = Evaluate(function, inputs, null, out double[][] gradient, out double[] weights);
        for (int k = 0; k < inputs.Length; k++)
        {
            for (int i = 0; i < inputs[k].Values.Length; i++)
            {
                double x = inputs[k].Values[i], step = 6e-6 * Math.Max(1, Math.Abs(x));
                double Sum(double at)
                {
                    (Block Shape, double[] Values)[] moved = [.. inputs.Select(input => (input.Shape, (double[])input.Values.Clone()))];
                    moved[k].Values[i] = at;
                    double[] result = Evaluate(function, moved, weights, out _, out _);
                    return result.Zip(weights, (value, weight) => value * weight).Sum();
                }
                double difference = (Sum(x + step) - Sum(x - step)) / (2 * step);
                Assert.True(Math.Abs(difference - gradient[k][i]) <= tolerance * (1 + Math.Abs(difference)), $"input {k}, element {i}: reverse {gradient[k][i]:R}, differences {difference:R}");
            }
        }
        return values;
    }

    private static double[] Evaluate(Func<Workspace, Block[], Block> function, (Block Shape, double[] Values)[] inputs, double[]? given, out double[][] gradient, out double[] weights)
    {
        var w = new Workspace { Differentiating = true, Rng = new Rng(1, 1) };
        while (true)
        {
            try
            {
                w.Top = 1;
                w.IntTop = w.CodeTop = w.WTop = 0;
                w.Target = 0;
                w.A[Workspace.TargetSlot] = 1;
                Block[] blocks = [.. inputs.Select(input =>
                {
                    Block block = w.Allocate(input.Shape.Outer, input.Shape.Rows, input.Shape.Cols, true);
                    input.Values.CopyTo(w.Values(block));
                    return block;
                })];
                Block result = function(w, blocks);
                double[] values = w.Values(result).ToArray();
                var rng = new Rng(7, 7);
                double[] u = weights = given ?? [.. values.Select(_ => rng.NextNormal())];
                for (int i = 0; i < u.Length; i++) w.A[result.Offset + i] += u[i];
                w.Reverse();
                gradient = [.. blocks.Select(block => w.Adjoints(block).ToArray())];
                return values;
            }
            catch (ArenaFullException full)
            {
                w.Grow(full);
            }
        }
    }

    /// <summary>The shape of a vector.</summary>
    public static Block Vector(int n) => new(0, 1, n, 1, true);

    /// <summary>The shape of a matrix.</summary>
    public static Block Matrix(int rows, int cols) => new(0, 1, rows, cols, true);

    /// <summary>The shape of a scalar.</summary>
    public static Block Scalar => new(0, 1, 1, 1, true);
}
