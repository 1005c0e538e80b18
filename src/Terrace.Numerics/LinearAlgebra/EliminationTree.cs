namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The elimination tree of a sparse symmetric matrix, and its variables in postorder: children before parents, every subtree contiguous.
/// <para>Formula: the parent of j is the least i &gt; j with L_ij not zero. A clique acts through the chain of its members: with k ascending, each clique links its last member before k to k,
/// by way of path compression over the forest built so far.</para>
/// <para>Source: Liu (1990), The role of elimination trees in sparse factorization, sections 3.1 and 5.1, and Davis (2006), Direct methods for sparse linear systems, section 4.1 (tree of A'A without
/// forming it). Tests: SparseCholeskyTests, through the factor's structure.</para>
/// </summary>
internal static class EliminationTree
{
    /// <summary>The parent of each variable, in positions of the order; -1 for roots.</summary>
    /// <param name="graph">The matrix.</param>
    /// <param name="order">The variables in the order of their elimination.</param>
    public static int[] Parents(CliqueGraph graph, int[] order)
    {
        var (starts, cliques) = graph.ByVariable();
        int n = order.Length;
        int[] parent = new int[n], ancestor = new int[n], previous = new int[graph.Cliques];
        Array.Fill(parent, -1);
        Array.Fill(ancestor, -1);
        Array.Fill(previous, -1);
        for (int k = 0; k < n; k++)
        {
            for (int c = starts[order[k]]; c < starts[order[k] + 1]; c++)
            {
                for (int i = previous[cliques[c]]; i >= 0 && i < k;)
                {
                    int next = ancestor[i];
                    ancestor[i] = k;
                    if (next < 0) parent[i] = k;
                    i = next;
                }

                previous[cliques[c]] = k;
            }
        }

        return parent;
    }

    /// <summary>The positions in postorder; of siblings the first comes first.</summary>
    public static int[] Postorder(int[] parent)
    {
        int n = parent.Length, count = 0;
        int[] child = new int[n], sibling = new int[n], result = new int[n];
        Array.Fill(child, -1);
        var stack = new Stack<int>();
        for (int i = n - 1; i >= 0; i--)
        {
            if (parent[i] >= 0) (sibling[i], child[parent[i]]) = (child[parent[i]], i);
        }

        for (int root = 0; root < n; root++)
        {
            if (parent[root] >= 0) continue;
            stack.Push(root);
            while (stack.Count > 0)
            {
                int i = stack.Peek();
                if (child[i] >= 0)
                {
                    int next = child[i];
                    child[i] = sibling[next];
                    stack.Push(next);
                }
                else
                {
                    result[count++] = i;
                    stack.Pop();
                }
            }
        }

        return result;
    }
}
