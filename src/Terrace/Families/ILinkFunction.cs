namespace Terrace.Families;

/// <summary>
/// A link g as compile-time functions of one number, so that a loop over rows calls nothing virtually: η = g(μ), μ = g⁻¹(η) and the derivatives of μ with
/// respect to η. Where R's <c>make.link</c> keeps μ or dμ/dη away from the boundary, so do these (McCullagh and Nelder, 1989, section 2.2.4; R's clamps are
/// facts of <c>make.link</c>). Derivatives are checked by finite differences in <c>LinkTests</c>.
/// </summary>
internal interface ILinkFunction
{
    /// <summary>The machine epsilon 2⁻⁵², which R's clamps use.</summary>
    const double Epsilon = 2.220446049250313e-16;

    /// <summary>The name in formulas, files and on the command line.</summary>
    static abstract string Name { get; }

    /// <summary>η = g(μ).</summary>
    static abstract double Eta(double mean);

    /// <summary>μ = g⁻¹(η).</summary>
    static abstract double Mean(double eta);

    /// <summary>dμ/dη.</summary>
    static abstract double Slope(double eta);

    /// <summary>d²μ/dη².</summary>
    static abstract double Second(double eta);

    /// <summary>d³μ/dη³.</summary>
    static abstract double Third(double eta);

    /// <summary>Whether μ is defined at η.</summary>
    static abstract bool IsValidEta(double eta);
}
