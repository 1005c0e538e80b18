using System.Globalization;

namespace Terrace.Bayes;

/// <summary>The coordinates that the no-U-turn sampler runs in.</summary>
public enum SamplerKind
{
    /// <summary>Whichever costs less for the same precision, by a rule that depends on the model's size alone.</summary>
    Auto,

    /// <summary>Non-centred coordinates with an adapted metric, as Stan programs have them.</summary>
    Plain,

    /// <summary>Conditionally whitened coordinates with the identity as metric, and trajectories of random length about half a period.</summary>
    Whitened,
}

/// <summary>Which coordinates are wanted, and how whitened ones are sampled, whose warm-up adapts the step size alone.</summary>
/// <param name="Kind">The coordinates.</param>
/// <param name="WhitenedWarmup">The warm-up iterations of each chain in whitened coordinates.</param>
/// <param name="WhitenedDelta">The acceptance probability that the step size is adapted to in whitened coordinates.</param>
public sealed record SamplerPreference(SamplerKind Kind = SamplerKind.Auto, int WhitenedWarmup = 200, double WhitenedDelta = 0.8);

/// <summary>
/// Chooses the coordinates by estimated costs of a gradient, in nanoseconds: whitening pays where its gradient costs less than eight times a plain one (24 times with structured terms, whose coefficients depend on each other in the posterior),
/// since it needs about a tenth to a fortieth of the gradients and the plain one's number grows with the data. Never the clock decides, so that a run repeats.
/// <code>
/// plain     c (4 + t + p/4) + 20 n + B      c cells, t group-level terms, p fixed coefficients, n coefficients, B elements of the bases of structured terms
/// whitened  plain + n³/40 + 3 n²
/// </code>
/// The costs are fitted to measurements of both on surveys of 300 to 60,000 respondents. Checked in <c>SamplerChoiceTests</c>.
/// </summary>
internal static class SamplerChoice
{
    private const double Threshold = 8, StructuredThreshold = 24;
    private const int MostCoefficients = 2000;

    /// <summary>Whether to whiten, and why, a sentence.</summary>
    /// <exception cref="ModelException">Whitening is asked for where it cannot be.</exception>
    public static (bool Whiten, string Reason) Of(BayesianModel model, SamplerKind wanted)
    {
        string? obstacle = Obstacle(model);
        if (wanted == SamplerKind.Whitened && obstacle is not null) throw new ModelException($"The whitened sampler does not suit this model: {obstacle}. Choose the plain one.");
        if (wanted != SamplerKind.Auto) return (wanted == SamplerKind.Whitened, wanted == SamplerKind.Whitened ? "whitened, as asked for" : "plain, as asked for");
        if (obstacle is not null) return (false, $"plain: {obstacle}");
        (double plain, double whitened) = Costs(model.Structure);
        string ratio = (whitened / plain).ToString("0.#", CultureInfo.InvariantCulture);
        return whitened / plain < (IsStructured(model.Structure) ? StructuredThreshold : Threshold)
            ? (true, $"whitened: its gradient costs about {ratio} times a plain one, and fewer are needed")
            : (false, $"plain: a whitened gradient would cost about {ratio} times as much");
    }

    /// <summary>The estimated nanoseconds of a gradient.</summary>
    internal static (double Plain, double Whitened) Costs(ModelStructure structure)
    {
        double n = structure.CoefficientCount, plain = structure.Cells * (4 * structure.Predictors.Count + structure.Terms.Count + 0.25 * structure.FixedCount) + 20 * n + structure.Blocks.Sum(block => 1.0 * (block.Basis?.Values.Length ?? 0));
        return (plain, plain + n * n * n / 40 + 3 * n * n);
    }

    private static bool IsStructured(ModelStructure structure) => structure.Blocks.Any(block => !block.IsPlain);

    /// <summary>Why a model has no whitened coordinates; null where it has.</summary>
    internal static string? Obstacle(BayesianModel model) => model switch
    {
        { PriorOnly: true } => "without data there is nothing to whiten by",
        { Structure.IsShrunken: true } => "a shrinkage prior of the coefficients is far from normal",
        { Structure.Terms.Count: 0 } => "there are no group-level terms",
        { Structure: { Predictors.Count: > 1, IsCategorical: false } } => "other parameters of the distribution have formulas",
        { Structure.CoefficientCount: > MostCoefficients } => "there are too many group-level effects",
        _ => null,
    };
}
