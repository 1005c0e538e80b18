using Terrace.Formulas;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.Evaluation;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;

namespace Terrace.Bayes;

/// <summary>A Bayesian model with draws from its posterior and the verdict on them. Immutable.</summary>
public sealed class BayesianFit
{
    private readonly Lazy<IReadOnlyList<VariableSummary>> _summaries;
    private readonly Lazy<(Loo Loo, double[] RowElpd)?> _loo;
    private readonly Lazy<IReadOnlyList<Finding>> _findings;
    private bool _matchMoments;

    /// <summary>Puts a model and draws together.</summary>
    /// <param name="model">The model.</param>
    /// <param name="priors">Its priors as they are told.</param>
    /// <param name="engine">The engine, as <see cref="BayesianSettings.Engine"/> names it.</param>
    /// <param name="sampler">The sampler and why it was taken, a sentence.</param>
    /// <param name="options">How it ran.</param>
    /// <param name="sampling">What it gave.</param>
    public BayesianFit(BayesianModel model, IReadOnlyList<PriorDescription> priors, string engine, string sampler, NutsOptions options, SamplingResult sampling)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        (Model, Priors, Engine, Sampler, Options, Sampling) = (model, priors, engine, sampler, options, sampling);
        _loo = new Lazy<(Loo, double[])?>(CrossValidate);
        _findings = new Lazy<IReadOnlyList<Finding>>(() => SamplingFindings.Of(Summaries, Draws.Chains, sampling.Statistics, options.MaxTreeDepth));
        _summaries = new Lazy<IReadOnlyList<VariableSummary>>(() => VariableSummary.OfAll(sampling.Draws, options.Threads));
    }

    /// <summary>The model.</summary>
    public BayesianModel Model { get; }

    /// <summary>The priors.</summary>
    public IReadOnlyList<PriorDescription> Priors { get; }

    /// <summary>The engine.</summary>
    public string Engine { get; }

    /// <summary>The sampler and why it was taken.</summary>
    public string Sampler { get; }

    /// <summary>Whether the draws are of an approximation of the posterior that is not corrected: <c>pathfinder</c>, <c>meanfield</c> or <c>fullrank</c>.</summary>
    public bool IsApproximation => PosteriorApproximation.Engines.Contains(Engine);

    /// <summary>What an approximation says of itself, also where it was rejected; null where it was not asked for or does not apply.</summary>
    public Approximation? Approximation { get; private init; }

    /// <summary>Why an approximation was not taken though asked for, or is not to be trusted.</summary>
    internal ModelWarning? Rejection { get; private init; }

    /// <summary>How the sampler ran.</summary>
    public NutsOptions Options { get; }

    /// <summary>Draws, sampler statistics, step sizes.</summary>
    public SamplingResult Sampling { get; }

    /// <summary>The draws.</summary>
    public Draws Draws => Sampling.Draws;

    /// <summary>The summary of each variable, in the order of the draws' columns.</summary>
    public IReadOnlyList<VariableSummary> Summaries => _summaries.Value;

    /// <summary>Leave-one-out cross-validation of single rows, also where rows were collapsed to cells; null where the data were left out.</summary>
    public Loo? Loo => _loo.Value?.Loo;

    /// <summary>The expected log predictive density of each row by leave-one-out cross-validation, in the order of the rows; null where the data were left out.</summary>
    public IReadOnlyList<double>? RowElpd => _loo.Value?.RowElpd;

    /// <summary>What is wrong with the run; empty where nothing is.</summary>
    public IReadOnlyList<Finding> Findings => _findings.Value;

    /// <summary>The findings as warnings.</summary>
    internal IEnumerable<ModelWarning> Warnings => [.. Rejection is { } rejection ? [rejection] : Array.Empty<ModelWarning>(), .. UnmodelledTrends(), .. Findings.Select(finding => new ModelWarning(finding.Code, finding.Message))];

    /// <summary>Samples the posterior of a model under default priors with the user's in their places.</summary>
    /// <exception cref="ModelException">The priors do not suit the model, or whitened coordinates are asked for where they cannot be.</exception>
    /// <exception cref="SamplingException">The posterior is improper, or the run cannot go on.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static BayesianFit Sample(ModelOutline outline, BayesianSettings settings, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(outline);
        ArgumentNullException.ThrowIfNull(settings);
        ChosenPriors priors = UserPriors.Apply(DefaultPriors.Of(outline, settings.Preset), outline, settings.Priors);
        return Sample(outline.With(priors.Model, settings.PriorOnly), priors.Descriptions, settings, cancellation);
    }

    /// <summary>Samples the posterior of a model, whose priors are told as <paramref name="priors"/>, by the engine of the settings.</summary>
    internal static BayesianFit Sample(BayesianModel model, IReadOnlyList<PriorDescription> priors, BayesianSettings settings, CancellationToken cancellation)
    {
        BayesianFit fit = settings.Engine switch
        {
            "nuts" => Sample(model, priors, settings.Sampling, settings.Preference, cancellation),
            "gibbs" => Gibbs(model, priors, settings.Sampling, cancellation),
            "approx" => Approximate(model, priors, settings, cancellation),
            "pathfinder" or "meanfield" or "fullrank" => ApproximateWhole(model, priors, settings, cancellation),
            _ => throw new ArgumentException($"There is no Bayesian engine '{settings.Engine}'.", nameof(settings)),
        };
        fit._matchMoments = settings.MatchMoments;
        return fit;
    }

    private static BayesianFit Gibbs(BayesianModel model, IReadOnlyList<PriorDescription> priors, NutsOptions options, CancellationToken cancellation)
    {
        if (GibbsTransition.Obstacle(model) is { } obstacle) throw new ModelException($"The Gibbs sampler does not suit this model: {obstacle}. Choose nuts.");
        string name = options.CheckpointDirectory is null ? model.Name : $"{model.Name}\ngibbs\n{ModelIdentity.Of(model)}";
        SamplingResult result = Inference.Sampling.Sampler.Run(name, model.Layout, _ => new GibbsTransition(model), options, cancellation);
        return new BayesianFit(model, priors, "gibbs", "blocked Gibbs: coefficients together, parameters by slices", options, result);
    }

    private static BayesianFit Approximate(BayesianModel model, IReadOnlyList<PriorDescription> priors, BayesianSettings settings, CancellationToken cancellation)
    {
        (SamplingResult? result, Approximation? check, NutsOptions options, string reason) = SurrogateSampling.Run(model, settings.Sampling, cancellation);
        if (result is not null && check is { Accepted: true })
            return new BayesianFit(model, priors, "approx", "surrogate of the marginal posterior, corrected by importance ratios", options, result) { Approximation = check };
        string why = check is null ? reason : FormattableString.Invariant($"its importance ratios have k-hat {check.KHat:0.00} (at most 0.5) and efficiency {check.Efficiency:0.00} (at least 0.3)");
        BayesianFit fit = Sample(model, priors, settings.Sampling, settings.Preference, cancellation);
        return new BayesianFit(model, priors, fit.Engine, fit.Sampler, fit.Options, fit.Sampling)
        {
            Approximation = check,
            Rejection = new ModelWarning("approx-rejected", $"The fast approximation does not suit this model ({why}); the draws are by full sampling."),
        };
    }

    private static BayesianFit ApproximateWhole(BayesianModel model, IReadOnlyList<PriorDescription> priors, BayesianSettings settings, CancellationToken cancellation)
    {
        (SamplingResult result, Approximation check, string sampler, ModelWarning? warning) = PosteriorApproximation.Run(model, settings.Engine, settings.Sampling, cancellation);
        return new BayesianFit(model, priors, settings.Engine, sampler, settings.Sampling with { Chains = 1, Warmup = 0 }, result) { Approximation = check, Rejection = warning };
    }

    /// <summary>Samples the posterior by the no-U-turn sampler, in the coordinates that suit the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="priors">Its priors as they are told.</param>
    /// <param name="options">How the sampler runs; in whitened coordinates the metric is the identity.</param>
    /// <param name="preference">Which coordinates.</param>
    /// <param name="cancellation">Ends the run early.</param>
    /// <exception cref="ModelException">Whitened coordinates are asked for where they cannot be.</exception>
    /// <exception cref="SamplingException">The posterior is improper, or the run cannot go on.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static BayesianFit Sample(BayesianModel model, IReadOnlyList<PriorDescription> priors, NutsOptions? options = null, SamplerPreference? preference = null, CancellationToken cancellation = default)
    {
        options ??= new NutsOptions();
        preference ??= new SamplerPreference();
        (bool whiten, string reason) = SamplerChoice.Of(model, preference.Kind);
        if (whiten && LaplaceMarginal.Find(model, cancellation) is { } whitening)
        {
            NutsOptions own = options with
            {
                Metric = MetricKind.Unit,
                Warmup = preference.WhitenedWarmup,
                AdaptDelta = preference.WhitenedDelta,
                MeanTrajectoryLength = Math.PI,
                InitialRange = Math.Min(options.InitialRange, 1),
            };
            return new BayesianFit(model, priors, "nuts", reason, own, Inference.Sampling.Sampler.Run(new WhitenedModel(model, whitening), own, cancellation));
        }
        if (whiten && preference.Kind == SamplerKind.Whitened) throw new ModelException("The mode that the whitened sampler starts from was not found; choose the plain one, or give stronger priors.");
        if (whiten) reason = "plain: no mode was found to whiten by";
        return new BayesianFit(model, priors, "nuts", reason, options, Inference.Sampling.Sampler.Run(model, options, cancellation));
    }

    private (Loo, double[])? CrossValidate()
    {
        if (Model.PriorOnly) return null;
        var likelihood = new RowLogLikelihood(this);
        Loo loo = Inference.Evaluation.Loo.Of(likelihood, null, Options.Threads);
        if (_matchMoments && loo.HighK > 0) loo = loo.WithMomentMatching(likelihood, () => new MatchedPosterior(this), Options.Threads);
        return (loo, Array.ConvertAll(likelihood.ObservationOfRow, observation => loo.Pointwise[observation].Elpd));
    }

    /// <summary>Second-order walks whose line nothing else in the model can hold.</summary>
    private IEnumerable<ModelWarning> UnmodelledTrends()
    {
        foreach (GroupTerm term in Model.Structure.Terms)
        {
            if (term.Structure?.Kind != StructureKind.RandomWalk2) continue;
            string variable = term.Group["rw2(".Length..^1];
            if (Model.Structure.Predictors[term.Predictor].ColumnNames.Any(name => name.Contains(variable, StringComparison.Ordinal))) continue;
            yield return new ModelWarning("no-linear-trend", $"{term.Group} holds only what bends: a rise or fall in a straight line has no place in this model. Add the trend to the formula, as in '{variable} + {term.Group}', or use rw1({variable}).");
        }
    }

    /// <summary>Judges hypotheses such as <c>floor &lt; 0</c> by the draws; for those of equality the prior is sampled too, where it is proper. See <see cref="Bayes.Hypothesis"/>.</summary>
    /// <exception cref="ModelException">A hypothesis has no comparison.</exception>
    /// <exception cref="Formulas.FormulaException">A hypothesis cannot be read, or names something unknown.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public IReadOnlyList<Hypothesis> Hypotheses(IReadOnlyList<string> texts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        Hypothesis[] judged = [.. texts.Select(text => Hypothesis.Of(text, Draws))];
        if (!judged.Any(hypothesis => hypothesis.IsEqual)) return judged;
        return PriorDraws(cancellation) is { } prior ? [.. texts.Select(text => Hypothesis.Of(text, Draws, prior))] : judged;
    }

    /// <summary>Draws of the prior; null where it is improper.</summary>
    private Draws? PriorDraws(CancellationToken cancellation)
    {
        try
        {
            return Inference.Sampling.Sampler.Run(Model.PriorModel(), new NutsOptions { Seed = Options.Seed + 1, Threads = Options.Threads, AdaptDelta = 0.95, MaxTreeDepth = 12 }, cancellation).Draws;
        }
        catch (ModelException)
        {
            return null;
        }
    }

    /// <summary>The summary of a variable.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public VariableSummary Summary(string name)
    {
        int column = Draws.Layout.IndexOf(name);
        return column >= 0 ? Summaries[column] : throw new ArgumentException($"There is no variable '{name}'.", nameof(name));
    }
}
