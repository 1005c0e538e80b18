namespace Terrace.Bayes;

/// <summary>
/// The R²-induced Dirichlet decomposition: a prior of the share of variance explained, split among the coefficients.
/// <code>β_j = z_j σ √(φ_j R²/(1 − R²))    R² ~ Beta(mean·precision, (1 − mean)·precision)    φ ~ Dirichlet(Concentration, …, Concentration)</code>
/// Zhang, Naughton, Bondell and Reich (2022), Bayesian regression using a prior on the model fit: the R2-D2 shrinkage prior, Journal of the American Statistical Association 117, section 2, with normal z as in brms 2.18.
/// R² is the model's share of variance if the columns of the design are uncorrelated and have variance 1: standardise them. Checked in <c>ShrinkagePriorTests</c>.
/// </summary>
/// <param name="MeanR2">The prior mean of R², between 0 and 1.</param>
/// <param name="PrecisionR2">The sum of the two shapes of its beta distribution.</param>
/// <param name="Concentration">Below 1 few coefficients have most of the variance, above 1 all have about as much.</param>
public sealed record R2D2Prior(double MeanR2 = 0.5, double PrecisionR2 = 2, double Concentration = 1) : ShrinkagePrior
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"R2D2(mean_R2 = {MeanR2}, prec_R2 = {PrecisionR2}, cons_D2 = {Concentration}{Unscaled})");

    internal override ShrinkageScales CreateScales(int count) => new R2D2Scales(this, count);
}
