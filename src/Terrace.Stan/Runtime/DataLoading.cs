using Terrace.Stan.Data;
using Terrace.Stan.Types;

namespace Terrace.Stan.Runtime;

/// <summary>Takes data variables from what the user gave, with their sizes checked.</summary>
internal sealed unsafe partial class Workspace
{
    /// <summary>The user's data.</summary>
    public StanData Data = StanData.Empty;

    /// <summary>Puts a data variable into the arena and its place and sizes into the globals.</summary>
    public void LoadData(string name, bool ints, int global, int depth, int type, int[] sizes)
    {
        foreach (int size in sizes) if (size < 0) Faults.NegativeSize(name, size);
        long expected = 1;
        foreach (int size in sizes) expected *= size;
        if (expected > MaximumElements) throw new StanFaultException(StanFaultKind.Limit, $"`{name}` is declared with {expected:N0} elements, which is more than the limit of {MaximumElements:N0}");
        if (!Data.Values.TryGetValue(name, out StanValue? value))
        {
            // Without elements there is nothing to give, so an empty variable may be left out.
            if (expected == 0 && sizes.Length > 0) value = new StanValue(true, sizes, []);
            else
            {
                string? near = Diagnostics.Nearest.Name(name, Data.Values.Keys);
                throw new StanFaultException(StanFaultKind.Error, $"the data have no variable `{name}`{(near is null ? "" : $"; did you mean `{near}`?")}");
            }
        }
        if (ints && !value.IsInteger && value.Values.Length > 0) Fail($"`{name}` is declared as integer, but the data give reals");
        bool same = value.Dimensions.AsSpan().SequenceEqual(sizes) || (expected == 0 && value.Values.Length == 0)
            || (expected == 1 && value.Values.Length == 1 && sizes.Length <= 1);
        if (!same) Fail($"`{name}` is declared with the size {Shape(sizes)}, but the data give {Shape(value.Dimensions)}");
        if (ints)
        {
            IntBlock block = sizes.Length == 0 ? default : AllocateInts((int)expected);
            for (int k = 0; k < block.Count; k++) I[block.Offset + k] = (int)value.Values[k];
            Globals[global] = sizes.Length == 0 ? (int)value.Values[0] : block.Offset;
        }
        else
        {
            int offset = AllocateSlots((int)expected);
            Globals[global] = offset;
            CopyRowMajor(value.Values, offset, sizes, (BaseType)type == BaseType.Matrix, depth);
        }
        for (int d = 0; d < sizes.Length; d++) Globals[global + 1 + d] = sizes[d];
    }

    private void CopyRowMajor(double[] values, int offset, int[] sizes, bool matrix, int depth)
    {
        if (!matrix)
        {
            values.CopyTo(V, offset);
            return;
        }
        int rows = sizes[depth], cols = sizes[depth + 1], inner = rows * cols;
        for (int k = 0; k < values.Length; k++)
        {
            int block = inner == 0 ? 0 : k / inner, within = k - (block * inner), row = within / cols, col = within % cols;
            V[offset + (block * inner) + (col * rows) + row] = values[k];
        }
    }

    private static string Shape(int[] sizes) => sizes.Length == 0 ? "of a single number" : string.Join(" × ", sizes);
}
