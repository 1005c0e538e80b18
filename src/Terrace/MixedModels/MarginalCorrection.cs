using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The difference between the exact Laplace marginal of θ and its cheap quadratic approximation, as a smooth function of θ fitted to a few points: the exact one costs a search for the
/// mode at each θ, the difference hardly varies.
/// </summary>
/// <remarks>
/// <para>Δ(θ) ≈ a polynomial of degree 2 (1 if points are few) in v_j = s_j²/(s_j² + c_j²) for each relative standard deviation s_j, c_j its median, and in each correlation: bounded, even in
/// s and flat at both ends, as Δ is. Weighted least squares with a small ridge; a control variate in the sense of Owen (2013), <em>Monte Carlo theory</em>, section 8.9.</para>
/// <para>Symbols: v -> <see cref="Features"/>; the residual's standard deviation -> <see cref="ResidualSd"/>, by which the sampler decides whether to trust it. Check: VarianceParameterSamplerTests.</para>
/// </remarks>
internal sealed class MarginalCorrection
{
    private const double Ridge = 1e-6;
    private readonly RandomEffectsLayout _layout;
    private readonly double[] _medians;
    private readonly bool _quadratic;
    private readonly double[] _coefficients;

    private MarginalCorrection(RandomEffectsLayout layout, double[][] points, double[] differences)
    {
        _layout = layout;
        _medians = Medians(layout, points);
        int variables = layout.ThetaCount, full = 1 + variables + variables * (variables + 1) / 2;
        _quadratic = points.Length >= 4 * full;
        double[][] rows = [.. points.Select(Features)];
        _coefficients = Solve(rows, differences);
        double sum = 0;
        for (int i = 0; i < rows.Length; i++) sum += Math.Pow(differences[i] - Product(rows[i]), 2);
        ResidualSd = Math.Sqrt(sum / Math.Max(1, rows.Length - rows[0].Length));
    }

    /// <summary>How far the fitted differences are from the computed ones.</summary>
    public double ResidualSd { get; }

    /// <summary>Fits the differences at the given points.</summary>
    public static MarginalCorrection Fit(RandomEffectsLayout layout, double[][] points, double[] differences) => new(layout, points, differences);

    /// <summary>Δ(θ).</summary>
    public double At(double[] theta) => Product(Features(theta));

    private double Product(double[] features)
    {
        double sum = 0;
        for (int j = 0; j < features.Length; j++) sum += features[j] * _coefficients[j];
        return sum;
    }

    private double[] Features(double[] theta)
    {
        double[] v = Variables(_layout, theta);
        for (int j = 0; j < v.Length; j++)
        {
            if (_medians[j] > 0) v[j] = v[j] * v[j] / (v[j] * v[j] + _medians[j] * _medians[j]);
        }
        var features = new List<double> { 1 };
        features.AddRange(v);
        if (!_quadratic) return [.. features];
        for (int a = 0; a < v.Length; a++)
        {
            for (int b = a; b < v.Length; b++) features.Add(v[a] * v[b]);
        }
        return [.. features];
    }

    /// <summary>The standard deviations (at the places of diagonal entries) and the correlations of rows with a term's first ones.</summary>
    private static double[] Variables(RandomEffectsLayout layout, double[] theta)
    {
        var variables = new double[theta.Length];
        foreach (var term in layout.Terms)
        {
            for (int r = 0; r < term.Width; r++)
            {
                double square = 0;
                for (int c = 0; c <= r; c++) square += theta[term.ThetaIndex(r, c)] * theta[term.ThetaIndex(r, c)];
                double norm = Math.Sqrt(square);
                for (int c = 0; c < r; c++) variables[term.ThetaIndex(r, c)] = norm > 0 ? theta[term.ThetaIndex(r, c)] / norm : 0;
                variables[term.ThetaIndex(r, r)] = norm;
            }
        }
        return variables;
    }

    /// <summary>The median of each standard deviation; 0 marks a correlation.</summary>
    private static double[] Medians(RandomEffectsLayout layout, double[][] points)
    {
        double[][] variables = [.. points.Select(p => Variables(layout, p))];
        var medians = new double[layout.ThetaCount];
        foreach (var term in layout.Terms)
        {
            for (int r = 0; r < term.Width; r++)
            {
                int k = term.ThetaIndex(r, r);
                double[] sorted = [.. variables.Select(v => v[k]).Order()];
                medians[k] = Math.Max(sorted[sorted.Length / 2], 1e-12);
            }
        }
        return medians;
    }

    private static double[] Solve(double[][] rows, double[] values)
    {
        int n = rows[0].Length;
        var normal = new Matrix(n, n);
        var right = new double[n];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int a = 0; a < n; a++)
            {
                right[a] += rows[i][a] * values[i];
                for (int b = a; b < n; b++) normal[b, a] += rows[i][a] * rows[i][b];
            }
        }
        for (int a = 1; a < n; a++) normal[a, a] += Ridge * rows.Length;
        if (!Cholesky.TryFactor(normal)) return new double[n];
        Cholesky.SolveLower(normal, right);
        Cholesky.SolveLowerTransposed(normal, right);
        return right;
    }
}
