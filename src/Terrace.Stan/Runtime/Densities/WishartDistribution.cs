using Terrace.Numerics.SpecialFunctions;
using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The Wishart distribution, log p(W | ν, S) = −½ νK log 2 − log Γ_K(ν/2) − ½ ν log|S| + ½ (ν − K − 1) log|W| − ½ tr(S⁻¹ W), and the inverse one, −½ νK log 2 − log Γ_K(ν/2) + ½ ν log|S| − ½ (ν + K + 1) log|W| − ½ tr(W⁻¹ S),
/// with log Γ_K(x) = ¼ K (K − 1) log π + Σₖ log Γ(x − k/2), k = 0 … K − 1. Source: Stan functions reference, "Covariance matrix distributions".
/// </summary>
internal static class WishartDistribution
{
    /// <summary>The log density of the Wishart distribution.</summary>
    public static Block Log(Workspace w, int terms, Block x, Block nu, Block s) => Density(w, terms, "wishart_lpdf", x, nu, s, false);

    /// <summary>The log density of the inverse Wishart distribution.</summary>
    public static Block LogInverse(Workspace w, int terms, Block x, Block nu, Block s) => Density(w, terms, "inv_wishart_lpdf", x, nu, s, true);

    private static Block Density(Workspace w, int terms, string name, Block x, Block nu, Block s, bool inverse)
    {
        int k = x.Rows;
        double df = w.V[nu.Offset];
        if (s.Rows != k || s.Cols != k || x.Cols != k) Workspace.Fail($"{name}: the matrices are {k} × {x.Cols} and {s.Rows} × {s.Cols}");
        if (!(df > k - 1)) Workspace.Reject($"{name}: degrees of freedom are {df}, but must be greater than {k - 1}");
        if (terms == 0) return w.AllocateScalar(0, false);
        bool aboutNu = (terms & 2) != 0, active = w.Differentiating && (x.Active || nu.Active || s.Active);
        double xPower = inverse ? -0.5 * (df + k + 1) : 0.5 * (df - k - 1), sPower = inverse ? 0.5 * df : -0.5 * df;
        Block logX = Determinants.LogDeterminantSpd(w, x), logS = Determinants.LogDeterminantSpd(w, s);
        Block trace = QuadraticForms.Trace(w, inverse ? Division.LeftSpd(w, x, s) : Division.LeftSpd(w, s, x));
        double value = -0.5 * w.V[trace.Offset], slope = (inverse ? -0.5 : 0.5) * (w.V[logX.Offset] - w.V[logS.Offset]);
        // Each summand counts where one of its arguments does: x is 1, ν is 2, S is 4.
        if ((terms & 3) != 0) value += xPower * w.V[logX.Offset];
        if ((terms & 6) != 0) value += sPower * w.V[logS.Offset];
        if (aboutNu)
        {
            value -= (0.5 * df * k * 0.6931471805599453) + (0.25 * k * (k - 1) * 1.1447298858494002);
            slope -= 0.5 * k * 0.6931471805599453;
            for (int j = 0; j < k; j++)
            {
                value -= GammaFunction.LogGamma(0.5 * (df - j));
                slope -= 0.5 * GammaFunction.Digamma(0.5 * (df - j));
            }
        }
        Block result = w.AllocateScalar(value, active);
        if (!active) return result;
        int edges = Add(w, trace, -0.5) + Add(w, logX, xPower) + Add(w, logS, sPower) + Add(w, nu, slope);
        w.CloseLinear(result.Offset, edges);
        return result;
    }

    private static int Add(Workspace w, Block x, double partial)
    {
        if (!x.Active) return 0;
        w.Edge(x.Offset, partial);
        return 1;
    }
}
