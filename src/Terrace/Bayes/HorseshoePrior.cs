namespace Terrace.Bayes;

/// <summary>
/// The regularised horseshoe.
/// <code>
/// β_j = z_j τ λ̃_j    λ̃_j² = c² λ_j² / (c² + τ² λ_j²)    λ_j ~ half-t(Df, 0, 1)    τ ~ half-t(DfGlobal, 0, ScaleGlobal σ)    c² = ScaleSlab² v, v ~ InvGamma(DfSlab/2, DfSlab/2)
/// </code>
/// Piironen and Vehtari (2017), Sparsity information and regularization in the horseshoe and other shrinkage priors, Electronic Journal of Statistics 11, equations 2.7 and 2.8; Carvalho, Polson and Scott (2010) without the
/// slab. With <see cref="SecondDf"/> the horseshoe+ of Bhadra, Datta, Polson and Willard (2017): λ_j is the product of two half-t variables. τ and the defaults are those of brms 2.18; hs and hs_plus of rstanarm are the
/// same with other defaults. Checked in <c>ShrinkagePriorTests</c>.
/// </summary>
/// <param name="Df">The degrees of freedom of λ; 1 is the half-Cauchy.</param>
/// <param name="ScaleGlobal">The scale of τ.</param>
/// <param name="DfGlobal">The degrees of freedom of τ.</param>
/// <param name="ScaleSlab">The scale of the slab, that is of large coefficients.</param>
/// <param name="DfSlab">Its degrees of freedom.</param>
public sealed record HorseshoePrior(double Df = 1, double ScaleGlobal = 1, double DfGlobal = 1, double ScaleSlab = 2, double DfSlab = 4) : ShrinkagePrior
{
    /// <summary>The degrees of freedom of the second factor of λ (horseshoe+); null where there is one factor.</summary>
    public double? SecondDf { get; init; }

    /// <summary>The scale of τ that expects a number of coefficients away from 0: ratio / √rows, to be multiplied by σ (Piironen and Vehtari, equation 3.12).</summary>
    /// <param name="ratio">Coefficients expected away from 0 over those near 0.</param>
    /// <param name="rows">The number of observations.</param>
    public static double ScaleOfRatio(double ratio, int rows) => ratio / Math.Sqrt(rows);

    /// <inheritdoc/>
    public override string ToString()
    {
        string df = SecondDf is { } second ? FormattableString.Invariant($"hs_plus(df1 = {Df}, df2 = {second}, ") : FormattableString.Invariant($"horseshoe(df = {Df}, ");
        return df + FormattableString.Invariant($"scale_global = {ScaleGlobal}, df_global = {DfGlobal}, scale_slab = {ScaleSlab}, df_slab = {DfSlab}{Unscaled})");
    }

    internal override ShrinkageScales CreateScales(int count) => new HorseshoeScales(this, count);
}
