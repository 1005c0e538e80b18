using System.Runtime.CompilerServices;

namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The dense work on one front of a sparse factorisation: partial elimination, and one step of the selected inverse.
/// <para>Formulas: L11 = chol(F11), L21 = F21 L11'^-1, F22 := F22 - L21 L21'. With W = L21 L11^-1: N21 = -N22 W, N11 = (L11 L11')^-1 - W'N21.</para>
/// <para>Source: Liu (1992), section 4; Takahashi, Fagan and Chen (1973), Formation of a sparse bus impedance matrix and its application to short circuit study. Small fronts by plain loops, for
/// the blocked kernels cost more to call than they save there. Tests: SparseCholeskyTests, on both sides of the limit.</para>
/// </summary>
internal static unsafe class FrontalKernels
{
    /// <summary>The largest front eliminated by plain loops.</summary>
    public const int Small = 32;

    /// <summary>Eliminates the first <paramref name="width"/> columns of a front in its lower triangle; false when a pivot is not positive.</summary>
    public static bool TryEliminate(double[] front, int size, int width)
    {
        if (size <= Small || width == 1) return EliminateSmall(front, size, width);
        SimdLevel level = SimdSupport.Choose(null);
        fixed (double* start = front)
        {
            if (!CholeskyCore.Factor(level, start, width, size)) return false;
            int below = size - width;
            if (below == 0) return true;
            var rows = new Strided(start + width, 1, size);
            TriangularSolver.Solve(level, new Strided(start, 1, size), width, rows.Transposed, below);
            GemmCore.Add(level, below, below, width, -1, rows, rows.Transposed, new Strided(start + width + (nint)width * size, 1, size), lower: true);
            return true;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool EliminateSmall(double[] front, int size, int width)
    {
        for (int k = 0; k < width; k++)
        {
            var column = front.AsSpan(k * size, size);
            double pivot = column[k];
            if (!(pivot > 0) || double.IsInfinity(pivot)) return false;
            double root = Math.Sqrt(pivot), scale = 1 / root;
            column[k] = root;
            for (int i = k + 1; i < column.Length; i++) column[i] *= scale;
            for (int j = k + 1; j < size; j++) ContiguousLoops.AddMultiple(-column[j], column[j..], front.AsSpan(j * size + j, size - j));
        }

        return true;
    }

    /// <summary>Completes a front of the inverse whose N22 is filled in, full and symmetric: N21 and its mirror image, N11.</summary>
    /// <param name="factor">The supernode's columns of L, <paramref name="factorSize"/> rows each, of which the first <paramref name="size"/> are used.</param>
    /// <param name="factorSize">The number of rows of the factor's columns.</param>
    /// <param name="front">The front of the inverse.</param>
    /// <param name="size">The number of its rows.</param>
    /// <param name="width">The number of the supernode's columns.</param>
    /// <param name="work">Room for size × width numbers.</param>
    public static void CompleteInverse(ReadOnlySpan<double> factor, int factorSize, double[] front, int size, int width, double[] work)
    {
        for (int j = 0; j < width; j++) factor.Slice(j * factorSize, size).CopyTo(work.AsSpan(j * size));
        if (size <= Small || width == 1) CompleteSmall(front, size, width, work);
        else CompleteLarge(front, size, width, work);
        Mirror(front, size, width);
    }

    private static void CompleteLarge(double[] front, int size, int width, double[] work)
    {
        SimdLevel level = SimdSupport.Choose(null);
        int below = size - width;
        fixed (double* n = front, l = work)
        {
            Strided triangle = new(l, 1, size), w = triangle.From(width, 0), n21 = new(n + width, 1, size), n22 = n21.From(0, width);
            Strided fromRight = triangle.Transposed.ReversedRows(width).ReversedColumns(width);
            if (below > 0) TriangularSolver.Solve(level, fromRight, width, w.Transposed.ReversedRows(width), below);
            for (int j = 0; j < width; j++) new Span<double>(n + (nint)j * size, size).Clear();
            GemmCore.Add(level, below, width, below, -1, n22, w, n21);
            for (int j = 1; j < width; j++) new Span<double>(l + (nint)j * size, j).Clear();
            CholeskyCore.InvertTriangle(level, l, width, size);
            GemmCore.Add(level, width, width, width, 1, triangle.Transposed, triangle, new Strided(n, 1, size), lower: true);
            GemmCore.Add(level, width, width, below, -1, w.Transposed, n21, new Strided(n, 1, size), lower: true);
        }
    }

    /// <summary>Column by column from the last: N_jj = 1/L_jj² − Σ_i (L_ij/L_jj) N_ij, N_ij = −Σ_k N_ik L_kj/L_jj.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CompleteSmall(double[] front, int size, int width, double[] work)
    {
        for (int j = width - 1; j >= 0; j--)
        {
            var l = work.AsSpan(j * size + j, size - j);
            double scale = 1 / l[0];
            var target = front.AsSpan(j * size + j, size - j);
            target.Clear();
            for (int k = 1; k < l.Length; k++) ContiguousLoops.AddMultiple(-scale * l[k], front.AsSpan((j + k) * size + j + 1, size - j - 1), target[1..]);
            double sum = scale * scale;
            for (int k = 1; k < l.Length; k++)
            {
                sum -= scale * l[k] * target[k];
                front[(j + k) * size + j] = target[k];
            }

            target[0] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mirror(double[] front, int size, int width)
    {
        for (int j = 0; j < width; j++)
        {
            for (int i = j + 1; i < size; i++) front[i * size + j] = front[j * size + i];
        }
    }
}
