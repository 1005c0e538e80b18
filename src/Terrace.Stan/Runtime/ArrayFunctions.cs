using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Runtime;

/// <summary>Arrays of anything, repeated, joined and reversed.</summary>
internal static class ArrayFunctions
{
    /// <summary>Whether some element is less than a bound.</summary>
    public static bool AnyBelow(Workspace w, Block x, double bound)
    {
        foreach (double value in w.Values(x)) if (value < bound) return true;
        return false;
    }

    /// <summary>Whether some element is larger than a bound.</summary>
    public static bool AnyAbove(Workspace w, Block x, double bound)
    {
        foreach (double value in w.Values(x)) if (value > bound) return true;
        return false;
    }

    /// <summary><paramref name="n"/> copies of integers one after the other; of reals <see cref="Construction.RepArray"/>.</summary>
    public static IntBlock RepeatInts(Workspace w, IntBlock x, int n)
    {
        if ((long)n * x.Count > int.MaxValue) throw new ArenaFullException(Arena.Integers, (long)n * x.Count);
        IntBlock result = w.AllocateInts(n * x.Count);
        for (int k = 0; k < n; k++) w.Ints(x).CopyTo(w.Ints(result).Slice(k * x.Count, x.Count));
        return result;
    }

    /// <summary>One array after another.</summary>
    public static Block Append(Workspace w, Block a, Block b)
    {
        Block result = w.Allocate(a.Count + b.Count, 1, 1, (a.Active || b.Active) && w.Differentiating);
        StridedCopies.Copy(w, a.Active, a.Offset, 1, 0, result.Offset, 1, 0, a.Count, 1);
        StridedCopies.Copy(w, b.Active, b.Offset, 1, 0, result.Offset + a.Count, 1, 0, b.Count, 1);
        return result;
    }

    /// <summary>The same for integers.</summary>
    public static IntBlock AppendInts(Workspace w, IntBlock a, IntBlock b)
    {
        IntBlock result = w.AllocateInts(a.Count + b.Count);
        w.Ints(a).CopyTo(w.Ints(result));
        w.Ints(b).CopyTo(w.Ints(result)[a.Count..]);
        return result;
    }

    /// <summary>The elements in the opposite order.</summary>
    public static Block Reverse(Workspace w, Block x, int outer)
    {
        Block result = w.AllocateLike(x, x.Active && w.Differentiating);
        int inner = outer == 0 ? 0 : x.Count / outer;
        StridedCopies.Copy(w, x.Active, x.Offset + x.Count - inner, 1, -inner, result.Offset, 1, inner, inner, outer);
        return result;
    }

    /// <summary>The same for integers.</summary>
    public static IntBlock ReverseInts(Workspace w, IntBlock x, int outer)
    {
        IntBlock result = w.AllocateInts(x.Count);
        int inner = outer == 0 ? 0 : x.Count / outer;
        for (int k = 0; k < outer; k++) w.Ints(x).Slice(k * inner, inner).CopyTo(w.Ints(result).Slice((outer - 1 - k) * inner, inner));
        return result;
    }
}
