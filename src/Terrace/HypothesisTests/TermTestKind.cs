namespace Terrace.HypothesisTests;

/// <summary>What the test of a term asks when other terms are in the model.</summary>
public enum TermTestKind
{
    /// <summary>Type I: the term after those before it and without those after it; the order of the formula matters.</summary>
    Sequential,

    /// <summary>Type II: the term after all others that do not contain it, without those that do; an interaction is taken for absent when its parts are tested.</summary>
    Marginal,

    /// <summary>Type III: the term in the whole model, averaged with equal weights over the levels of the factors it interacts with, whatever their coding.</summary>
    Averaged,

    /// <summary>Type III as the coefficients are coded: that all coefficients of the term are 0. With treatment contrasts the parts of an interaction are tested at the reference levels.</summary>
    AsCoded,
}
