namespace Terrace.Stan.Runtime;

/// <summary>A univariate distribution over containers: the sum over elements, scalars repeated, with the partial derivatives of each element.</summary>
internal sealed unsafe partial class Workspace
{
    private readonly Block[] _operands = new Block[6];

    /// <summary>Hands an argument to the next vectorised call.</summary>
    public void Argument(int k, Block block) => _operands[k] = block;

    /// <summary>
    /// The sum of a log density over the elements of the arguments given before. With <paramref name="immediate"/> the partials are added to the adjoints at once, as the sum goes to the target; otherwise a
    /// linear record is written and the result's slot is returned in <see cref="ResultSlot"/>.
    /// </summary>
    /// <param name="function">A scalar density, or with <paramref name="cumulative"/> a scalar cumulative function.</param>
    /// <param name="count">The number of arguments.</param>
    /// <param name="terms">Which arguments are not constant.</param>
    /// <param name="wanted">The arguments whose partials are wanted.</param>
    /// <param name="immediate">Whether the result is added to the target.</param>
    /// <param name="cumulative">Whether the function has no <c>terms</c>.</param>
    /// <param name="name">The function's name, for messages.</param>
    public double VectorisedDensity(nint function, int count, int terms, int wanted, bool immediate, bool cumulative, string name)
    {
        int n = CommonLength(count, name);
        double* x = _arguments, d = _partials;
        double[] values = V;
        int* places = stackalloc int[6], steps = stackalloc int[6];
        for (int k = 0; k < count; k++)
        {
            places[k] = _operands[k].Offset;
            steps[k] = _operands[k].Count == 1 ? 0 : 1;
            x[k] = n > 0 ? values[places[k]] : 0;
        }
        if (!Differentiating) wanted = 0;
        double sum = 0;
        int edges = 0;
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < count; k++) x[k] = values[places[k] + (i * steps[k])];
            sum += cumulative ? ((delegate*<double*, double*, int, double>)function)(x, d, wanted) : ((delegate*<double*, double*, int, int, double>)function)(x, d, terms, wanted);
            if (wanted == 0) continue;
            for (int k = 0; k < count; k++)
            {
                if ((wanted & (1 << k)) == 0) continue;
                int slot = places[k] + (i * steps[k]);
                if (immediate)
                {
                    A[slot] += d[k];
                }
                else
                {
                    Edge(slot, d[k]);
                    edges++;
                }
            }
        }
        if (immediate || wanted == 0)
        {
            ResultSlot = IdleSlot;
            return sum;
        }
        ResultSlot = NewSlot(sum);
        CloseLinear(ResultSlot, edges);
        return sum;
    }

    /// <summary>The slot of the last vectorised density that was recorded.</summary>
    public int ResultSlot;

    /// <summary>The length that the containers among the arguments share.</summary>
    private int CommonLength(int count, string name)
    {
        int n = -1;
        bool any = false;
        for (int k = 0; k < count; k++)
        {
            ref Block block = ref _operands[k];
            if (block.Outer == -1)
            {
                block = block with { Outer = 1, Rows = 1 };
                continue;
            }
            if (any && block.Count != n) Fail($"{name}: the arguments have the lengths {n} and {block.Count}, which must agree");
            n = block.Count;
            any = true;
        }
        return any ? n : 1;
    }

    /// <summary>Random draws over containers of parameters, one an element.</summary>
    public Block VectorisedDraw(nint function, int count, string name)
    {
        int n = CommonLength(count, name);
        Block result = Allocate(n, 1, 1, false);
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < count; k++) _arguments[k + 1] = V[_operands[k].Offset + (_operands[k].Count == 1 ? 0 : i)];
            V[result.Offset + i] = ((delegate*<double*, Numerics.RandomNumbers.Rng, double>)function)(_arguments, Rng);
        }
        return result;
    }
}
