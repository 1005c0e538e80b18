namespace Terrace.HypothesisTests;

/// <summary>The test of a hypothesis Lβ = 0.</summary>
/// <param name="Kind"><c>F</c> or <c>Chisq</c>.</param>
/// <param name="Statistic">F or χ²; NaN where nothing can be tested.</param>
/// <param name="Df">The number of independent equations.</param>
/// <param name="DenominatorDf">The denominator's degrees of freedom of F; null for χ².</param>
/// <param name="PValue">The probability of a statistic at least as large.</param>
/// <param name="Scale">Kenward and Roger's λ, which <paramref name="Statistic"/> includes; 1 with other methods.</param>
public sealed record HypothesisTest(string Kind, double Statistic, int Df, double? DenominatorDf, double PValue, double Scale = 1);
