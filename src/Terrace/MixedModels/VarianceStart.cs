using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// Starting values for the search over relative covariance parameters: estimates of moments from the cross-products, which for crossed data of some size are already near the optimum.
/// </summary>
/// <remarks>
/// <para>For each random column type k (a term's covariate, its levels l): with s_l = z_l'We, e the residual of the regression on X, and n_l = z_l'Wz_l, the quadratic form Σ_l s_l²/n_l has the
/// expectation Σ_j σ_j² Σ_lm G_lm²/n_l + σ² q_k, G = Z'WZ, if correlations and what X takes away are left aside; together with e'We these are as many linear equations as variances.</para>
/// <para>Henderson (1953), <em>Estimation of variance and covariance components</em>, Biometrics 9, method 1. Deviation: a start only, so each relative standard deviation (for a covariate of unit
/// root mean square) is kept between <see cref="Smallest"/> and <see cref="Largest"/>. Check: SearchStartTests.</para>
/// </remarks>
internal static class VarianceStart
{
    private const double Smallest = 0.1;
    private const double Largest = 3;

    /// <summary>The factors S in the coordinates of <paramref name="scaling"/>, diagonal; <paramref name="squares"/> is e'We of all rows and <paramref name="rows"/> their number.</summary>
    public static double[] Of(BlockedCrossProduct product, RandomTermScaling scaling, double squares, int rows)
    {
        var layout = product.Layout;
        var kinds = Kinds(layout);
        int[] kindOf = new int[layout.Columns];
        for (int k = 0; k < kinds.Length; k++)
        {
            for (int l = 0; l < kinds[k].Term.Levels.Count; l++) kindOf[kinds[k].Term.Index(l, kinds[k].Component)] = k;
        }
        double[] diagonal = Diagonal(product);
        double[] variances = Solve(Equations(product, kindOf, diagonal, kinds.Length, rows), RightSides(product, kindOf, diagonal, kinds.Length, squares));
        double[] start = layout.IdentityTheta();
        for (int k = 0; k < kinds.Length; k++)
        {
            (RandomTermLayout term, int t, int component) = kinds[k];
            double ratio = variances[k] / variances[^1], own = scaling.Scale(t, component).Own;
            double relative = variances[^1] > 0 && double.IsFinite(ratio) ? Math.Sqrt(Math.Max(0, ratio)) * own : 1;
            start[term.ThetaIndex(component, component)] = Math.Clamp(relative, Smallest, Largest);
        }
        return start;
    }

    private static (RandomTermLayout Term, int T, int Component)[] Kinds(RandomEffectsLayout layout) =>
        [.. Enumerable.Range(0, layout.Terms.Count).SelectMany(t => Enumerable.Range(0, layout.Terms[t].Width).Select(c => (layout.Terms[t], t, c)))];

    private static double[] Diagonal(BlockedCrossProduct product)
    {
        var layout = product.Layout;
        var diagonal = new double[layout.Columns];
        int width = layout.LeadWidth;
        for (int j = 0; j < layout.LeadColumns; j++) diagonal[j] = product.Lead[j * width + j % width];
        for (int j = 0; j < layout.TailColumns; j++) diagonal[layout.LeadColumns + j] = product.TailEntry(j, j);
        return diagonal;
    }

    /// <summary>The coefficients of the variances: row k has those of Σ s²/n of kind k, the last row those of e'We.</summary>
    private static Matrix Equations(BlockedCrossProduct product, int[] kindOf, double[] diagonal, int kinds, int rows)
    {
        var equations = new Matrix(kinds + 1, kinds + 1);
        void Add(int i, int j, double value)
        {
            double square = value * value;
            if (square == 0) return;
            equations[kindOf[i], kindOf[j]] += square / diagonal[i];
            if (i != j) equations[kindOf[j], kindOf[i]] += square / diagonal[j];
        }
        AddLead(product, Add);
        AddTail(product, Add);
        for (int j = 0; j < diagonal.Length; j++)
        {
            if (diagonal[j] > 0) equations[kindOf[j], kinds]++;
            equations[kinds, kindOf[j]] += diagonal[j];
        }
        equations[kinds, kinds] = rows - product.FixedColumns;
        return equations;
    }

    private static void AddLead(BlockedCrossProduct product, Action<int, int, double> add)
    {
        var layout = product.Layout;
        int width = layout.LeadWidth;
        for (int l = 0; l < layout.LeadLevels; l++)
        {
            for (int c = 0; c < width; c++)
            {
                for (int r = c; r < width; r++) add(l * width + r, l * width + c, product.Lead[(l * width + c) * width + r]);
            }
            int start = product.CouplingStart(l);
            for (int a = 0; a < product.Pattern.Count(l); a++)
            {
                int column = layout.LeadColumns + product.TailColumn(l, a);
                for (int r = 0; r < width; r++) add(l * width + r, column, product.Coupling[start + a * width + r]);
            }
        }
    }

    private static void AddTail(BlockedCrossProduct product, Action<int, int, double> add)
    {
        int first = product.Layout.LeadColumns;
        for (int j = 0; j < product.Layout.TailColumns; j++)
        {
            if (product.SparseTail is not null)
            {
                // Of a sparse tail the squares alone: what its terms have in common is left aside.
                add(first + j, first + j, product.TailEntry(j, j));
                continue;
            }
            for (int i = j; i < product.Layout.TailColumns; i++) add(first + i, first + j, product.Tail[i, j]);
        }
    }

    private static double[] RightSides(BlockedCrossProduct product, int[] kindOf, double[] diagonal, int kinds, double squares)
    {
        var right = new double[kinds + 1];
        for (int j = 0; j < diagonal.Length; j++)
        {
            if (diagonal[j] > 0) right[kindOf[j]] += product.RightSide[j] * product.RightSide[j] / diagonal[j];
        }
        right[kinds] = squares;
        return right;
    }

    /// <summary>The least-squares solution, which is not a number where the equations do not determine the variances.</summary>
    private static double[] Solve(Matrix equations, double[] right)
    {
        int n = right.Length;
        var normal = new Matrix(n, n);
        var solution = new double[n];
        double[] scale = [.. Enumerable.Range(0, n).Select(j => Math.Sqrt(Math.Max(1e-300, equations[j, j])))];
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < n; i++)
            {
                double entry = equations[i, j] / scale[i];
                solution[j] += entry * (right[i] / scale[i]);
                for (int k = 0; k < n; k++) normal[k, j] += equations[i, k] / scale[i] * entry;
            }
        }
        if (!Cholesky.TryFactor(normal)) Array.Fill(solution, double.NaN);
        else
        {
            Cholesky.SolveLower(normal, solution);
            Cholesky.SolveLowerTransposed(normal, solution);
        }
        return solution;
    }
}
