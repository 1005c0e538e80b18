using Terrace.Design;
using Terrace.Numerics.Distributions;

namespace Terrace.SavedFits;

/// <summary>
/// Models of the same data side by side: likelihood-ratio tests of each against the one before, with AIC and BIC. The statistic 2 (ℓ₂ − ℓ₁) has, if the smaller model holds
/// and lies inside the larger one, asymptotically a χ² distribution with as many degrees of freedom as the larger has parameters more (Wilks (1938)). Fits whose
/// likelihoods cannot be compared are refused; what makes a p-value doubtful is a warning.
/// </summary>
public sealed class ModelComparison
{
    private ModelComparison(IReadOnlyList<ComparedModel> models, params ModelWarning[] before)
    {
        Models = models;
        Tests = [.. models.Skip(1).Select((larger, i) => LikelihoodRatioTest.Of(models[i], larger))];
        Warnings = [.. before, .. ComparisonWarnings.Of(models), .. Tests.SelectMany(ComparisonWarnings.Of)];
    }

    /// <summary>The models by their number of parameters; those with equally many in the given order.</summary>
    public IReadOnlyList<ComparedModel> Models { get; }

    /// <summary>The test of each model but the first against the one before.</summary>
    public IReadOnlyList<LikelihoodRatioTest> Tests { get; }

    /// <summary>What makes a test doubtful: <c>not-nested</c>, <c>boundary-test</c>, <c>data-not-verified</c>, <c>not-converged</c>, <c>approximations-differ</c>; or what was done for it: <c>refitted-ml</c>.</summary>
    public IReadOnlyList<ModelWarning> Warnings { get; }

    /// <summary>Compares at least two models.</summary>
    /// <exception cref="ModelException">Two of them are of different data, of different families or links, by REML with different fixed effects or against ML, or one has no likelihood.</exception>
    /// <exception cref="ArgumentException">There are fewer than two models.</exception>
    public static ModelComparison Of(IReadOnlyList<ComparedModel> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        if (models.Count < 2) throw new ArgumentException("A comparison needs at least two models.", nameof(models));
        ComparableFits.Require(models);
        return new ModelComparison([.. models.OrderBy(model => model.Df)]);
    }

    /// <summary>
    /// Compares at least two models whose rows are at hand: where restricted likelihoods cannot be compared, with different fixed effects or against maximum likelihood, the fits by REML are
    /// refitted by maximum likelihood, and a warning says so.
    /// </summary>
    /// <param name="models">The models.</param>
    /// <param name="rows">The rows that a model was fitted to, as its frame encodes them; asked for where it is refitted only.</param>
    /// <param name="cancellation">Ends a refit early.</param>
    /// <exception cref="ModelException">Two of the models are of different data, families or links, one has no likelihood, or the rows are not those of the fit.</exception>
    /// <exception cref="ArgumentException">There are fewer than two models.</exception>
    public static ModelComparison Of(IReadOnlyList<ComparedModel> models, Func<ComparedModel, ModelRows> rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(rows);
        if (models.Count < 2 || !MaximumLikelihoodRefit.IsNeeded(models)) return Of(models);
        IReadOnlyList<ComparedModel> refitted = MaximumLikelihoodRefit.Of(models, rows, cancellation);
        ComparableFits.Require(refitted);
        return new ModelComparison([.. refitted.OrderBy(model => model.Df)], MaximumLikelihoodRefit.Warning(models));
    }
}

/// <summary>A likelihood-ratio test of two models.</summary>
/// <param name="Smaller">The model with fewer parameters: the hypothesis.</param>
/// <param name="Larger">The model with more parameters.</param>
/// <param name="ChiSquare">Twice the difference of the log likelihoods, 0 where the larger model fits worse.</param>
/// <param name="Df">How many parameters the larger model has more.</param>
/// <param name="PValue">The probability of a χ² at least as large; null without degrees of freedom.</param>
public sealed record LikelihoodRatioTest(ComparedModel Smaller, ComparedModel Larger, double ChiSquare, int Df, double? PValue)
{
    internal static LikelihoodRatioTest Of(ComparedModel smaller, ComparedModel larger)
    {
        int df = larger.Df - smaller.Df;
        double chiSquare = Math.Max(0, 2 * (larger.LogLikelihood!.Value - smaller.LogLikelihood!.Value));
        return new LikelihoodRatioTest(smaller, larger, chiSquare, df, df > 0 ? ChiSquared.UpperTail(chiSquare, df) : null);
    }
}
