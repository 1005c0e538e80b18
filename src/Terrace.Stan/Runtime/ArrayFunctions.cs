namespace Terrace.Stan.Runtime;

/// <summary>Arrays of anything, repeated, joined and reversed.</summary>
internal static class ArrayFunctions
{
    private static readonly RepeatOperation Repeated = new();
    private static readonly AppendOperation Appended = new();
    private static readonly ReverseOperation Reversed = new();

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

    /// <summary><paramref name="n"/> copies one after the other.</summary>
    public static Block Repeat(Workspace w, Block x, int n)
    {
        bool active = x.Active && w.Differentiating;
        Block result = w.Allocate(n, x.Count, 1, active);
        for (int k = 0; k < n; k++) w.Values(x).CopyTo(w.Values(result).Slice(k * x.Count, x.Count));
        if (active) w.Record(Repeated, x.Offset, x.Count, n, result.Offset);
        return result;
    }

    /// <summary>The same for integers.</summary>
    public static IntBlock RepeatInts(Workspace w, IntBlock x, int n)
    {
        IntBlock result = w.AllocateInts(checked(n * x.Count));
        for (int k = 0; k < n; k++) w.Ints(x).CopyTo(w.Ints(result).Slice(k * x.Count, x.Count));
        return result;
    }

    /// <summary>One array after another.</summary>
    public static Block Append(Workspace w, Block a, Block b)
    {
        bool active = (a.Active || b.Active) && w.Differentiating;
        Block result = w.Allocate(a.Count + b.Count, 1, 1, active);
        w.Values(a).CopyTo(w.Values(result));
        w.Values(b).CopyTo(w.Values(result)[a.Count..]);
        if (active) w.Record(Appended, a.Offset, a.Active ? a.Count : 0, b.Offset, b.Active ? b.Count : 0, result.Offset, result.Offset + a.Count);
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
        bool active = x.Active && w.Differentiating;
        Block result = w.AllocateLike(x, active);
        int inner = outer == 0 ? 0 : x.Count / outer;
        for (int k = 0; k < outer; k++) w.Values(x).Slice(k * inner, inner).CopyTo(w.Values(result).Slice((outer - 1 - k) * inner, inner));
        if (active) w.Record(Reversed, x.Offset, outer, inner, result.Offset);
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

    private sealed class RepeatOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            for (int k = 0; k < o[2]; k++)
                for (int i = 0; i < o[1]; i++) w.A[o[0] + i] += w.A[o[3] + (k * o[1]) + i];
        }
    }

    private sealed class AppendOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            for (int i = 0; i < o[1]; i++) w.A[o[0] + i] += w.A[o[4] + i];
            for (int i = 0; i < o[3]; i++) w.A[o[2] + i] += w.A[o[5] + i];
        }
    }

    private sealed class ReverseOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            for (int k = 0; k < o[1]; k++)
                for (int i = 0; i < o[2]; i++) w.A[o[0] + (k * o[2]) + i] += w.A[o[3] + ((o[1] - 1 - k) * o[2]) + i];
        }
    }
}
