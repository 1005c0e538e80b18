namespace Terrace.Stan.Runtime.Solvers;

/// <summary>map_rect: f(φ, θₖ, x_rₖ, x_iₖ) for every k, the results one after the other.</summary>
internal static class RectangularMap
{
    /// <summary>The concatenated results.</summary>
    public static Block Map(Workspace w, StanCallable f, Block shared, Block jobs, Block xr, IntBlock xi)
    {
        int count = jobs.Outer;
        if (count == 0) Workspace.Reject("map_rect: there are no jobs");
        if (xr.Count % count != 0 || xi.Count % count != 0) Workspace.Reject($"map_rect: there are {count} parameter vectors, but {xr.Count} reals and {xi.Count} integers");
        int reals = xr.Count / count, ints = xi.Count / count, total = 0;
        var parts = new Block[count];
        for (int k = 0; k < count; k++)
        {
            parts[k] = f(w, [
                FunctionAdapter.OfReals(shared, []), FunctionAdapter.OfReals(jobs.Element(k), []), FunctionAdapter.OfReals(new Block(xr.Offset + (k * reals), reals, 1, 1, xr.Active), [reals]),
                FunctionAdapter.OfInts(new IntBlock(xi.Offset + (k * ints), ints), [ints]),
            ]);
            total += parts[k].Count;
        }
        Block result = w.AllocateVector(total, w.Differentiating && parts.Any(part => part.Active));
        int at = result.Offset;
        foreach (Block part in parts)
        {
            Copies.Assign(w, at, 1, part.Offset, part.Count, part.Active, result.Active);
            at += part.Count;
        }
        return result;
    }
}
