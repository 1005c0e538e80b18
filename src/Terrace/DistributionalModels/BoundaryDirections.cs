using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.DistributionalModels;

/// <summary>
/// Finds coefficients of a dispersion or a zero part that have run to a boundary: a direction whose standard error moves the predictor, a logarithm or a logit, by more than 10 in a typical
/// row, and in it the coefficients whose variance it makes up.
/// </summary>
/// <remarks>
/// <para>With ψ = Qδ, Q'WQ = I and the covariance C of δ, the eigenvalues of C/ΣW are mean squares of ψ's errors over the rows, whatever the scales and origins of the columns. In an eigenvector v
/// with eigenvalue λ above 100 coefficient i of β = R⁻¹δ has the variance λ ΣW (R⁻¹v)_i²; it has run away if that is more than 0.9 of its whole variance.</para>
/// <para>Albert and Anderson (1984), <em>On the existence of maximum likelihood estimates in logistic regression models</em>, for estimates at infinity. Check: DistributionalModelTests.</para>
/// </remarks>
internal static class BoundaryDirections
{
    private const double LargestError = 10;
    private const double Share = 0.9;

    /// <summary>Marks in <paramref name="flat"/> those of the coefficients that begin at <paramref name="first"/> in the covariance of all.</summary>
    public static void Mark(FixedEffectsBasis basis, Matrix covariance, int first, double totalWeight, bool[] flat)
    {
        int p = basis.Rank;
        if (p == 0) return;
        var eigen = SymmetricEigen.Decompose(InBasis(basis, covariance, first, totalWeight));
        for (int k = 0; k < p; k++)
        {
            if (!(eigen.Values[k] > LargestError * LargestError)) continue;
            double[] direction = basis.ToCoefficients(eigen.Vectors.Column(k));
            for (int i = 0; i < p; i++)
                flat[first + i] |= eigen.Values[k] * totalWeight * direction[i] * direction[i] > Share * covariance[first + i, first + i];
        }
    }

    /// <summary>R C_β R' / ΣW.</summary>
    private static Matrix InBasis(FixedEffectsBasis basis, Matrix covariance, int first, double totalWeight)
    {
        int p = basis.Rank;
        var half = new Matrix(p, p);
        for (int j = 0; j < p; j++) basis.FromCoefficients(covariance.Column(first + j).Slice(first, p)).CopyTo(half.Column(j));
        var result = new Matrix(p, p);
        var row = new double[p];
        for (int i = 0; i < p; i++)
        {
            for (int j = 0; j < p; j++) row[j] = half[i, j];
            double[] mapped = basis.FromCoefficients(row);
            for (int j = 0; j < p; j++) result[i, j] = mapped[j] / totalWeight;
        }
        return result;
    }
}
