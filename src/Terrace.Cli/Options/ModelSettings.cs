using Terrace.Bayes;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;

namespace Terrace.Cli.Options;

/// <summary>What the command line says about the model; null where it leaves the choice open.</summary>
internal sealed record ModelSettings
{
    /// <summary>The family's name.</summary>
    public string? Family { get; init; }

    /// <summary>The link's name.</summary>
    public string? Link { get; init; }

    /// <summary>The formula of the zero part.</summary>
    public string? ZeroInflation { get; init; }

    /// <summary>The formula of the dispersion.</summary>
    public string? Dispersion { get; init; }

    /// <summary>Whether the model has parameters beside the mean that are estimated with the coefficients.</summary>
    public bool IsDistributional => ZeroInflation is not null || Dispersion is not null || DistributionalChoice.IsOnlyThere(Family);

    /// <summary>The expression of the number of trials.</summary>
    public string? Trials { get; init; }

    /// <summary>The expression of the prior weights.</summary>
    public string? Weights { get; init; }

    /// <summary>The expression of the offset.</summary>
    public string? Offset { get; init; }

    /// <summary>The engine asked for.</summary>
    public string? Engine { get; init; }

    /// <summary>The information behind the Laplace approximation and its standard errors, if it was asked for.</summary>
    public Information? AskedInformation { get; init; }

    /// <summary>The information as it was asked for, otherwise the observed.</summary>
    public Information Information => AskedInformation ?? Information.Observed;

    /// <summary>How random effects are solved for.</summary>
    public Factorisation Factorisation { get; init; }

    /// <summary>Whether the level or the kind of intervals was asked for, so that text shows them too.</summary>
    public bool ShowsIntervals { get; init; }

    /// <summary>Where the degrees of freedom of a Gaussian mixed model's t tests come from; null for Satterthwaite's method where it is cheap.</summary>
    public DegreesOfFreedomMethod? DegreesOfFreedom { get; init; }

    /// <summary>The kind of intervals of coefficients and variance parameters.</summary>
    public IntervalChoice Intervals { get; init; } = new(IntervalKind.Wald, 0);

    /// <summary>The probability of intervals.</summary>
    public double Level { get; init; }

    /// <summary>Whether something is asked for that needs the rows after the fit.</summary>
    public bool NeedsRows { get; init; }

    /// <summary>Whether to compute the Hessian at the optimum however large the model is.</summary>
    public bool VerifyHessian { get; init; }

    /// <summary>The engines where several were asked for; otherwise empty, and there is <see cref="Engine"/>.</summary>
    public IReadOnlyList<string> Engines { get; init; } = [];

    /// <summary>How a Bayesian model is fitted; null with other engines.</summary>
    public BayesianSettings? Bayes { get; init; }

    /// <summary>The folder for the draws of a Bayesian model, or null.</summary>
    public string? DrawsDirectory { get; init; }

    /// <summary>The first option for Bayesian models that was given, or null.</summary>
    public string? BayesOption { get; init; }

    /// <summary>The file for the fit.</summary>
    public string? SaveFile { get; init; }

    /// <summary>The family and link; <paramref name="usual"/> is the family's name where none was given.</summary>
    /// <exception cref="UsageException">The family has no such link.</exception>
    public Family ChooseFamily(string usual)
    {
        if (IsDistributional) throw DistributionalChoice.NotInMrp(this);
        try
        {
            return Families.Family.Parse(Family ?? usual, Link);
        }
        catch (ModelException fault)
        {
            throw new UsageException($"--link: {fault.Message}");
        }
    }

    /// <summary>How the formula meets the data.</summary>
    /// <exception cref="FormulaException">Weights, offset or trials are no expression.</exception>
    public ModelFrameOptions FrameOptions(DataSettings data) => new()
    {
        Contrasts = data.Contrasts,
        Weights = Parse(Weights),
        Offset = Parse(Offset),
        Trials = Parse(Trials),
        MissingValues = data.FailOnMissing ? MissingValues.Fail : MissingValues.Omit,
    };

    private static Expression? Parse(string? text) => text is null ? null : Expression.Parse(text);
}
