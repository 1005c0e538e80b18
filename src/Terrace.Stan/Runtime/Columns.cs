namespace Terrace.Stan.Runtime;

/// <summary>Between memory and the columns of a draw, in which the first index runs fastest over all dimensions.</summary>
internal sealed unsafe partial class Workspace
{
    /// <summary>Writes a container to the draw; returns the number of columns.</summary>
    public int WriteColumns(int at, int offset, bool ints, int depth, bool matrix, int[] dimensions)
    {
        int count = 1;
        foreach (int size in dimensions) count *= size;
        for (int k = 0; k < count; k++)
        {
            int place = offset + MemoryPlace(k, depth, matrix, dimensions);
            Output[at + k] = ints ? I[place] : V[place];
        }
        return count;
    }

    /// <summary>Reads a container from the draw into fresh memory.</summary>
    public Block ReadColumns(int at, int outer, int rows, int cols, int depth, int[] dimensions)
    {
        Block block = Allocate(outer, rows, cols, false);
        bool matrix = dimensions.Length - depth == 2;
        for (int k = 0; k < block.Count; k++) V[block.Offset + MemoryPlace(k, depth, matrix, dimensions)] = Output[at + k];
        return block;
    }

    /// <summary>The place in memory of the element that is number <paramref name="k"/> when the first index runs fastest.</summary>
    internal static int MemoryPlace(int k, int depth, bool matrix, int[] dimensions)
    {
        int place = 0, inner = 1;
        for (int d = depth; d < dimensions.Length; d++) inner *= dimensions[d];
        int stride = inner;
        for (int d = 1; d < depth; d++) stride *= dimensions[d];
        for (int d = 0; d < depth; d++)
        {
            place += k % dimensions[d] * stride;
            k /= dimensions[d];
            if (d + 1 < depth) stride /= dimensions[d + 1];
        }
        // What is left counts the elements of one vector or matrix, column-major in both.
        return place + k;
    }
}
