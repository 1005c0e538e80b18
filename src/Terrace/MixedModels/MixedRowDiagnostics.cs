using Terrace.Design;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>Residuals, leverage and influence of every row of a mixed model, each row's own part of its cell.</summary>
/// <remarks>
/// <para>Response y − μ; Pearson (y − μ)√(w/V(μ)); deviance sign(y − μ)√(w d(y, μ)); marginal y − g⁻¹(offset + x'β). Leverage h = W a'H⁻¹a, a the row in the joint penalised least-squares problem of (u, β): the diagonal of the matrix
/// that turns responses into fitted values. Cook's D = (Pearson/(σ(1 − h)))² h/p. Leaving row i out changes the coefficients, θ and σ kept, by −H⁻¹a ℓ'/(1 − h) (exactly in a linear model, to one step in a generalised one), in units of the
/// standard errors DFBETAS; its fixed part Δ gives FixedEffectsDistance = Δ'Cov(β)⁻¹Δ/p.</para>
/// <para>lme4's <c>hatvalues</c> and <c>cooks.distance</c> for linear models; Demidenko and Stukel (2005), <em>Influence analysis for linear mixed-effects models</em>; Belsley, Kuh and Welsch (1980) for DFBETAS; Pregibon (1981) for one
/// step. Deviation: the leverages of generalised models are those of the last weighted least-squares problem, between 0 and 1 where the information is positive, where lme4's are not. Check: RowDiagnosticsTests.</para>
/// </remarks>
public sealed class MixedRowDiagnostics
{
    private MixedRowDiagnostics(int rows, int columns)
    {
        (Response, Pearson, Deviance, Marginal) = (new double[rows], new double[rows], new double[rows], new double[rows]);
        (Leverage, CooksDistance, FixedEffectsDistance) = (new double[rows], new double[rows], new double[rows]);
        Dfbetas = new Matrix(rows, columns);
    }

    /// <summary>y − μ, random effects included (conditional residuals).</summary>
    public double[] Response { get; }

    /// <summary>(y − μ)√(w/V(μ)), not divided by σ, as lme4's.</summary>
    public double[] Pearson { get; }

    /// <summary>The signed square root of the row's part of the deviance, given the random effects.</summary>
    public double[] Deviance { get; }

    /// <summary>y less the mean at random effects of 0 (marginal residuals on the scale of the response).</summary>
    public double[] Marginal { get; }

    /// <summary>The leverage.</summary>
    public double[] Leverage { get; }

    /// <summary>Cook's distance from residual and leverage.</summary>
    public double[] CooksDistance { get; }

    /// <summary>Cook's distance of the fixed effects alone.</summary>
    public double[] FixedEffectsDistance { get; }

    /// <summary>The change of each estimated fixed effect when the row is left out, in standard errors: rows × <see cref="Terms"/>.</summary>
    public Matrix Dfbetas { get; }

    /// <summary>The names of the columns of <see cref="Dfbetas"/>.</summary>
    public required IReadOnlyList<string> Terms { get; init; }

    /// <summary>Computes the diagnostics of a fit to <paramref name="rows"/>.</summary>
    /// <exception cref="ArgumentException">The rows are not those of the fit.</exception>
    public static MixedRowDiagnostics Of(MixedModelFit fit, ModelRows rows)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var fitted = new FittedCells(fit, rows);
        var result = new MixedRowDiagnostics(rows.Rows, fit.Estimated.Count) { Terms = [.. fit.Estimated.Select(j => fit.FixedNames[j])] };
        double[] marginal = MarginalMeans(fit, rows);
        for (int i = 0; i < rows.Rows; i++) result.SetResiduals(fit, i, marginal[fit.RowToCell[i]]);
        result.SetInfluence(fit, fitted);
        return result;
    }

    private void SetResiduals(MixedModelFit fit, int i, double marginal)
    {
        double y = fit.Response[i], w = fit.Weights[i], mean = fit.Fitted[fit.RowToCell[i]];
        Response[i] = y - mean;
        Pearson[i] = (y - mean) * Math.Sqrt(w / fit.Family.Variance(mean));
        Deviance[i] = w == 0 ? 0 : Math.Sign(y - mean) * Math.Sqrt(Math.Max(0, w * fit.Family.UnitDeviance(y, mean)));
        Marginal[i] = y - marginal;
    }

    private void SetInfluence(MixedModelFit fit, FittedCells fitted)
    {
        var cells = fitted.Cells;
        int p = cells.FixedColumns;
        var lambda = new RelativeCovarianceFactor(cells.Layout);
        lambda.Set(fit.Theta);
        var inverse = new SelectedInverse(cells.Layout, cells.Pattern, p);
        inverse.Compute(fit.Joint.AtEstimate().Factor);
        var leverages = new JointLeverages(cells, inverse, lambda);
        double[] quadratic = new double[cells.Count], gamma = new double[p];
        double[][] coefficients = new double[cells.Count][];
        for (int c = 0; c < cells.Count; c++)
        {
            quadratic[c] = leverages.Compute(c, gamma);
            coefficients[c] = cells.Basis.ToCoefficients(gamma);
        }
        double[] errors = [.. Enumerable.Range(0, p).Select(j => Math.Sqrt(fit.BetaCovariance[j, j]))];
        Matrix covariance = fit.BetaCovariance.Copy();
        bool hasCovariance = p > 0 && Cholesky.TryFactor(covariance);
        for (int i = 0; i < Response.Length; i++) SetRow(fit, fitted, i, quadratic, coefficients, errors, hasCovariance ? covariance : null);
    }

    private void SetRow(MixedModelFit fit, FittedCells fitted, int i, double[] quadratic, double[][] coefficients, double[] errors, Matrix? factor)
    {
        int cell = fit.RowToCell[i], p = errors.Length;
        double share = fitted.Share(i), h = fitted.Weights[cell] * share * quadratic[cell], mean = fit.Fitted[cell];
        Leverage[i] = h;
        CooksDistance[i] = p == 0 ? double.NaN : Math.Pow(Pearson[i] / (fit.Sigma * (1 - h)), 2) * h / p;
        // The row's own score: its cell's is that of the mean response.
        double own = fit.Weights[i] * (fit.Response[i] - mean) * fit.Family.Link.Slope(fit.LinearPredictor[cell]) / fit.Family.Variance(mean);
        var delta = new double[p];
        for (int j = 0; j < p; j++)
        {
            delta[j] = -coefficients[cell][j] * own / (1 - h);
            Dfbetas[i, j] = delta[j] / errors[j];
        }
        if (factor is null)
        {
            FixedEffectsDistance[i] = double.NaN;
            return;
        }
        Cholesky.SolveLower(factor, delta);
        FixedEffectsDistance[i] = delta.Sum(d => d * d) / p;
    }

    private static double[] MarginalMeans(MixedModelFit fit, ModelRows rows)
    {
        double[] eta = [.. rows.Design.Offset];
        foreach (int j in fit.Estimated)
        {
            var column = rows.Design.X.Column(j);
            for (int c = 0; c < eta.Length; c++) eta[c] += fit.Beta[j] * column[c];
        }
        return Array.ConvertAll(eta, fit.Family.Link.Mean);
    }
}
