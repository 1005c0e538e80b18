using Terrace.Numerics.SpecialFunctions;
using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The Cholesky factor L of a Wishart or inverse Wishart matrix L Lᵀ, by the factor M of the scale: the density of the matrix with the Jacobian K log 2 + Σ (K − k + 1) log L_kk of the product, k from 1. So
/// log p = K log 2 − ½ νK log 2 − log Γ_K(ν/2) + Σ (ν − k) log L_kk − ν Σ log M_kk − ½ |M⁻¹ L|² for the Wishart, and with −(ν + k) log L_kk, + ν log M_kk and |L⁻¹ M|² for the inverse.
/// Source: Stan functions reference, "Wishart distribution, Cholesky Parameterization".
/// </summary>
internal static class WishartFactors
{
    private const double LogTwo = 0.6931471805599453, LogPi = 1.1447298858494002;

    /// <summary>The log density of the factor of a Wishart matrix.</summary>
    public static Block Log(Workspace w, int terms, Block l, Block nu, Block scale) => Density(w, terms, "wishart_cholesky_lpdf", l, nu, scale, false);

    /// <summary>The log density of the factor of an inverse Wishart matrix.</summary>
    public static Block LogInverse(Workspace w, int terms, Block l, Block nu, Block scale) => Density(w, terms, "inv_wishart_cholesky_lpdf", l, nu, scale, true);

    private static Block Density(Workspace w, int terms, string name, Block l, Block nu, Block scale, bool inverse)
    {
        int k = l.Rows, edges = 0;
        double df = w.V[nu.Offset];
        if (scale.Rows != k || scale.Cols != k || l.Cols != k) Workspace.Fail($"{name}: the factors are {k} × {l.Cols} and {scale.Rows} × {scale.Cols}");
        if (!(df > k - 1)) Workspace.Reject($"{name}: degrees of freedom are {df}, but must be greater than {k - 1}");
        RequireFactor(w, name, l);
        RequireFactor(w, name, scale);
        if (terms == 0) return w.AllocateScalar(0, false);
        bool active = w.Differentiating && (l.Active || nu.Active || scale.Active);
        Block square = DotProducts.DotSelf(w, inverse ? Division.LeftTriangular(w, l, scale) : Division.LeftTriangular(w, scale, l)), result = w.AllocateScalar(0, active);
        double value = -0.5 * w.V[square.Offset], slope = 0, sign = inverse ? -1 : 1;
        Edge(square.Active, square.Offset, -0.5);
        for (int j = 1; j <= k; j++)
        {
            int at = (j - 1) * (k + 1);
            double own = w.V[l.Offset + at], other = w.V[scale.Offset + at], power = (sign * df) - j;
            if ((terms & 3) != 0) value += power * Math.Log(own);
            if ((terms & 6) != 0) value -= sign * df * Math.Log(other);
            slope += sign * (Math.Log(own) - Math.Log(other));
            Edge(l.Active, l.Offset + at, power / own);
            Edge(scale.Active, scale.Offset + at, -sign * df / other);
            if ((terms & 2) == 0) continue;
            value -= GammaFunction.LogGamma(0.5 * (df - j + 1)) + (0.5 * df * LogTwo);
            slope -= 0.5 * (GammaFunction.Digamma(0.5 * (df - j + 1)) + LogTwo);
        }
        if (terms == -1) value += (k * LogTwo) - (0.25 * k * (k - 1) * LogPi);
        Edge(nu.Active, nu.Offset, slope);
        w.V[result.Offset] = value;
        if (active) w.CloseLinear(result.Offset, edges);
        return result;

        void Edge(bool wanted, int slot, double partial)
        {
            if (!wanted || !active) return;
            w.Edge(slot, partial);
            edges++;
        }
    }

    /// <summary>Refuses what is not lower triangular with a positive diagonal.</summary>
    internal static void RequireFactor(Workspace w, string name, Block l)
    {
        int n = l.Rows;
        for (int j = 0; j < n; j++)
        {
            double diagonal = w.V[l.Offset + (j * (n + 1))];
            if (!(diagonal > 0)) Workspace.Reject($"{name}: diagonal element {j + 1} of a Cholesky factor is {diagonal}, but must be positive");
            for (int i = 0; i < j; i++) if (w.V[l.Offset + (j * n) + i] != 0) Workspace.Reject($"{name}: element ({i + 1}, {j + 1}) of a Cholesky factor is {w.V[l.Offset + (j * n) + i]}, but must be 0");
        }
    }
}
