namespace Terrace.Stan.Runtime;

/// <summary>Integers as reals.</summary>
internal static class Promotions
{
    /// <summary>The integers as reals, an array.</summary>
    public static Block ToReals(Workspace w, IntBlock x)
    {
        Block result = w.Allocate(x.Count, 1, 1, false);
        for (int i = 0; i < x.Count; i++) w.V[result.Offset + i] = w.I[x.Offset + i];
        return result;
    }

    /// <summary>The reals as integers, of draws of a discrete distribution.</summary>
    public static IntBlock ToInts(Workspace w, Block x)
    {
        IntBlock result = w.AllocateInts(x.Count);
        for (int i = 0; i < x.Count; i++) w.I[result.Offset + i] = ToInt(w.V[x.Offset + i]);
        return result;
    }

    /// <summary>An array of one integer.</summary>
    public static IntBlock OneInt(Workspace w, int x)
    {
        IntBlock result = w.AllocateInts(1);
        w.I[result.Offset] = x;
        return result;
    }

    /// <summary>A whole number as an integer, refused where it does not fit.</summary>
    public static int ToInt(double x)
    {
        if (!(Math.Abs(x) <= int.MaxValue)) Workspace.Reject($"{x} does not fit an integer");
        return (int)x;
    }
}
