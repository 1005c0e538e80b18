namespace Terrace.Tests.ReferenceFits;

/// <summary>A parameter of a reference fit beside ours, and how far they may be apart.</summary>
internal sealed record ComparedParameter(string Name, double Reference, double Own, double Tolerance)
{
    /// <summary>The distance in units of the tolerance.</summary>
    public double Units => Reference.Equals(Own) ? 0 : Math.Abs(Own - Reference) / Tolerance;
}

/// <summary>A reference fit beside ours: its row of the table.</summary>
internal sealed record FittedReference
{
    /// <summary>The name of the reference's file.</summary>
    public required string Name { get; init; }

    /// <summary>The model as one writes it.</summary>
    public required string Formula { get; init; }

    /// <summary>Our log likelihood (restricted where the fit is by REML).</summary>
    public required double Own { get; init; }

    /// <summary>The reference's at its default settings, with the constants that it leaves out.</summary>
    public required double Default { get; init; }

    /// <summary>That of the same program's fit refined by a finer search, where there is one.</summary>
    public double? Polished { get; init; }

    /// <summary>glmmTMB's for a fit of lme4, where there is one.</summary>
    public double? GlmmTmb { get; init; }

    /// <summary>How far ours may be below.</summary>
    public required double Tolerance { get; init; }

    /// <summary>Coefficients, relative standard deviations, residual deviation.</summary>
    public required IReadOnlyList<ComparedParameter> Parameters { get; init; }

    /// <summary>What to know about it.</summary>
    public string Note { get; init; } = "";

    /// <summary>The best value to compare with.</summary>
    public double Best => Polished ?? Default;

    /// <summary>Whether ours is a better optimum, so that the parameters are no reference.</summary>
    public bool IsBetter => Own > Best + Math.Max(Tolerance, 1e-5);

    /// <summary>The parameter that is furthest away.</summary>
    public ComparedParameter Worst => Parameters.MaxBy(p => p.Units)!;
}
