using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Runtime;

/// <summary>Copies of containers and assignments to parts of them, with a stride between the elements of the target or source.</summary>
internal static class Copies
{
    private static readonly AssignOperation Assigned = new();

    /// <summary>A copy in fresh memory.</summary>
    public static Block Copy(Workspace w, Block x)
    {
        Block result = w.AllocateLike(x, x.Active && w.Differentiating);
        StridedCopies.Copy(w, x.Active, x.Offset, 1, 0, result.Offset, 1, 0, x.Count, 1);
        return result;
    }

    /// <summary>Elements at a stride, in fresh memory: a row of a matrix.</summary>
    public static int Strided(Workspace w, int offset, int stride, int n, bool active)
    {
        int result = w.AllocateSlots(n);
        StridedCopies.Copy(w, active, offset, stride, 0, result, 1, 0, n, 1);
        return result;
    }

    /// <summary>Overwrites <paramref name="n"/> elements at a stride. What the old values contributed is kept apart: in the reverse pass the target's adjoints go to the source and are set to 0.</summary>
    public static void Assign(Workspace w, int target, int stride, int source, int n, bool sourceActive, bool targetActive)
    {
        double[] values = w.V;
        if (stride == 1) Array.Copy(values, source, values, target, n);
        else for (int i = 0, at = target; i < n; i++, at += stride) values[at] = values[source + i];
        if (targetActive && w.Differentiating) w.Record(Assigned, target, stride, source, n, sourceActive ? 1 : 0);
    }

    private sealed class AssignOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            double[] adjoints = w.A;
            int at = o[0], stride = o[1], source = o[2];
            bool active = o[4] != 0;
            for (int i = 0; i < o[3]; i++, at += stride)
            {
                if (active) adjoints[source + i] += adjoints[at];
                adjoints[at] = 0;
            }
        }
    }
}
