using Terrace.MixedModels;

namespace Terrace.DistributionalModels;

/// <summary>
/// Profile likelihoods of a distributional model, with or without group-level terms, and the intervals from them: of standard deviations, correlations, the coefficients of every predictor and the parameters of
/// the distribution (φ, ν, the probability of a structural zero, thresholds).
/// </summary>
/// <remarks>
/// ζ(c) = sign(c − ĉ) √(min −2 log L(·; c) + 2 log L̂): Bates, Mächler, Bolker and Walker (2015), section 5.1; Venables and Ripley (2002), section 8.4, for models without random effects. A parameter that is
/// estimated on a logarithmic or logit scale is profiled there, which changes no limit. Check: DistributionalProfileTests.
/// </remarks>
public static class DistributionalProfile
{
    /// <summary>Profiles the parameters of <paramref name="fit"/>.</summary>
    /// <exception cref="ModelException">A parameter is not known.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static ProfileLikelihood Of(DistributionalModelFit fit, ProfileOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var parameters = DistributionalParameterList.Of(fit);
        return ProfileLikelihood.Of(_ => new DistributionalProfileCriterion(fit, parameters, cancellation), parameters.All, null, options ?? new ProfileOptions(), cancellation);
    }
}

/// <summary>What is minimised when one parameter of a distributional model is held: −2 log L of <see cref="DistributionalSearch"/> in θ and the whitened coordinates of all coefficients.</summary>
internal sealed class DistributionalProfileCriterion : CoordinateProfile
{
    private const double FarOnScale = 15;
    private readonly DistributionalModelFit _fit;
    private readonly DistributionalParameterList _parameters;
    private readonly DistributionalSearch _search;
    private readonly double[] _start;
    private readonly double[] _natural;
    private readonly double[] _naturalGradient;

    public DistributionalProfileCriterion(DistributionalModelFit fit, DistributionalParameterList parameters, CancellationToken cancellation)
        : this(fit, parameters, DistributionalSearch.Prepare(fit.Data.Rows, fit.Family, fit.Data.Options, cancellation))
    {
    }

    private DistributionalProfileCriterion(DistributionalModelFit fit, DistributionalParameterList parameters, DistributionalSearch search)
        : base(search.Layout, [.. fit.Theta], [.. fit.Uncertainty.Random is { } joint ? CriterionCurvature.ScalesOf(joint) : [], .. Enumerable.Repeat(1.0, search.Coordinates.Count)])
    {
        (_fit, _parameters, _search) = (fit, parameters, search);
        _start = [.. fit.Data.Natural];
        search.Coordinates.FromNatural(_start.AsSpan(Thetas));
        _natural = new double[_start.Length];
        _naturalGradient = new double[_start.Length];
    }

    /// <inheritdoc/>
    public override double Minimum() => _search.EvaluateNatural(_fit.Data.Natural, []);

    protected override double[] Start() => [.. _start];

    protected override ProfileTarget Coefficient(ModelParameter parameter)
    {
        ProfileTarget target = base.Coefficient(parameter);
        PredictorScale scale = _parameters.PlaceOf(parameter).Scale;
        return scale == PredictorScale.Identity
            ? target
            : target with { OwnScale = value => DistributionalParameterList.OnScale(scale, value), Lower = target.Estimate - FarOnScale, Upper = target.Estimate + FarOnScale };
    }

    /// <summary>The coefficient, and row of R⁻¹ in the whitened coordinates.</summary>
    protected override HeldCombination Combination(ModelParameter parameter)
    {
        DistributionalParameterList.Place place = _parameters.PlaceOf(parameter);
        ComponentFit component = _fit.Components[place.Component];
        FixedEffectsBasis basis = place.Component == 0 ? _search.Basis : _search.Likelihood.Parameters[place.Component - 1].Basis;
        var weights = new double[_search.Coordinates.Count];
        basis.RowOfInverse(Array.IndexOf(basis.Kept, place.Column)).CopyTo(weights, component.First);
        _search.Coordinates.ToGradient(weights);
        return new HeldCombination(component.Estimates[place.Column], weights);
    }

    protected override double AtPoint(Span<double> gradient)
    {
        Point.CopyTo(_natural, 0);
        _search.Coordinates.ToNatural(_natural.AsSpan(Thetas));
        double value = _search.EvaluateNatural(_natural, gradient.IsEmpty ? [] : _naturalGradient);
        if (gradient.IsEmpty || double.IsNaN(value)) return value;
        _naturalGradient.CopyTo(gradient);
        _search.Coordinates.ToGradient(gradient[Thetas..]);
        return value;
    }

    protected override double[] Values()
    {
        double[] natural = [.. Point];
        _search.Coordinates.ToNatural(natural.AsSpan(Thetas));
        return _parameters.Values(natural.AsSpan(0, Thetas), DistributionalAssembly.Components(_search.Likelihood, _search.Basis, natural.AsSpan(Thetas)));
    }
}
