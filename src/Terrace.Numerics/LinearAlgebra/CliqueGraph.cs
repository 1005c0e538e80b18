namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The graph of a sparse symmetric matrix as a union of cliques: the matrix is a sum of small dense matrices, each on the variables of one clique (a finite element, or the
/// variables that one eliminated variable met). A variable stands for <see cref="Widths"/> columns that always occur together.
/// <para>Symbols: clique c holds the variables <c>Members[Starts[c] .. Starts[c + 1]]</c>, distinct, in any order.</para>
/// <para>Source: Duff and Reid (1983), The multifrontal solution of indefinite sparse symmetric linear equations, section 2. Tests: SparseCholeskyTests.</para>
/// </summary>
internal sealed class CliqueGraph
{
    /// <summary>Creates a graph over arrays that it does not copy.</summary>
    /// <exception cref="ArgumentException">A member is none of the variables, or a width is not positive.</exception>
    public CliqueGraph(int[] widths, int[] starts, int[] members)
    {
        foreach (int width in widths) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width, nameof(widths));
        foreach (int member in members)
        {
            if ((uint)member >= (uint)widths.Length) throw new ArgumentException($"Variable {member} is none of {widths.Length}.", nameof(members));
        }

        Widths = widths;
        Starts = starts;
        Members = members;
    }

    /// <summary>The number of columns of each variable.</summary>
    public int[] Widths { get; }

    /// <summary>Where each clique begins; one entry more than cliques.</summary>
    public int[] Starts { get; }

    /// <summary>The variables of the cliques, one clique after the other.</summary>
    public int[] Members { get; }

    /// <summary>The number of variables.</summary>
    public int Variables => Widths.Length;

    /// <summary>The number of cliques.</summary>
    public int Cliques => Starts.Length - 1;

    /// <summary>The members of a clique.</summary>
    public ReadOnlySpan<int> Clique(int clique) => Members.AsSpan(Starts[clique], Starts[clique + 1] - Starts[clique]);

    /// <summary>Per variable, the cliques that hold it: those of variable i are <c>Cliques[Starts[i] .. Starts[i + 1]]</c>, ascending.</summary>
    internal (int[] Starts, int[] Cliques) ByVariable()
    {
        var starts = new int[Variables + 1];
        foreach (int member in Members) starts[member + 1]++;
        for (int i = 0; i < Variables; i++) starts[i + 1] += starts[i];
        int[] next = starts[..^1];
        var cliques = new int[Members.Length];
        for (int c = 0; c < Cliques; c++)
        {
            foreach (int member in Clique(c)) cliques[next[member]++] = c;
        }

        return (starts, cliques);
    }
}
