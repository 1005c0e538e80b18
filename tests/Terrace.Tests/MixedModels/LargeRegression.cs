using Terrace.Numerics.LinearAlgebra;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

/// <summary>What the ways to write one model must agree in.</summary>
internal sealed record HandFit(double[] Beta, double[] Deviations, double LogLikelihood, double[] Fitted);

/// <summary>
/// Maximum likelihood by one regression on all columns, those of the groups penalised by σ²/σ_t²: σ_t² = |η_t|² / (q_t − penalty × trace of block t of (Z'Z + penalties)⁻¹), σ² = y'(residuals)/n, repeated until
/// nothing changes (Harville 1977); and generalised least squares with the whole covariance matrix.
/// </summary>
internal static class LargeRegression
{
    public static HandFit Fit(double[] y, Matrix x, params Matrix[] z)
    {
        int n = y.Length, p = x.Columns;
        int[] term = [.. z.SelectMany((block, t) => Enumerable.Repeat(t, block.Columns))];
        Matrix random = z.Aggregate(Beside), all = Beside(x, random);
        double[] ones = [.. y.Select(_ => 1.0)], right = Multiply(Transpose(all), y), variances = [.. z.Select(_ => 1.0), 1];
        Matrix products = Cross(all, ones, all), own = Cross(random, ones, random);
        while (true)
        {
            double[] penalty = [.. term.Select(t => variances[^1] / variances[t])];
            double[] coefficients = Multiply(Invert(Penalised(products, p, penalty)).Inverse, right), fitted = Multiply(all, coefficients), residuals = [.. y.Zip(fitted, (a, b) => a - b)];
            var (inverse, logDeterminant) = Invert(Penalised(own, 0, penalty));
            double[] next = [.. z.Select((_, t) => Variance(t, term, coefficients[p..], inverse, penalty)), y.Zip(residuals, (a, b) => a * b).Sum() / n];
            if (next.Zip(variances, (a, b) => Math.Abs(a - b)).Max() < 1e-13)
            {
                double squares = residuals.Sum(r => r * r) + penalty.Zip(coefficients[p..], (a, b) => a * b * b).Sum();
                double logLikelihood = -0.5 * (n * Math.Log(2 * Math.PI * variances[^1]) + logDeterminant - penalty.Sum(Math.Log) + squares / variances[^1]);
                return new HandFit(coefficients[..p], [.. variances.Select(Math.Sqrt)], logLikelihood, fitted);
            }
            variances = next;
        }
    }

    /// <summary>Generalised least squares with Σ = σ²I + Σ σ_t² Z_t Z_t', given the standard deviations.</summary>
    public static HandFit Generalised(double[] y, Matrix x, double[] deviations, params Matrix[] z)
    {
        int n = y.Length;
        var sigma = new Matrix(n, n);
        for (int t = 0; t < z.Length; t++)
        {
            Matrix shared = Multiply(z[t], Transpose(z[t]));
            for (int k = 0; k < sigma.Values.Length; k++) sigma.Values[k] += deviations[t] * deviations[t] * shared.Values[k];
        }
        for (int i = 0; i < n; i++) sigma[i, i] += deviations[^1] * deviations[^1];
        var (inverse, logDeterminant) = Invert(sigma);
        Matrix weighted = Multiply(Transpose(x), inverse);
        double[] beta = Multiply(Invert(Multiply(weighted, x)).Inverse, Multiply(weighted, y)), residuals = [.. y.Zip(Multiply(x, beta), (a, b) => a - b)], scaled = Multiply(inverse, residuals);
        double logLikelihood = -0.5 * (n * Math.Log(2 * Math.PI) + logDeterminant + residuals.Zip(scaled, (a, b) => a * b).Sum());
        return new HandFit(beta, deviations, logLikelihood, [.. y.Zip(scaled, (a, b) => a - deviations[^1] * deviations[^1] * b)]);
    }

    private static Matrix Penalised(Matrix products, int first, double[] penalty)
    {
        Matrix m = products.Copy();
        for (int k = 0; k < penalty.Length; k++) m[first + k, first + k] += penalty[k];
        return m;
    }

    private static double Variance(int t, int[] term, double[] eta, Matrix inverse, double[] penalty)
    {
        int[] own = [.. Enumerable.Range(0, term.Length).Where(k => term[k] == t)];
        return own.Sum(k => eta[k] * eta[k]) / own.Sum(k => 1 - penalty[k] * inverse[k, k]);
    }
}
