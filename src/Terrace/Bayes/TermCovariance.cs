using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Bayes;

/// <summary>
/// The covariance factor of one group-level term from unbounded coordinates, with its prior: T = δ diag(sd) L, sd_j = unit_j e^(s_j), L from <see cref="CorrelationCoordinates"/>, δ the dispersion that the
/// prior is relative to, or 1. A workspace of one thread.
/// <code>
/// decov: sd_j² = (τ scale)² k π_j, τ ~ Gamma(shape, 1), π ~ Dirichlet(c);  r² = Σ sd²,  τ = r/(√k scale),  π_j = sd_j²/r²
/// log p(s) = (shape − 1) log τ − τ − log Γ(shape) + log Γ(kc) − k log Γ(c) + (c − 1) Σ log π_j + k log 2 + 2 Σ log sd_j − (2k − 1) log r − log 2 − log(√k scale)
/// ∂/∂s_j    = 2(c − 1) + 2 + π_j [shape − 1 − τ − 2k(c − 1) − (2k − 1)]
/// </code>
/// The decomposition of covariance is that of Gabry and Goodrich, "Prior distributions for rstanarm models"; the change of variables is worked out here. Checked in <c>TermCovarianceTests</c>
/// (integration) and <c>BayesianDensityTests</c> (finite differences).
/// </summary>
internal sealed class TermCovariance
{
    private readonly TermPrior _prior;
    private readonly double _lkj;
    private readonly double[] _unit;
    private readonly double[] _sd;
    private readonly double[] _factor;
    private readonly double[] _z;
    private readonly double[] _byFactor;
    private readonly double[] _slope;
    private double _dispersion = 1;
    private bool _includeJacobian;

    /// <summary>A term whose standard deviations are searched in the units given.</summary>
    public TermCovariance(TermPrior prior, IReadOnlyList<double> unit)
    {
        _prior = prior;
        _unit = [.. unit];
        int k = _unit.Length;
        _lkj = prior is DecovPrior decov ? decov.Regularization : ((IndependentTermPrior)prior).LkjShape;
        (_sd, _slope, _factor, _byFactor, _z) = (new double[k], new double[k], new double[k * k], new double[k * k], new double[CorrelationCoordinates.Count(k)]);
        Triangle = new double[k * k];
    }

    /// <summary>The number k of effects of a level.</summary>
    public int Width => _unit.Length;

    /// <summary>The number of coordinates.</summary>
    public int Count => Width + _z.Length;

    /// <summary>Whether the standard deviations are relative to the dispersion.</summary>
    public bool IsRelative => _prior.RelativeToSigma;

    /// <summary>T, row by row.</summary>
    public double[] Triangle { get; }

    /// <summary>The standard deviations, dispersion included.</summary>
    public double StandardDeviation(int j) => _dispersion * _sd[j];

    /// <summary>The correlation of two effects.</summary>
    public double Correlation(int i, int j)
    {
        double sum = 0;
        for (int m = 0; m <= Math.Min(i, j); m++) sum += _factor[i * Width + m] * _factor[j * Width + m];
        return sum;
    }

    /// <summary>Takes the coordinates (s, then t) and the dispersion, and returns the log prior density of the coordinates.</summary>
    public double Set(ReadOnlySpan<double> coordinates, double dispersion, bool includeJacobian)
    {
        int k = Width;
        _dispersion = dispersion;
        _includeJacobian = includeJacobian;
        double logDensity = CorrelationCoordinates.Set(coordinates[k..Count], k, _lkj, includeJacobian, _factor, _z);
        for (int j = 0; j < k; j++) _sd[j] = _unit[j] * Math.Exp(coordinates[j]);
        logDensity += _prior is DecovPrior decov ? Decov(decov) : Independent((IndependentTermPrior)_prior);
        for (int i = 0; i < k; i++)
            for (int j = 0; j <= i; j++) Triangle[i * k + j] = dispersion * _sd[i] * _factor[i * k + j];
        return logDensity;
    }

