namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>Sorting, ranks, order and running sums (Stan functions reference, "Sorting functions"). A sorted element keeps its adjoint: the permutation is undone in the reverse pass.</summary>
internal static class Ordering
{
    private static readonly PermutationOperation Permuted = new();
    private static readonly RunningSumOperation RunningSum = new();

    /// <summary>Least first.</summary>
    public static Block SortAscending(Workspace w, Block x) => Sort(w, x, false);

    /// <summary>Largest first.</summary>
    public static Block SortDescending(Workspace w, Block x) => Sort(w, x, true);

    private static Block Sort(Workspace w, Block x, bool descending)
    {
        RequireNumbers(w, x);
        Block result = w.AllocateLike(x, x.Active && w.Differentiating);
        IntBlock places = Order(w, x, descending);
        ReadOnlySpan<int> order = w.Ints(places);
        for (int i = 0; i < order.Length; i++) w.V[result.Offset + i] = w.V[x.Offset + order[i] - 1];
        if (result.Active) w.Record(Permuted, x.Offset, places.Offset, places.Count, result.Offset);
        return result;
    }

    /// <summary>The places of the elements, that of the least first; equal elements keep their order.</summary>
    public static IntBlock OrderAscending(Workspace w, Block x) => Order(w, x, false);

    /// <summary>The places of the elements, that of the largest first; equal elements keep their order.</summary>
    public static IntBlock OrderDescending(Workspace w, Block x) => Order(w, x, true);

    private static IntBlock Order(Workspace w, Block x, bool descending)
    {
        IntBlock result = w.AllocateInts(x.Count);
        Span<int> places = w.Ints(result);
        for (int i = 0; i < places.Length; i++) places[i] = i + 1;
        double[] v = w.V;
        int start = x.Offset - 1, sign = descending ? -1 : 1;
        places.Sort((a, b) => v[start + a].CompareTo(v[start + b]) is var order and not 0 ? sign * order : a.CompareTo(b));
        return result;
    }

    /// <summary>The number of elements less than element s.</summary>
    public static int Rank(Workspace w, Block x, int s)
    {
        if (s < 1 || s > x.Count) Workspace.Fail($"rank: index {s} is outside 1 … {x.Count}");
        double pivot = w.V[x.Offset + s - 1];
        int rank = 0;
        foreach (double value in w.Values(x)) if (value < pivot) rank++;
        return rank;
    }

    /// <summary>The running sums x₁, x₁ + x₂, …</summary>
    public static Block CumulativeSum(Workspace w, Block x)
    {
        Block result = w.AllocateLike(x, x.Active && w.Differentiating);
        double sum = 0;
        for (int i = 0; i < x.Count; i++) w.V[result.Offset + i] = sum += w.V[x.Offset + i];
        if (result.Active) w.Record(RunningSum, x.Offset, x.Count, result.Offset);
        return result;
    }

    private static void RequireNumbers(Workspace w, Block x)
    {
        foreach (double value in w.Values(x)) if (double.IsNaN(value)) Workspace.Reject("sort: an element is not a number");
    }

    private sealed class PermutationOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            for (int i = 0; i < o[2]; i++) w.A[o[0] + w.I[o[1] + i] - 1] += w.A[o[3] + i];
        }
    }

    private sealed class RunningSumOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            double sum = 0;
            for (int i = o[1] - 1; i >= 0; i--) w.A[o[0] + i] += sum += w.A[o[2] + i];
        }
    }
}
