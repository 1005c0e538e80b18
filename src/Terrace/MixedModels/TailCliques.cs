using System.Runtime.InteropServices;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>The distinct sets of tail levels that the lead levels meet, as the cliques of the Schur complement's graph.</summary>
/// <remarks>Check: SparseTailTests.</remarks>
internal static class TailCliques
{
    public static CliqueGraph Of(TailPattern pattern, int[] couplingStarts, int[] couplingColumns)
    {
        int[] widths = [.. Enumerable.Range(0, pattern.Nodes).Select(pattern.Width)];
        var starts = new List<int> { 0 };
        var members = new List<int>();
        var known = new Dictionary<ulong, List<int>>();
        for (int l = 0; l + 1 < couplingStarts.Length; l++)
        {
            int first = members.Count;
            for (int a = couplingStarts[l]; a < couplingStarts[l + 1]; a++)
            {
                int node = pattern.NodeOf[couplingColumns[a]];
                if (members.Count == first || members[^1] != node) members.Add(node);
            }
            if (members.Count - first < 2 || IsKnown(known, starts, members, first)) members.RemoveRange(first, members.Count - first);
            else starts.Add(members.Count);
        }
        return new CliqueGraph(widths, [.. starts], [.. members]);
    }

    /// <summary>Whether the last members are those of an earlier clique; if not they are remembered.</summary>
    private static bool IsKnown(Dictionary<ulong, List<int>> known, List<int> starts, List<int> members, int first)
    {
        var all = CollectionsMarshal.AsSpan(members);
        var last = all[first..];
        ulong hash = 14_695_981_039_346_656_037;
        foreach (int node in last) hash = (hash ^ (uint)node) * 1_099_511_628_211;
        if (known.TryGetValue(hash, out var candidates))
        {
            foreach (int c in candidates)
            {
                if (all[starts[c]..starts[c + 1]].SequenceEqual(last)) return true;
            }
        }
        else known[hash] = candidates = [];
        candidates.Add(starts.Count - 1);
        return false;
    }
}
