using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Transforms;

/// <summary>
/// The Cholesky factor of a correlation matrix from partial correlations tanh y: in row i, x_ij = tanh(y_ij) r_ij for j &lt; i and x_ii = r_ii with r_i0 = 1, r_i,j+1 = r_ij / cosh(y_ij), so that each row has length 1.
/// The free values run along rows or along columns of the lower triangle. Source: Lewandowski, Kurowicka and Joe (2009), Journal of Multivariate Analysis 100, equations 2 to 4; Stan reference manual, "Cholesky factors of correlation matrices".
/// </summary>
internal static class PartialCorrelations
{
    private static readonly FactorOperation Factored = new();

    /// <summary>The place of the free value of element (i, j), j &lt; i, among those of a k × k matrix.</summary>
    public static int Place(int i, int j, int k, bool byColumn) => byColumn ? (j * (k - 1)) - (j * (j - 1) / 2) + i - j - 1 : (i * (i - 1) / 2) + j;

    /// <summary>The factor, k × k.</summary>
    public static Block Factor(Workspace w, Block free, int k, bool byColumn)
    {
        bool active = free.Active && w.Differentiating;
        Block result = w.Allocate(1, k, k, active);
        // The r_ij (j < i) are kept for the reverse pass at the places of their free values.
        int rest = w.AllocateSlots(active ? free.Count : 0);
        w.Values(result).Clear();
        for (int i = 0; i < k; i++)
        {
            double r = 1;
            for (int j = 0; j < i; j++)
            {
                int place = Place(i, j, k, byColumn);
                double y = w.V[free.Offset + place];
                w.V[result.Offset + (j * k) + i] = r * Math.Tanh(y);
                if (active) w.V[rest + place] = r;
                r /= Math.Cosh(y);
            }
            w.V[result.Offset + (i * k) + i] = r;
        }
        if (active) w.Record(Factored, free.Offset, rest, result.Offset, k, byColumn ? 1 : 0);
        return result;
    }

    /// <summary>Adds Σ weight(i, j) · log sech(y_ij) and its derivative, −weight · tanh y.</summary>
    public static void AddLogSech(Workspace w, Block free, int k, bool byColumn, Func<int, int, int, int> weight)
    {
        bool gradient = free.Active && w.Differentiating;
        for (int i = 1; i < k; i++)
        {
            for (int j = 0; j < i; j++)
            {
                int at = free.Offset + Place(i, j, k, byColumn), times = weight(i, j, k);
                w.Target += times * LogSech(w.V[at]);
                if (gradient) w.A[at] -= times * Math.Tanh(w.V[at]);
            }
        }
    }

    /// <summary>log(1 / cosh y) without overflow.</summary>
    private static double LogSech(double y)
    {
        double size = Math.Abs(y);
        return 0.6931471805599453 - size - LogisticFunction.Log1p(Math.Exp(-2 * size));
    }

    /// <summary>The free values of a factor (lower triangle, column-major).</summary>
    public static void Free(ReadOnlySpan<double> factor, Span<double> free, int k, bool byColumn)
    {
        for (int i = 1; i < k; i++)
        {
            double rest = 1;
            for (int j = 0; j < i; j++)
            {
                double x = factor[(j * k) + i];
                free[Place(i, j, k, byColumn)] = Math.Atanh(x / Math.Sqrt(rest));
                rest -= x * x;
            }
        }
    }

    private sealed class FactorOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int k = o[3];
            bool byColumn = o[4] != 0;
            for (int i = 1; i < k; i++)
            {
                double later = w.A[o[2] + (i * k) + i];
                for (int j = i - 1; j >= 0; j--)
                {
                    int place = Place(i, j, k, byColumn);
                    double y = w.V[o[0] + place], r = w.V[o[1] + place], tanh = Math.Tanh(y), sech = 1 / Math.Cosh(y), given = w.A[o[2] + (j * k) + i];
                    w.A[o[0] + place] += r * sech * ((given * sech) - (later * tanh));
                    later = (given * tanh) + (later * sech);
                }
            }
        }
    }
}
