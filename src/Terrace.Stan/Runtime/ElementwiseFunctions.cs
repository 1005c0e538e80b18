namespace Terrace.Stan.Runtime;

/// <summary>Functions of two or three real numbers applied to containers element by element, scalars repeated.</summary>
internal sealed unsafe partial class Workspace
{
    /// <summary>The function of the arguments given before; the result has the shape of the first container.</summary>
    /// <param name="function">Points to a function of two or three reals.</param>
    /// <param name="slopes">Points to its derivatives.</param>
    /// <param name="count">The number of arguments, two or three.</param>
    public Block ElementwiseFunction(nint function, nint slopes, int count)
    {
        Block shape = _operands[0];
        bool active = false;
        for (int k = 0; k < count; k++)
        {
            if (_operands[k].Count > shape.Count || (shape.Count == 1 && _operands[k].Count == 0)) shape = _operands[k];
            active |= _operands[k].Active && Differentiating;
        }
        Block result = AllocateLike(shape, active);
        int* place = stackalloc int[3], step = stackalloc int[3];
        for (int k = 0; k < count; k++)
        {
            place[k] = _operands[k].Offset;
            step[k] = _operands[k].Count == 1 ? 0 : 1;
        }
        int n = shape.Count;
        for (int i = 0; i < n; i++)
        {
            double x = V[place[0] + (i * step[0])], y = V[place[1] + (i * step[1])], z = count > 2 ? V[place[2] + (i * step[2])] : 0;
            double value = count == 2 ? ((delegate*<double, double, double>)function)(x, y) : ((delegate*<double, double, double, double>)function)(x, y, z);
            int slot = result.Offset + i;
            V[slot] = value;
            if (!active) continue;
            double dx, dy, dz = 0;
            if (count == 2) ((delegate*<double, double, double, out double, out double, void>)slopes)(x, y, value, out dx, out dy);
            else ((delegate*<double, double, double, double, out double, out double, out double, void>)slopes)(x, y, z, value, out dx, out dy, out dz);
            int edges = 0;
            if (_operands[0].Active) { Edge(place[0] + (i * step[0]), dx); edges++; }
            if (_operands[1].Active) { Edge(place[1] + (i * step[1]), dy); edges++; }
            if (count > 2 && _operands[2].Active) { Edge(place[2] + (i * step[2]), dz); edges++; }
            CloseLinear(slot, edges);
        }
        return result;
    }
}
