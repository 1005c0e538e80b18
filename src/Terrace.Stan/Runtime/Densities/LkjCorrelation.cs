using Terrace.Numerics.SpecialFunctions;
using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The distribution of correlation matrices with density c |Ω|^(η − 1), and that of their Cholesky factors, c Π L_kk^(K − k + 2η − 2). log c = Σₖ₌₁^(K−1) log Γ(η + (K − 1)/2) − ½ k log π − log Γ(η + (K − 1 − k)/2).
/// Source: Lewandowski, Kurowicka and Joe (2009), Journal of Multivariate Analysis 100, theorem 5; Stan functions reference, "Correlation matrix distributions".
/// </summary>
internal static class LkjCorrelation
{
    private const double LogPi = 1.1447298858494002;

    /// <summary>The log density of a correlation matrix.</summary>
    public static Block Log(Workspace w, int terms, Block omega, Block eta)
    {
        double shape = Shape(w, "lkj_corr_lpdf", eta), value = Constant(omega.Rows, shape, terms, out double slope);
        if (omega.Rows < 1 || terms == 0) return w.AllocateScalar(0, false);
        Block logDeterminant = Determinants.LogDeterminantSpd(w, omega);
        double log = w.V[logDeterminant.Offset];
        Block result = w.AllocateScalar(value + ((shape - 1) * log), w.Differentiating && (omega.Active || eta.Active));
        Close(w, result, eta, slope + log, logDeterminant, shape - 1);
        return result;
    }

    /// <summary>The log density of a Cholesky factor.</summary>
    public static Block LogCholesky(Workspace w, int terms, Block l, Block eta)
    {
        int size = l.Rows;
        Factorizations.RequireSquare("lkj_corr_cholesky_lpdf", l);
        double shape = Shape(w, "lkj_corr_cholesky_lpdf", eta), value = Constant(size, shape, terms, out double slope);
        if (size < 1 || terms == 0) return w.AllocateScalar(0, false);
        bool active = w.Differentiating && (l.Active || eta.Active);
        int edges = 0;
        Block result = w.AllocateScalar(0, active);
        for (int k = 2; k <= size; k++)
        {
            int at = l.Offset + ((k - 1) * (size + 1));
            double diagonal = w.V[at], log = Math.Log(diagonal), power = size - k + (2 * shape) - 2;
            if (!(diagonal > 0)) Workspace.Reject($"lkj_corr_cholesky_lpdf: diagonal element {k} is {diagonal}, but must be positive");
            value += power * log;
            slope += 2 * log;
            if (!active || !l.Active) continue;
            w.Edge(at, power / diagonal);
            edges++;
        }
        w.V[result.Offset] = value;
        if (active && eta.Active)
        {
            w.Edge(eta.Offset, slope);
            edges++;
        }
        if (active) w.CloseLinear(result.Offset, edges);
        return result;
    }

    private static void Close(Workspace w, Block result, Block eta, double etaSlope, Block log, double logSlope)
    {
        if (!result.Active) return;
        int edges = 0;
        if (eta.Active)
        {
            w.Edge(eta.Offset, etaSlope);
            edges++;
        }
        if (log.Active)
        {
            w.Edge(log.Offset, logSlope);
            edges++;
        }
        w.CloseLinear(result.Offset, edges);
    }

    private static double Shape(Workspace w, string name, Block eta)
    {
        double shape = w.V[eta.Offset];
        if (!(shape > 0)) Workspace.Reject($"{name}: shape is {shape}, but must be positive");
        return shape;
    }

    /// <summary>log c, where the shape counts, and its derivative.</summary>
    private static double Constant(int size, double eta, int terms, out double slope)
    {
        double value = slope = 0;
        if ((terms & 2) == 0) return 0;
        double last = eta + (0.5 * (size - 1));
        for (int k = 1; k < size; k++)
        {
            value += GammaFunction.LogGamma(last) - (0.5 * k * LogPi) - GammaFunction.LogGamma(last - (0.5 * k));
            slope += GammaFunction.Digamma(last) - GammaFunction.Digamma(last - (0.5 * k));
        }
        return value;
    }
}
