namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The symmetric update of a lower triangle: C += alpha A A' or C += alpha A'A.
/// <para>Source: Dongarra et al. (1990), A set of level 3 basic linear algebra subprograms; blocked as <see cref="GemmCore"/> says. Tests: SyrkTests.</para>
/// </summary>
public static class Syrk
{
    /// <summary>Adds <paramref name="alpha"/> A A' (or A'A with <paramref name="transpose"/>) to the lower triangle of <paramref name="c"/>; the rest stays as it is.</summary>
    /// <param name="c">The n × n matrix added to; must not share memory with A.</param>
    /// <param name="alpha">The factor, -1 to subtract.</param>
    /// <param name="a">A, n × k, or k × n with <paramref name="transpose"/>.</param>
    /// <param name="transpose">False for A A', true for A'A.</param>
    /// <param name="level">The instructions to use; null for the best.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static unsafe void AddLower(Matrix c, double alpha, Matrix a, bool transpose, SimdLevel? level = null)
    {
        (int n, int k) = transpose ? (a.Columns, a.Rows) : (a.Rows, a.Columns);
        if (c.Rows != n || c.Columns != n) throw new ArgumentException($"An update of size {n} cannot be added to {c.Rows} x {c.Columns}.");
        fixed (double* pa = a.Values, pc = c.Values)
        {
            var view = new Strided(pa, 1, a.Rows);
            Strided left = transpose ? view.Transposed : view;
            GemmCore.Add(SimdSupport.Choose(level), n, n, k, alpha, left, left.Transposed, new Strided(pc, 1, n), lower: true);
        }
    }

    /// <summary>Copies the lower triangle of <paramref name="c"/> to the upper one.</summary>
    public static void MirrorLower(Matrix c)
    {
        const int Block = 16;
        int n = c.Rows;
        double[] values = c.Values;
        for (int jj = 0; jj < n; jj += Block)
        {
            for (int ii = jj; ii < n; ii += Block)
            {
                for (int j = jj; j < Math.Min(jj + Block, n); j++)
                {
                    for (int i = Math.Max(ii, j + 1); i < Math.Min(ii + Block, n); i++) values[j + i * n] = values[i + j * n];
                }
            }
        }
    }
}
