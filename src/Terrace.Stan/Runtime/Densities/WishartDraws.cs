using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// Draws of Wishart and inverse Wishart matrices and of their Cholesky factors by Bartlett's decomposition: A lower triangular with A_kk² ~ χ²(ν − k), k from 0, and normal elements below has A Aᵀ ~ Wishart(ν, I), so M A is the factor for
/// the scale M Mᵀ. Of an upper triangular U with U_kk² ~ χ²(ν − K + 1 + k), U Uᵀ is Wishart as well, and M U⁻ᵀ is the factor of the inverse Wishart matrix. Source: Anderson (2003), An Introduction to Multivariate Statistical Analysis, section 7.2.
/// </summary>
internal static class WishartDraws
{
    /// <summary>A Wishart matrix.</summary>
    public static Block Wishart(Workspace w, Block nu, Block scale) => LowerTriangularProduct.SelfTranspose(w, Factor(w, "wishart_rng", nu, Factored(w, "wishart_rng", scale), false));

    /// <summary>An inverse Wishart matrix.</summary>
    public static Block InverseWishart(Workspace w, Block nu, Block scale) => LowerTriangularProduct.SelfTranspose(w, Factor(w, "inv_wishart_rng", nu, Factored(w, "inv_wishart_rng", scale), true));

    /// <summary>The Cholesky factor of a Wishart matrix, by the factor of the scale.</summary>
    public static Block WishartFactor(Workspace w, Block nu, Block factor) => Checked(w, "wishart_cholesky_rng", nu, factor, false);

    /// <summary>The Cholesky factor of an inverse Wishart matrix, by the factor of the scale.</summary>
    public static Block InverseWishartFactor(Workspace w, Block nu, Block factor) => Checked(w, "inv_wishart_cholesky_rng", nu, factor, true);

    private static Block Checked(Workspace w, string name, Block nu, Block factor, bool inverse)
    {
        Factorizations.RequireSquare(name, factor);
        WishartFactors.RequireFactor(w, name, factor);
        return Factor(w, name, nu, factor, inverse);
    }

    private static Block Factored(Workspace w, string name, Block scale)
    {
        Factorizations.RequireSymmetric(w, name, scale);
        Block factor = w.AllocateLike(scale, false);
        w.Values(scale).CopyTo(w.Values(factor));
        Factorizations.Factor(w, name, factor.Offset, scale.Rows);
        return factor;
    }

    private static Block Factor(Workspace w, string name, Block nu, Block scale, bool inverse)
    {
        int n = scale.Rows;
        double df = w.V[nu.Offset];
        if (!(df > n - 1)) Workspace.Reject($"{name}: degrees of freedom are {df}, but must be greater than {n - 1}");
        // Of an inverse the transpose Uᵀ is drawn, which is lower triangular too.
        Block bartlett = w.Allocate(1, n, n, false);
        w.Values(bartlett).Clear();
        for (int j = 0; j < n; j++)
        {
            w.V[bartlett.Offset + (j * (n + 1))] = Math.Sqrt(2 * w.Rng.NextGamma(0.5 * (inverse ? df - n + 1 + j : df - j)));
            for (int i = j + 1; i < n; i++) w.V[bartlett.Offset + (j * n) + i] = w.Rng.NextNormal();
        }
        Block result = inverse ? Division.RightTriangular(w, scale, bartlett) : Products.Multiply(w, scale, bartlett);
        MatrixKernels.ClearUpper(w.V, result.Offset, n);
        return result;
    }
}
