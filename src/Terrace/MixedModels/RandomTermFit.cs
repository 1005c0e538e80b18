using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.MixedModels;

/// <summary>One random-effects term of a fitted model: its variances and correlations and the modes (predictions) of its effects.</summary>
public sealed class RandomTermFit
{
    private readonly double[] _conditional;

    internal RandomTermFit(RandomTermLayout layout, double[] theta, double sigma, double[] b, double[] conditional)
    {
        Layout = layout;
        int k = layout.Width;
        _conditional = conditional;
        Factor = new Matrix(k, k);
        Covariance = new Matrix(k, k);
        for (int c = 0; c < k; c++)
        {
            for (int r = c; r < k; r++) Factor[r, c] = theta[layout.ThetaIndex(r, c)];
        }
        for (int c = 0; c < k; c++)
        {
            for (int r = 0; r < k; r++)
            {
                for (int j = 0; j <= Math.Min(r, c); j++) Covariance[r, c] += sigma * sigma * Factor[r, j] * Factor[c, j];
            }
        }
        Modes = new Matrix(layout.Levels.Count, k);
        for (int l = 0; l < Modes.Rows; l++)
        {
            for (int j = 0; j < k; j++) Modes[l, j] = b[layout.Index(l, j)];
        }
    }

    /// <summary>The grouping factor, as lme4 names it.</summary>
    public string Group => Layout.Group;

    /// <summary>The covariates of the term: <c>(Intercept)</c>, <c>floor</c>.</summary>
    public IReadOnlyList<string> TermNames => Layout.TermNames;

    /// <summary>The levels of the grouping factor.</summary>
    public IReadOnlyList<string> Levels => Layout.Levels;

    /// <summary>Where the term stands in the formula, from 0.</summary>
    public int FormulaPosition => Layout.FormulaPosition;

    /// <summary>The lower-triangular relative factor T, k × k: Σ = σ² T T'.</summary>
    public Matrix Factor { get; }

    /// <summary>The covariance Σ of the effects of one level, k × k.</summary>
    public Matrix Covariance { get; }

    /// <summary>The modes b, levels × covariates (lme4's ranef).</summary>
    public Matrix Modes { get; }

    internal RandomTermLayout Layout { get; }

    /// <summary>Draws new effects b* = σTz, z standard normal, of every level into their places among all coefficients.</summary>
    internal void DrawEffects(double sigma, Span<double> coefficients, Rng rng)
    {
        for (int level = 0; level < Levels.Count; level++) EffectDraw.Into(Factor, sigma, coefficients.Slice(Layout.Index(level, 0), Layout.Width), rng);
    }

    /// <summary>The standard deviation of covariate <paramref name="j"/>'s effects.</summary>
    public double StandardDeviation(int j) => Math.Sqrt(Covariance[j, j]);

    /// <summary>The correlation of two covariates' effects; NaN where a standard deviation is 0.</summary>
    public double Correlation(int i, int j) => i == j ? 1 : Covariance[i, j] / (StandardDeviation(i) * StandardDeviation(j));

    /// <summary>The covariance of a level's effects given the data and all parameters (lme4's postVar), k × k.</summary>
    public Matrix ConditionalCovariance(int level)
    {
        int k = Layout.Width;
        return new Matrix(k, k, _conditional.AsSpan(level * k * k, k * k).ToArray());
    }

    /// <summary>The conditional standard deviation of one effect.</summary>
    public double ConditionalStandardDeviation(int level, int j) => Math.Sqrt(_conditional[level * Layout.Width * Layout.Width + j * (Layout.Width + 1)]);
}
