namespace Terrace.MixedModels;

/// <summary>The F test of a hypothesis Lβ = 0 about the fixed effects of a linear mixed model.</summary>
/// <param name="Statistic">F, multiplied by <paramref name="Scale"/>; NaN where no equation of the hypothesis can be tested.</param>
/// <param name="NumeratorDf">The rank of the hypothesis.</param>
/// <param name="DenominatorDf">The degrees of freedom of the denominator.</param>
/// <param name="Scale">Kenward and Roger's λ; 1 with other methods.</param>
/// <param name="PValue">The probability of an F at least as large.</param>
public sealed record FixedEffectsFTest(double Statistic, int NumeratorDf, double DenominatorDf, double Scale, double PValue);
