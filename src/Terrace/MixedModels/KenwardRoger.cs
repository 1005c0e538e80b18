using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// Kenward and Roger's adjusted covariance of the fixed effects of a linear mixed model fitted by REML, and the degrees of freedom of their t statistics.
/// </summary>
/// <remarks>
/// <para>Σ = Σ_r γ_r G_r, Φ = (X'Σ⁻¹X)⁻¹; P_r = −X'Σ⁻¹G_rΣ⁻¹X, Q_rs = X'Σ⁻¹G_rΣ⁻¹G_sΣ⁻¹X; W = Cov(γ̂) = 2 I⁻¹, I_rs = tr(Σ⁻¹G_rΣ⁻¹G_s) − 2 tr(ΦQ_rs) + tr(ΦP_rΦP_s);
/// adjusted Φ_A = Φ + 2 Φ [Σ_rs W_rs (Q_rs − P_rΦP_s)] Φ. For one contrast c their m comes to 2 (c'Φc)² / Σ_rs W_rs (c'ΦP_rΦc)(c'ΦP_sΦc), and λ to 1.</para>
/// <para>Kenward and Roger (1997), <em>Small sample inference for fixed effects from restricted maximum likelihood</em>, section 3; as computed by Halekoh and Højsgaard (2014), <em>A Kenward-Roger
/// approximation and parametric bootstrap methods for tests in linear mixed models: the R package pbkrtest</em>.</para>
/// <para>Deviation: the residual's G is replaced by Σ̂ itself, which spans the same linear structure and changes no result, and turns all traces over n rows into ones over the random
/// effects (<see cref="MarginalCrossProducts"/>): P = −Φ⁻¹, Q_0s = −P_s, Q_00 = Φ⁻¹, tr = n. Variances at 0 stay in, as in pbkrtest.</para>
/// <para>Check: KenwardRogerTests (pbkrtest through lmerTest; dense matrices of n rows).</para>
/// </remarks>
public sealed class KenwardRoger
{
    private const double FlatDirection = 1e-10;
    private readonly VarianceMoments _moments;
    private readonly double[] _beta;

    private KenwardRoger(Matrix covariance, VarianceMoments moments, double[] beta)
    {
        _beta = beta;
        Covariance = covariance;
        _moments = moments;
        OfCoefficients = moments.OfCoefficients();
    }

    /// <summary>The adjusted covariance of the estimated fixed effects.</summary>
    public Matrix Covariance { get; }

    /// <summary>The degrees of freedom of each column of the model matrix, NaN where aliased.</summary>
    public IReadOnlyList<double> OfCoefficients { get; }

    /// <summary>Computes them for a linear mixed model fitted by REML.</summary>
    /// <exception cref="ModelException">The model was fitted otherwise, or it has more than 4,000 random effects.</exception>
    public static KenwardRoger Of(MixedModelFit fit, CancellationToken cancellation = default)
    {
        if (fit.Engine != "reml")
            throw new ModelException("Kenward and Roger's method is defined for linear mixed models fitted by restricted maximum likelihood; fit by REML, or use Satterthwaite's method.");
        var products = new MarginalCrossProducts(fit.Joint, cancellation);
        var phi = fit.Joint.Basis.Rank == 0 ? new Matrix(0, 0) : Inverse(products.Fixed);
        var (p, q, traces) = Moments(products, VarianceComponent.Of(fit.Joint.Layout), fit.Joint.Rows, cancellation);
        var spread = Spread(p, q, traces, phi);
        var basis = fit.Joint.Basis;
        Matrix[] derivatives = [.. p.Select(m => basis.ToCoefficientCovariance(Sandwich(phi, m)))];
        var unadjusted = basis.ToCoefficientCovariance(phi);
        var adjusted = basis.ToCoefficientCovariance(Adjusted(p, q, spread, phi));
        return new KenwardRoger(adjusted, new VarianceMoments(unadjusted, derivatives, spread, fit.Estimated, fit.FixedNames.Count), [.. fit.Estimated.Select(j => fit.Beta[j])]);
    }

    /// <summary>The degrees of freedom of Σ c_j β_j, <paramref name="contrast"/> having a weight for each column of the model matrix; those of aliased columns do not count.</summary>
    /// <exception cref="ArgumentException">The number of weights is not that of the columns.</exception>
    public double OfContrast(ReadOnlySpan<double> contrast) => _moments.DegreesOfFreedom(contrast);

    /// <summary>The adjusted standard error of Σ c_j β_j.</summary>
    /// <exception cref="ArgumentException">The number of weights is not that of the columns.</exception>
    public double StandardErrorOfContrast(ReadOnlySpan<double> contrast) => Math.Sqrt(_moments.QuadraticForm(Covariance, contrast));

    /// <summary>
    /// The scaled F test of the hypothesis Lβ = 0, <paramref name="hypotheses"/> having a row for each equation and a weight for each column of the model matrix; those of aliased columns do not count.
    /// </summary>
    /// <exception cref="ArgumentException">The number of weights is not that of the columns.</exception>
    public FixedEffectsFTest Test(Matrix hypotheses) => KenwardRogerFTest.Of(_moments, Covariance, _moments.Estimated(hypotheses), _beta);

