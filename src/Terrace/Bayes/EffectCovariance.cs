using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>The covariance of one level's effects from a draw's standard deviations and correlations. Checked in <c>BayesMrpTests</c>.</summary>
internal static class EffectCovariance
{
    /// <summary>The Cholesky factor of a term's covariance matrix from its standard deviations and correlations.</summary>
    public static Matrix Factor(double[] values, int sd, int cor, int width)
    {
        var covariance = new Matrix(width, width);
        for (int i = 0; i < width; i++)
        {
            covariance[i, i] = values[sd + i] * values[sd + i];
            for (int j = 0; j < i; j++) covariance[i, j] = covariance[j, i] = values[sd + i] * values[sd + j] * values[cor + i * (i - 1) / 2 + j];
        }
        // A correlation of ±1 to the last digit leaves a factor of lower rank; the standard deviations alone are then taken.
        if (Cholesky.TryFactor(covariance)) return covariance;
        var diagonal = new Matrix(width, width);
        for (int i = 0; i < width; i++) diagonal[i, i] = values[sd + i];
        return diagonal;
    }
}
