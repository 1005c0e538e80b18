using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.CompareLme4;

/// <summary>The speed of the dense kernels that an evaluation of the criterion consists of: factor, inverse from the factor, and product of a matrix with its transpose.</summary>
internal static class Kernels
{
    /// <summary>Prints GFLOP/s, triangular counts (n³/3, 2n³/3 and n²k).</summary>
    public static void Table()
    {
        Console.WriteLine("| n | factor | inverse from the factor | A A' |");
        Console.WriteLine("|---|---|---|---|");
        foreach (int n in (int[])[128, 512, 1128, 2048])
        {
            var rng = new Rng(19, (ulong)n);
            var a = new Matrix(n, n);
            for (int i = 0; i < a.Values.Length; i++) a.Values[i] = rng.NextNormal();
            var spd = new Matrix(n, n);
            Syrk.AddLower(spd, 1, a, transpose: false);
            for (int i = 0; i < n; i++) spd[i, i] += n;
            Matrix work = spd.Copy(), inverse = new(n, n);
            double copy = CpuTime.Least(() => spd.Values.CopyTo(work.Values, 0), 0.5);
            double factor = CpuTime.Least(() => Factor(spd, work), 1) - copy;
            Matrix l = work.Copy();
            double invert = CpuTime.Least(() => Invert(l, work, inverse), 1) - copy;
            double square = CpuTime.Least(() => Syrk.AddLower(spd, 1e-9, a, transpose: false), 1);
            double cube = 1e-9 * n * n * n;
            Console.WriteLine($"| {n} | {cube / 3 / factor:F0} | {2 * cube / 3 / invert:F0} | {cube / square:F0} |");
        }
    }

    private static void Factor(Matrix from, Matrix work)
    {
        from.Values.CopyTo(work.Values, 0);
        if (!Cholesky.TryFactor(work)) throw new InvalidOperationException("The matrix is not positive definite.");
    }

    private static void Invert(Matrix l, Matrix work, Matrix inverse)
    {
        l.Values.CopyTo(work.Values, 0);
        Cholesky.InvertTriangle(work);
        Cholesky.InverseFromTriangularInverse(work, inverse);
    }
}
