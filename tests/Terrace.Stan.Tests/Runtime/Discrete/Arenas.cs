using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Runtime;

namespace Terrace.Stan.Tests.Runtime.Discrete;

/// <summary>Workspaces with arguments in them.</summary>
internal static class Arenas
{
    /// <summary>A workspace large enough for the tests, without derivatives unless said.</summary>
    public static Workspace Create(bool differentiating = false, ulong seed = 1) =>
        new() { V = new double[1 << 20], A = new double[1 << 20], I = new int[1 << 18], Differentiating = differentiating, Rng = new Rng(seed, 5) };

    public static Block Scalar(this Workspace w, double value, bool active = false) => w.AllocateScalar(value, active);

    public static Block Vector(this Workspace w, double[] values, bool active = false) => w.Fill(w.AllocateVector(values.Length, active), values);

    public static Block RowVector(this Workspace w, double[] values, bool active = false) => w.Fill(w.Allocate(1, 1, values.Length, active), values);

    public static Block Matrix(this Workspace w, int rows, double[] values, bool active = false) => w.Fill(w.Allocate(1, rows, values.Length / rows, active), values);

    public static IntBlock Array(this Workspace w, int[] values)
    {
        IntBlock block = w.AllocateInts(values.Length);
        values.CopyTo(w.Ints(block));
        return block;
    }

    /// <summary>The value of a scalar result.</summary>
    public static double Value(this Workspace w, Block result) => w.V[result.Offset];

    /// <summary>Positive numbers over their sum, with adjoints, so that a simplex can be moved by differences.</summary>
    public static Block Normalize(Workspace w, Block x)
    {
        Block result = w.AllocateLike(x, w.Differentiating && x.Active);
        for (int k = 0; k < x.Outer; k++)
        {
            int from = x.Offset + (k * x.Inner), to = result.Offset + (k * x.Inner);
            double sum = 0;
            for (int i = 0; i < x.Inner; i++) sum += w.V[from + i];
            for (int i = 0; i < x.Inner; i++)
            {
                w.V[to + i] = w.V[from + i] / sum;
                for (int j = 0; j < x.Inner; j++) w.Edge(from + j, ((i == j ? 1 : 0) - w.V[to + i]) / sum);
                w.CloseLinear(to + i, x.Inner);
            }
        }
        return result;
    }

    /// <summary>Normal numbers.</summary>
    public static double[] Normals(int n, ulong seed, double scale = 1)
    {
        var rng = new Rng(seed, 11);
        return [.. Enumerable.Range(0, n).Select(_ => scale * rng.NextNormal())];
    }

    /// <summary>Integers from 0 to <paramref name="most"/>.</summary>
    public static int[] Counts(int n, ulong seed, int most)
    {
        var rng = new Rng(seed, 12);
        return [.. Enumerable.Range(0, n).Select(_ => rng.NextInt(most + 1))];
    }

    private static Block Fill(this Workspace w, Block block, double[] values)
    {
        values.CopyTo(w.Values(block));
        return block;
    }
}
