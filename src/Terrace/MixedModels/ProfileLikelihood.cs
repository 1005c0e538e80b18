using Terrace.LinearModels;
using Terrace.Numerics.Distributions;

namespace Terrace.MixedModels;

/// <summary>How profiles are made.</summary>
public sealed record ProfileOptions
{
    /// <summary>The probability of the intervals.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>How far |ζ| is followed for plots; never less than the intervals need.</summary>
    public double Reach { get; init; } = 2.6;

    /// <summary>The parameters to profile, by <see cref="ModelParameter.Name"/> or <see cref="ModelParameter.LongName"/>; null for all.</summary>
    public IReadOnlyList<string>? Parameters { get; init; }

    /// <summary>How many threads may be used; the results do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Whether standard deviations and correlations of generalised models are profiled by the restricted likelihood, in which fixed effects are integrated out: intervals that hold with few or small groups,
    /// where those of the likelihood lie too low.
    /// </summary>
    public bool Restricted { get; init; }

    /// <summary>
    /// How many simulations correct the cut-off of restricted profiles for the ratio's being larger than χ² on average (Bartlett's correction); 0 for no correction.
    /// </summary>
    public int Simulations { get; init; } = 100;

    /// <summary>The seed of these simulations.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>
/// Profile likelihoods of a mixed model's parameters and the intervals from them (lme4's <c>profile</c> and <c>confint</c>): of standard deviations, correlations, σ and fixed effects. Immutable.
/// </summary>
/// <remarks>
/// A linear model is profiled by maximum likelihood, also where it was fitted by REML (Bates, Mächler, Bolker and Walker 2015, section 5.1); a generalised one by its own criterion. An interval of probability p
/// holds the values with |ζ| ≤ Φ⁻¹((1 + p)/2). Check: ProfileLikelihoodTests.
/// </remarks>
public sealed class ProfileLikelihood
{
    /// <summary>Collects profiles; <paramref name="excess"/> is how far one fell below the deviance at the estimates.</summary>
    internal ProfileLikelihood(IReadOnlyList<ParameterProfile> profiles, IReadOnlyList<ModelParameter> parameters, double excess = 0)
    {
        (Profiles, Parameters, Warnings) = (profiles, parameters, [.. ProfileWarnings.Of(profiles, excess)]);
    }

    /// <summary>The profiles, in the order of the parameters.</summary>
    public IReadOnlyList<ParameterProfile> Profiles { get; }

    /// <summary>All parameters of the model: the columns of <see cref="ProfilePoint.Parameters"/>.</summary>
    public IReadOnlyList<ModelParameter> Parameters { get; }

    /// <summary>Limits at the end of a parameter's range, limits that were not reached, correlations that are not defined, estimates that a profile found better ones than.</summary>
    public IReadOnlyList<ModelWarning> Warnings { get; }

    /// <summary>The profile of a parameter by either of its names, or null.</summary>
    public ParameterProfile? Find(string name) => Profiles.FirstOrDefault(p => p.Parameter.Name == name) ?? Profiles.FirstOrDefault(p => p.Parameter.LongName == name);

    /// <summary>Profiles the parameters of <paramref name="fit"/>.</summary>
    /// <exception cref="ModelException">The fit was read from a file; it is of a generalised model with a dispersion or at the joint mode; a parameter is not known.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static ProfileLikelihood Of(MixedModelFit fit, ProfileOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ProfileOptions();
        Func<ModelParameter?, ProfileCriterion> prepare = Preparation(fit, cancellation);
        ProfileCriterion first = prepare(null);
        IReadOnlyList<ModelParameter> all = ModelParameters.Of(fit).All;
        bool IsRestricted(ModelParameter parameter) => options.Restricted && first.FirstFixed is not null && parameter.Kind is ModelParameterKind.StandardDeviation or ModelParameterKind.Correlation;
        Func<ModelParameter[], double[]>? factors = null;
        if (options.Restricted && first.FirstFixed is not null) factors = wanted => Factors(fit, wanted, [.. wanted.Select(IsRestricted)], options, cancellation);
        return Of(prepare, all, factors, options, cancellation);
    }