    /// <summary>
    /// Overwrites <paramref name="gradient"/> by the derivatives in the coordinates of the log prior and of what depends on T by <paramref name="byTriangle"/> (row by row, the lower triangle), and returns that in log δ.
    /// </summary>
    public double Gradient(ReadOnlySpan<double> byTriangle, Span<double> gradient)
    {
        int k = Width;
        double byDispersion = 0;
        for (int i = 0; i < k; i++)
        {
            double own = 0;
            for (int j = 0; j <= i; j++)
            {
                own += byTriangle[i * k + j] * Triangle[i * k + j];
                _byFactor[i * k + j] = byTriangle[i * k + j] * _dispersion * _sd[i];
            }
            gradient[i] = own + _slope[i];
            byDispersion += own;
        }
        gradient[k..Count].Clear();
        CorrelationCoordinates.AddGradient(k, _lkj, _includeJacobian, _factor, _z, _byFactor, gradient[k..Count]);
        return IsRelative ? byDispersion : 0;
    }

    /// <summary>The coordinates of given standard deviations (dispersion included) and correlations.</summary>
    /// <exception cref="ArgumentException">A standard deviation is not positive or the correlations are no correlation matrix of full rank.</exception>
    public void Invert(ReadOnlySpan<double> standardDeviations, Func<int, int, double> correlation, double dispersion, Span<double> coordinates)
    {
        int k = Width;
        for (int j = 0; j < k; j++)
        {
            if (!(standardDeviations[j] > 0)) throw new ArgumentException($"A standard deviation of group-level effects is {standardDeviations[j]}; it must be positive.", nameof(standardDeviations));
            coordinates[j] = Math.Log(standardDeviations[j] / (dispersion * _unit[j]));
        }
        var factor = new double[k * k];
        for (int i = 0; i < k; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = i == j ? 1 : correlation(i, j);
                for (int m = 0; m < j; m++) sum -= factor[i * k + m] * factor[j * k + m];
                factor[i * k + j] = i == j ? Math.Sqrt(Math.Max(sum, 0)) : sum / factor[j * k + j];
            }
        }
        CorrelationCoordinates.Invert(factor, k, coordinates[k..Count]);
    }

    private double Independent(IndependentTermPrior prior)
    {
        double sum = 0;
        for (int j = 0; j < Width; j++)
        {
            PriorValue value = prior.StandardDeviations[j].Evaluate(_sd[j]);
            sum += value.LogDensity + (_includeJacobian ? Math.Log(_sd[j]) : 0);
            _slope[j] = value.Slope * _sd[j] + (_includeJacobian ? 1 : 0);
        }
        return sum;
    }

    private double Decov(DecovPrior prior)
    {
        int k = Width;
        double square = 0, logs = 0;
        for (int j = 0; j < k; j++)
        {
            square += _sd[j] * _sd[j];
            logs += Math.Log(_sd[j]);
        }
        double unit = Math.Sqrt(k) * prior.Scale, tau = Math.Sqrt(square) / unit, c = prior.Concentration, jacobian = _includeJacobian ? 1 : 0;
        double common = prior.Shape - 1 - tau - 2 * k * (c - 1) - (2 * k - 1);
        for (int j = 0; j < k; j++) _slope[j] = 2 * (c - 1) + 1 + jacobian + _sd[j] * _sd[j] / square * common;
        return (prior.Shape - 1) * Math.Log(tau) - tau - GammaFunction.LogGamma(prior.Shape) + GammaFunction.LogGamma(k * c) - k * GammaFunction.LogGamma(c)
            + (c - 1) * (2 * logs - k * Math.Log(square)) + (k - 1) * Math.Log(2) + (1 + jacobian) * logs - 0.5 * (2 * k - 1) * Math.Log(square) - Math.Log(unit);
    }
}
