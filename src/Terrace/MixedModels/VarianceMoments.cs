using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The degrees of freedom of the χ² variable that has the mean and the variance of an estimated variance c'V(ψ)c: what the methods of Satterthwaite and of Kenward and Roger share.
/// </summary>
/// <remarks>
/// <para>df = 2 (c'Vc)² / Σ_ij A_ij (c'D_i c)(c'D_j c), D_i = ∂V/∂ψ_i, A = Cov(ψ̂). Satterthwaite (1946), <em>An approximate distribution of estimates of variance components</em>;
/// Giesbrecht and Burns (1985), <em>Two-stage analysis based on a mixed model</em>. The sign of a D_i does not matter if all change it.</para>
/// <para>Symbols: V, D_i over the estimated coefficients -> <c>covariance</c>, <c>derivatives</c>; A -> <c>spread</c>. Check: SatterthwaiteTests, KenwardRogerTests.</para>
/// </remarks>
internal sealed class VarianceMoments(Matrix covariance, Matrix[] derivatives, Matrix spread, IReadOnlyList<int> estimated, int columns)
{
    /// <summary>V over the estimated coefficients.</summary>
    public Matrix Covariance => covariance;

    /// <summary>D_i over the estimated coefficients.</summary>
    public IReadOnlyList<Matrix> Derivatives => derivatives;

    /// <summary>A.</summary>
    public Matrix Spread => spread;

    /// <summary>The weights of the estimated coefficients in hypotheses that have one for each column of the model matrix, a row each.</summary>
    /// <exception cref="ArgumentException">The number of weights is not that of the columns.</exception>
    public Matrix Estimated(Matrix hypotheses)
    {
        if (hypotheses.Columns != columns) throw new ArgumentException($"The hypotheses have {hypotheses.Columns} weights for {columns} columns of the model matrix.", nameof(hypotheses));
        var kept = new Matrix(hypotheses.Rows, estimated.Count);
        for (int j = 0; j < estimated.Count; j++) hypotheses.Column(estimated[j]).CopyTo(kept.Column(j));
        return kept;
    }

    /// <summary>The degrees of freedom of Σ c_j β_j over the estimated coefficients alone.</summary>
    public double DegreesOfFreedomOfEstimated(double[] weights)
    {
        double variance = QuadraticForm(covariance, weights), sum = 0;
        double[] slopes = [.. derivatives.Select(d => QuadraticForm(d, weights))];
        for (int j = 0; j < slopes.Length; j++)
        {
            for (int i = 0; i < slopes.Length; i++) sum += spread[i, j] * slopes[i] * slopes[j];
        }
        return 2 * variance * variance / sum;
    }

    /// <summary>The degrees of freedom of Σ c_j β_j; weights of aliased columns do not count; NaN where no weight counts.</summary>
    public double DegreesOfFreedom(ReadOnlySpan<double> contrast) => DegreesOfFreedomOfEstimated(Estimated(contrast));

    /// <summary>c'Mc for a matrix over the estimated coefficients.</summary>
    public double QuadraticForm(Matrix matrix, ReadOnlySpan<double> contrast) => QuadraticForm(matrix, Estimated(contrast));

    /// <summary>The degrees of freedom of each column of the model matrix, NaN where aliased.</summary>
    public double[] OfCoefficients()
    {
        var degrees = new double[columns];
        Array.Fill(degrees, double.NaN);
        var contrast = new double[columns];
        foreach (int j in estimated)
        {
            contrast[j] = 1;
            degrees[j] = DegreesOfFreedom(contrast);
            contrast[j] = 0;
        }
        return degrees;
    }

    /// <exception cref="ArgumentException">The number of weights is not that of the columns.</exception>
    private double[] Estimated(ReadOnlySpan<double> contrast)
    {
        if (contrast.Length != columns) throw new ArgumentException($"The contrast has {contrast.Length} weights for {columns} columns of the model matrix.", nameof(contrast));
        var weights = new double[estimated.Count];
        for (int j = 0; j < weights.Length; j++) weights[j] = contrast[estimated[j]];
        return weights;
    }

    private static double QuadraticForm(Matrix matrix, double[] weights)
    {
        double sum = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            for (int i = 0; i < weights.Length; i++) sum += weights[i] * matrix[i, j] * weights[j];
        }
        return sum;
    }
}
