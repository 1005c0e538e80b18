namespace Terrace.Stan.Runtime.Densities;

/// <summary>Draws by a covariance that may be singular: the Cholesky factor by columns, a column of zeros where nothing of the variance is left.</summary>
internal static class SemidefiniteFactor
{
    private const double Tolerance = 1e-12;

    /// <summary>The place of the factor, zero above the diagonal.</summary>
    public static int Of(Workspace w, string name, Block covariance)
    {
        LinearAlgebra.Factorizations.RequireSymmetric(w, name, covariance);
        int n = covariance.Rows, factor = w.AllocateSlots(n * n);
        ReadOnlySpan<double> a = w.Values(covariance);
        Span<double> l = w.V.AsSpan(factor, n * n);
        l.Clear();
        for (int j = 0; j < n; j++)
        {
            double rest = a[j * (n + 1)];
            for (int k = 0; k < j; k++) rest -= l[(k * n) + j] * l[(k * n) + j];
            double least = Tolerance * Math.Max(1, Math.Abs(a[j * (n + 1)]));
            if (!(rest >= -least)) Workspace.Reject($"{name}: a covariance is not positive semidefinite");
            if (rest <= least) continue;
            l[j * (n + 1)] = Math.Sqrt(rest);
            for (int i = j + 1; i < n; i++)
            {
                double sum = a[(j * n) + i];
                for (int k = 0; k < j; k++) sum -= l[(k * n) + i] * l[(k * n) + j];
                l[(j * n) + i] = sum / l[j * (n + 1)];
            }
        }
        return factor;
    }

    /// <summary>Adds L z to n values, z standard normal.</summary>
    public static void AddDraw(Workspace w, int factor, int n, int to)
    {
        for (int j = 0; j < n; j++)
        {
            double z = w.Rng.NextNormal();
            for (int i = j; i < n; i++) w.V[to + i] += w.V[factor + (j * n) + i] * z;
        }
    }
}