    /// <summary>Profiles parameters by criteria from <paramref name="prepare"/>, one for each thread's parameter; <paramref name="restricted"/> gives the factors of restricted profiles, NaN for parameters that have none.</summary>
    internal static ProfileLikelihood Of(
        Func<ModelParameter?, ProfileCriterion> prepare, IReadOnlyList<ModelParameter> all, Func<ModelParameter[], double[]>? restricted, ProfileOptions options, CancellationToken cancellation)
    {
        prepare(null).Minimum(); // what is wrong with the fit is said here, not by a thread
        ModelParameter[] wanted = options.Parameters is null ? [.. all] : [.. options.Parameters.Select(name => Named(all, name))];
        double[]? factors = restricted?.Invoke(wanted);
        var profiles = new ParameterProfile?[wanted.Length];
        var excess = new double[wanted.Length];
        Parallel.For(0, wanted.Length, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Threads), CancellationToken = cancellation }, k =>
        {
            ProfileCriterion criterion = prepare(wanted[k]);
            bool own = factors is not null && !double.IsNaN(factors[k]);
            profiles[k] = Profile(criterion.Target(wanted[k]), criterion.Minimum(), options, own ? (criterion.FirstFixed!.Value, factors![k]) : null, out excess[k], cancellation);
        });
        ParameterProfile[] made = [.. profiles.Select(p => p!)];
        return new ProfileLikelihood(made, all, excess.DefaultIfEmpty().Max());
    }

    /// <summary>What makes targets: one workspace for each parameter.</summary>
    private static Func<ModelParameter?, ProfileCriterion> Preparation(MixedModelFit fit, CancellationToken cancellation)
    {
        if (fit.Joint.Factorisation == Factorisation.Iterative) throw SparseTail.NotOrdered();
        FittedData data = FittedData.Of(fit, "a profile");
        if (QuadratureEngine.PointsOf(fit.Engine) is null)
        {
            MixedModelFit ml = fit.Engine == "ml" ? fit : LinearMixedModel.Fit(data.Rows, new LinearMixedModelOptions { Reml = false }, cancellation);
            Func<LinearProfile>? orthonormal = LinearProfile.Orthonormal(ml, data);
            return parameter =>
            {
                bool ofRandomEffects = parameter?.Kind is null or ModelParameterKind.StandardDeviation or ModelParameterKind.Correlation;
                return ofRandomEffects || orthonormal is null ? new LinearProfile(ml) : orthonormal();
            };
        }
        Refuse(fit);
        RefitModel model = RefitModel.Of(fit, "a profile");
        return _ => new GeneralizedProfile(model);
    }

    private static double[] Factors(MixedModelFit fit, ModelParameter[] wanted, bool[] restricted, ProfileOptions options, CancellationToken cancellation)
    {
        double[] factors = [.. restricted.Select(own => own ? 1 : double.NaN)];
        int[] places = [.. Enumerable.Range(0, wanted.Length).Where(k => restricted[k])];
        if (options.Simulations == 0 || places.Length == 0) return factors;
        double[] own = BartlettFactor.Of(fit, [.. places.Select(k => wanted[k])], options, cancellation);
        for (int k = 0; k < places.Length; k++) factors[places[k]] = own[k];
        return factors;
    }

    private static void Refuse(MixedModelFit fit)
    {
        if (!fit.Family.HasKnownDispersion)
            throw new ModelException($"Mixed models of the {fit.Family.Name} family have no profile likelihood here, as their dispersion is estimated from the deviance; use Wald or bootstrap intervals.");
        if (QuadratureEngine.PointsOf(fit.Engine) == 0)
            throw new ModelException("With agq:0 the fixed effects do not maximise the likelihood, so there is nothing to profile; fit by laplace, or use Wald or bootstrap intervals.");
    }

    /// <summary>The parameter of either name.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    internal static ModelParameter Named(IReadOnlyList<ModelParameter> all, string name) => all.FirstOrDefault(p => p.Name == name) ?? all.FirstOrDefault(p => p.LongName == name)
        ?? throw new ModelException($"The model has no parameter '{name}'; it has {string.Join(", ", all.Select(p => p.LongName))}.");

    private static ParameterProfile Profile(ProfileTarget target, double minimum, ProfileOptions options, (int FirstFixed, double Factor)? restricted, out double excess, CancellationToken cancellation)
    {
        excess = 0;
        if (double.IsNaN(target.Estimate))
            return new ParameterProfile(target.Parameter, double.NaN, [], options.Level) { Lower = double.NaN, Upper = double.NaN, LowerKind = ProfileLimit.NotReached, UpperKind = ProfileLimit.NotReached };
        if (restricted is var (first, factor) && first < target.Start.Length) return RestrictedProfile.Of(target, minimum, first, factor, options, out excess, cancellation);
        double z = Normal.Quantile(0.5 + 0.5 * options.Level);
        var search = new ProfileSearch(target, minimum, cancellation);
        search.Follow(Math.Max(options.Reach, z));
        var (lower, lowerKind) = search.Solve(-z);
        var (upper, upperKind) = search.Solve(z);
        excess = search.Excess;
        var profile = new ParameterProfile(target.Parameter, target.Estimate, search.Points, options.Level) { Lower = lower, Upper = upper, LowerKind = lowerKind, UpperKind = upperKind };
        return target.OwnScale is { } scale ? profile.OnScale(scale) : profile;
    }
}
