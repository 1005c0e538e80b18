namespace Terrace.MixedModels;

/// <summary>Where the degrees of freedom of a linear mixed model's t tests come from.</summary>
public enum DegreesOfFreedomMethod
{
    /// <summary>None are given: no p-values, as in lme4.</summary>
    None,

    /// <summary><see cref="SatterthwaiteDegreesOfFreedom"/>.</summary>
    Satterthwaite,

    /// <summary><see cref="KenwardRoger"/>, which adjusts the standard errors as well.</summary>
    KenwardRoger,
}