    /// <summary>P_r, Q_rs and tr(Σ⁻¹G_rΣ⁻¹G_s) for the components and, last, for Σ̂ itself.</summary>
    private static (Matrix[] P, Matrix[,] Q, Matrix Traces) Moments(MarginalCrossProducts products, VarianceComponent[] components, int rows, CancellationToken cancellation)
    {
        int last = components.Length;
        var p = new Matrix[last + 1];
        var q = new Matrix[last + 1, last + 1];
        var traces = new Matrix(last + 1, last + 1);
        Matrix[] selected = [.. components.Select(c => c.Select(products.Mixed))];
        for (int s = 0; s < last; s++)
        {
            cancellation.ThrowIfCancellationRequested();
            var spreadOut = Gemm.Product(products.Random, false, selected[s], false);
            for (int r = 0; r < last; r++)
            {
                q[r, s] = Gemm.Product(selected[r], true, spreadOut, false);
                traces[r, s] = r <= s ? components[r].Trace(components[s], products.Random) : 0;
            }
            q[s, last] = q[last, s] = Gemm.Product(products.Mixed, true, selected[s], false);
            p[s] = Negative(q[s, last]);
            traces[s, last] = components[s].Trace(products.Random);
        }
        (p[last], q[last, last], traces[last, last]) = (Negative(products.Fixed), products.Fixed, rows);
        for (int s = 0; s <= last; s++)
        {
            for (int r = s + 1; r <= last; r++) traces[r, s] = traces[s, r];
        }
        return (p, q, traces);
    }

    /// <summary>W = 2 I⁻¹.</summary>
    private static Matrix Spread(Matrix[] p, Matrix[,] q, Matrix traces, Matrix phi)
    {
        var information = new Matrix(p.Length, p.Length);
        Matrix[] scaled = [.. p.Select(m => Gemm.Product(phi, false, m, false))];
        for (int s = 0; s < p.Length; s++)
        {
            for (int r = 0; r < p.Length; r++) information[r, s] = traces[r, s] - 2 * ProductTrace(phi, q[r, s]) + ProductTrace(scaled[r], scaled[s]);
        }
        var spread = PositivePart(information);
        for (int i = 0; i < spread.Values.Length; i++) spread.Values[i] *= 2;
        return spread;
    }

    /// <summary>Φ + 2 Φ U Φ.</summary>
    private static Matrix Adjusted(Matrix[] p, Matrix[,] q, Matrix spread, Matrix phi)
    {
        var sum = new Matrix(phi.Rows, phi.Rows);
        for (int s = 0; s < p.Length; s++)
        {
            for (int r = 0; r < p.Length; r++)
            {
                var correction = Gemm.Product(p[r], false, Gemm.Product(phi, false, p[s], false), false);
                for (int i = 0; i < sum.Values.Length; i++) sum.Values[i] += 2 * spread[r, s] * (q[r, s].Values[i] - correction.Values[i]);
            }
        }
        var adjusted = Sandwich(phi, sum);
        for (int i = 0; i < adjusted.Values.Length; i++) adjusted.Values[i] += phi.Values[i];
        return adjusted;
    }

    /// <summary>The inverse of a symmetric matrix over the directions in which it is positive, its diagonal scaled to 1 before.</summary>
    private static Matrix PositivePart(Matrix m)
    {
        int n = m.Rows;
        double[] scale = [.. Enumerable.Range(0, n).Select(i => m[i, i] > 0 ? 1 / Math.Sqrt(m[i, i]) : 0)];
        var scaled = new Matrix(n, n);
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < n; i++) scaled[i, j] = 0.5 * (m[i, j] + m[j, i]) * scale[i] * scale[j];
        }
        var eigen = SymmetricEigen.Decompose(scaled);
        var inverse = new Matrix(n, n);
        for (int k = 0; k < n && eigen.Values[k] > FlatDirection; k++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int i = 0; i < n; i++) inverse[i, j] += eigen.Vectors[i, k] * eigen.Vectors[j, k] * scale[i] * scale[j] / eigen.Values[k];
            }
        }
        return inverse;
    }

    private static Matrix Inverse(Matrix positive)
    {
        var factor = positive.Copy();
        if (!Cholesky.TryFactor(factor)) throw new ModelException("The information on the fixed effects cannot be inverted; simplify the model.");
        return Cholesky.InverseFromFactor(factor);
    }

    private static Matrix Sandwich(Matrix phi, Matrix m) => Gemm.Product(phi, false, Gemm.Product(m, false, phi, false), false);

    private static Matrix Negative(Matrix m) => new(m.Rows, m.Columns, [.. m.Values.Select(v => -v)]);

    /// <summary>tr(a b).</summary>
    private static double ProductTrace(Matrix a, Matrix b)
    {
        double sum = 0;
        for (int j = 0; j < a.Columns; j++)
        {
            for (int i = 0; i < a.Rows; i++) sum += a[i, j] * b[j, i];
        }
        return sum;
    }
}
