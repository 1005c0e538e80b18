using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// Draws of correlation matrices with density c |Ω|^(η − 1): the partial correlations of column j given the columns before it are 2 B − 1, B ~ Beta(b, b), b = η + (K − 2 − j)/2, j from 0.
/// Source: Lewandowski, Kurowicka and Joe (2009), Journal of Multivariate Analysis 100, section 2.4.
/// </summary>
internal static class LkjDraws
{
    /// <summary>A correlation matrix.</summary>
    public static Block Matrix(Workspace w, int size, Block eta)
    {
        Block result = LowerTriangularProduct.SelfTranspose(w, Factor(w, "lkj_corr_rng", size, eta));
        for (int i = 0; i < size; i++) w.V[result.Offset + (i * (size + 1))] = 1;
        return result;
    }

    /// <summary>Its Cholesky factor.</summary>
    public static Block Cholesky(Workspace w, int size, Block eta) => Factor(w, "lkj_corr_cholesky_rng", size, eta);

    private static Block Factor(Workspace w, string name, int size, Block eta)
    {
        double shape = w.V[eta.Offset];
        ContinuousDomain.Positive(name, "shape", shape);
        if (size < 1) Workspace.Reject($"{name}: the size is {size}, but must be positive");
        Block result = w.Allocate(1, size, size, false);
        w.Values(result).Clear();
        for (int i = 0; i < size; i++)
        {
            double rest = 1;
            for (int j = 0; j < i; j++)
            {
                double b = shape + (0.5 * (size - 2 - j)), partial = (2 * BetaDistribution.Draw(b, b, w.Rng)) - 1;
                w.V[result.Offset + (j * size) + i] = partial * Math.Sqrt(rest);
                rest *= (1 - partial) * (1 + partial);
            }
            w.V[result.Offset + (i * (size + 1))] = Math.Sqrt(rest);
        }
        return result;
    }
}
