namespace Terrace.Bayes;

/// <summary>
/// Correlation matrices of k effects from k(k − 1)/2 unbounded coordinates: partial correlations z = tanh(t) fill the Cholesky factor L row by row, under an LKJ prior.
/// <code>
/// L_ij = z_ij Π_(m&lt;j) √(1 − z_im²)  (j &lt; i),   L_ii = Π_(m&lt;i) √(1 − z_im²)
/// log density of t = Σ c_ij log(1 − z_ij²) + constant,  c_ij = η + (k − 2 − j)/2,  the Jacobian of tanh being one of these powers
/// </code>
/// Lewandowski, Kurowicka and Joe (2009), Generating random correlation matrices based on vines and extended onion method, section 2.4: partial correlations of the C-vine are Beta(α, α) on (−1, 1) with
/// α = η + (k − 2 − j)/2. Indices from 0. Checked in <c>TermCovarianceTests</c> (normalisation, variances of LKJ) and <c>BayesianDensityTests</c> (finite differences).
/// </summary>
internal static class CorrelationCoordinates
{
    /// <summary>The number of coordinates for k effects.</summary>
    public static int Count(int k) => k * (k - 1) / 2;

    /// <summary>Fills L (k × k, row by row) and z, and returns the log density of the coordinates, with the Jacobian of tanh or without.</summary>
    public static double Set(ReadOnlySpan<double> t, int k, double shape, bool includeJacobian, Span<double> factor, Span<double> z)
    {
        double logDensity = LogConstant(k, shape);
        for (int i = 0, at = 0; i < k; i++)
        {
            double logRest = 0;
            for (int j = 0; j < i; j++, at++)
            {
                z[at] = Math.Tanh(t[at]);
                double log = LogOneMinusSquare(t[at]);
                factor[i * k + j] = z[at] * Math.Exp(logRest);
                logRest += 0.5 * log;
                logDensity += (Power(k, j, shape) - (includeJacobian ? 0 : 1)) * log;
            }
            factor[i * k + i] = Math.Exp(logRest);
            for (int j = i + 1; j < k; j++) factor[i * k + j] = 0;
        }
        return logDensity;
    }

    /// <summary>Adds to <paramref name="gradient"/> the derivatives in t of the log density and of what depends on L by <paramref name="byFactor"/> (k × k, row by row).</summary>
    public static void AddGradient(int k, double shape, bool includeJacobian, ReadOnlySpan<double> factor, ReadOnlySpan<double> z, ReadOnlySpan<double> byFactor, Span<double> gradient)
    {
        for (int i = 1, row = 0; i < k; row += i, i++)
        {
            double later = byFactor[i * k + i] * factor[i * k + i];
            for (int j = i - 1; j >= 0; j--)
            {
                double own = z[row + j], rest = RestBefore(z, row, j);
                double direct = byFactor[i * k + j] * rest * (1 - own * own);
                gradient[row + j] += direct - later * own - 2 * own * (Power(k, j, shape) - (includeJacobian ? 0 : 1));
                later += byFactor[i * k + j] * factor[i * k + j];
            }
        }
    }

    /// <summary>The coordinates of a factor with unit rows.</summary>
    /// <exception cref="ArgumentException">A partial correlation is ±1.</exception>
    public static void Invert(ReadOnlySpan<double> factor, int k, Span<double> t)
    {
        for (int i = 0, at = 0; i < k; i++)
        {
            double rest = 1;
            for (int j = 0; j < i; j++, at++)
            {
                double z = factor[i * k + j] / rest;
                if (!(Math.Abs(z) < 1)) throw new ArgumentException("The correlation matrix is singular, so it has no finite coordinates.", nameof(factor));
                t[at] = Math.Atanh(z);
                rest *= Math.Sqrt((1 - z) * (1 + z));
            }
        }
    }

    private static double Power(int k, int j, double shape) => shape + 0.5 * (k - 2 - j);

    private static double RestBefore(ReadOnlySpan<double> z, int row, int j)
    {
        double product = 1;
        for (int m = 0; m < j; m++) product *= Math.Sqrt((1 - z[row + m]) * (1 + z[row + m]));
        return product;
    }

    /// <summary>log(1 − tanh²(t)) = −2 log cosh t.</summary>
    private static double LogOneMinusSquare(double t)
    {
        double a = Math.Abs(t);
        return 2 * (Math.Log(2) - a - Numerics.SpecialFunctions.LogisticFunction.Log1p(Math.Exp(-2 * a)));
    }

    /// <summary>−Σ log of the normaliser of Beta(α, α) on (−1, 1): B(α, α) 2^(2α − 1).</summary>
    private static double LogConstant(int k, double shape)
    {
        double sum = 0;
        for (int j = 0; j < k - 1; j++)
        {
            double alpha = Power(k, j, shape);
            sum -= (k - 1 - j) * (Numerics.SpecialFunctions.GammaFunction.LogBeta(alpha, alpha) + (2 * alpha - 1) * Math.Log(2));
        }
        return sum;
    }
}
