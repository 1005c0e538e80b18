using System.Runtime.CompilerServices;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>The part of the derivative of ½ log |H| that comes from products within a sparse tail: Σ over nodes and pairs of (G diag(Λ, I) N)_ab.</summary>
/// <remarks>As <see cref="CovarianceTrace"/>, which has the derivation's source. Check: SparseTailTests (the dense trace of the same model).</remarks>
internal static class SparseTailTrace
{
    public static void Add(SparseTailMatrix g, RelativeCovarianceFactor lambda, SparseTailMatrix n, RandomEffectsLayout layout, Span<double> trace)
    {
        var pattern = g.Pattern;
        for (int i = 0; i < pattern.Nodes; i++)
        {
            int t = pattern.Term[i], k = pattern.Width(i), at = pattern.DiagonalStart[i];
            var own = layout.Terms[t];
            AddRows(g.Diagonal.AsSpan(at, k * k), k, lambda.Blocks[t], n.Diagonal.AsSpan(at, k * k), own, trace);
            AddFixed(g, n, i, own, trace);
            for (int e = pattern.Starts[i]; e < pattern.Starts[i + 1]; e++)
            {
                int s = pattern.Term[pattern.Partners[e]], rows = layout.Terms[s].Width;
                var gBlock = g.OffDiagonal.AsSpan(pattern.BlockStart[e], rows * k);
                var nBlock = n.OffDiagonal.AsSpan(pattern.BlockStart[e], rows * k);
                AddRows(gBlock, rows, lambda.Blocks[s], nBlock, own, trace);
                AddColumns(gBlock, rows, lambda.Blocks[t], nBlock, layout.Terms[s], k, trace);
            }
        }
    }

    /// <summary>For the term of the columns: Σ_r G[r, a] Σ_c T[r, c] N[c, b], T of the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRows(ReadOnlySpan<double> g, int rows, double[] t, ReadOnlySpan<double> n, RandomTermLayout term, Span<double> trace)
    {
        for (int b = 0; b < term.Width; b++)
        {
            for (int r = 0; r < rows; r++)
            {
                double mixed = 0;
                for (int c = 0; c <= r; c++) mixed += t[r + c * rows] * n[c + b * rows];
                for (int a = b; a < term.Width; a++) trace[term.ThetaIndex(a, b)] += g[r + a * rows] * mixed;
            }
        }
    }

    /// <summary>For the term of the rows: Σ_r G[a, r] Σ_c T[r, c] N[b, c], T of the k columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddColumns(ReadOnlySpan<double> g, int rows, double[] t, ReadOnlySpan<double> n, RandomTermLayout term, int k, Span<double> trace)
    {
        for (int b = 0; b < rows; b++)
        {
            for (int r = 0; r < k; r++)
            {
                double mixed = 0;
                for (int c = 0; c <= r; c++) mixed += t[r + c * k] * n[b + c * rows];
                for (int a = b; a < rows; a++) trace[term.ThetaIndex(a, b)] += g[a + r * rows] * mixed;
            }
        }
    }

    private static void AddFixed(SparseTailMatrix g, SparseTailMatrix n, int node, RandomTermLayout term, Span<double> trace)
    {
        int p = n.FixedColumns, first = g.Pattern.FirstColumn[node];
        if (p == 0) return;
        for (int b = 0; b < term.Width; b++)
        {
            for (int a = b; a < term.Width; a++)
                trace[term.ThetaIndex(a, b)] += ContiguousLoops.Dot(g.Fixed.AsSpan((first + a) * p, p), n.Fixed.AsSpan((first + b) * p, p));
        }
    }
}
