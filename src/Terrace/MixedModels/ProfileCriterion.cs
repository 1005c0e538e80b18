using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>What is minimised when one parameter of a mixed model is held: what linear and generalised ones have in common.</summary>
/// <remarks>
/// A correlation is held by <see cref="HeldCorrelation"/>, as the coordinates of a point begin with θ in both; everything else is held in each one's own way. The profile is that of Bates, Mächler, Bolker and Walker
/// (2015), section 5.1. Check: ProfileLikelihoodTests.
/// </remarks>
internal abstract class ProfileCriterion
{
    private readonly MixedModelFit _fit;
    private readonly RandomEffectsLayout _layout;
    private readonly FixedEffectsBasis _basis;

    protected ProfileCriterion(MixedModelFit fit, RandomEffectsLayout layout, FixedEffectsBasis basis, ModelParameters parameters, double[] units)
    {
        (_fit, _layout, _basis, Parameters, Units) = (fit, layout, basis, parameters, units);
        Point = new double[units.Length];
    }

    protected ModelParameters Parameters { get; }

    /// <summary>Of each coordinate the size of a change that matters.</summary>
    protected double[] Units { get; }

    /// <summary>The point of the last evaluation, θ first.</summary>
    protected double[] Point { get; }

    /// <summary>The place of the first fixed effect among the coordinates, which a restricted profile integrates out; null where they are not among them.</summary>
    public virtual int? FirstFixed => null;

    /// <summary>The criterion at the estimates, in the constants of the targets' criteria.</summary>
    public abstract double Minimum();

    /// <summary>The target for a parameter.</summary>
    public ProfileTarget Target(ModelParameter parameter) => parameter.Kind switch
    {
        ModelParameterKind.StandardDeviation => StandardDeviation(parameter),
        ModelParameterKind.Correlation => Correlation(parameter),
        ModelParameterKind.ResidualStandardDeviation => ResidualStandardDeviation(parameter),
        _ => FixedEffect(parameter),
    };

    protected abstract ProfileTarget StandardDeviation(ModelParameter parameter);

    protected abstract ProfileTarget ResidualStandardDeviation(ModelParameter parameter);

    protected abstract ProfileTarget FixedEffect(ModelParameter parameter);

    /// <summary>The coordinates at the estimates.</summary>
    protected abstract double[] Start();

    /// <summary>The criterion at <see cref="Point"/> and its gradient, with what is not in the coordinates minimised out.</summary>
    protected abstract double AtPoint(Span<double> gradient);

    /// <summary>All parameters at the point of the last evaluation.</summary>
    protected abstract double[] Values();

    /// <summary>The places of the diagonals of the terms' factors, in which the criterion is even where they are 0.</summary>
    protected IEnumerable<int> Diagonals() => from term in _layout.Terms from j in Enumerable.Range(0, term.Width) select term.ThetaIndex(j, j);

    protected ProfileTarget Create(ModelParameter parameter, double estimate, double step, Action<double> hold, Objective criterion, double[] start, IEnumerable<int> even) => new()
    {
        Parameter = parameter,
        Estimate = estimate,
        Step = step,
        Hold = hold,
        Criterion = criterion,
        Start = start,
        Units = Units,
        Even = [.. even],
        Values = Values,
    };

    /// <summary>β of γ, 0 where a coefficient is aliased.</summary>
    protected double[] Beta(ReadOnlySpan<double> gamma)
    {
        double[] kept = _basis.ToCoefficients(gamma), beta = new double[_basis.Columns];
        for (int k = 0; k < kept.Length; k++) beta[_basis.Kept[k]] = kept[k];
        return beta;
    }

    private ProfileTarget Correlation(ModelParameter parameter)
    {
        var term = _layout.Terms[parameter.TermIndex];
        double estimate = Parameters.Values(_fit.Theta, 1, _fit.Beta)[Parameters.All.ToList().IndexOf(parameter)];
        var held = new HeldCorrelation(term, parameter.Row, parameter.Column) { Value = estimate };
        double[] start = Start();
        held.FromTheta(start);
        double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
        {
            point.CopyTo(Point);
            held.ToTheta(Point);
            double value = AtPoint(gradient);
            if (!gradient.IsEmpty) held.ToGradient(gradient);
            return value;
        }

        int own = term.ThetaIndex(parameter.Row, parameter.Row), other = term.ThetaIndex(parameter.Column, parameter.Column);
        double step = 0.4 * Math.Max(0.1, 1 - estimate * estimate) / Math.Sqrt(term.Levels.Count);
        return Create(parameter, estimate, step, c => held.Value = c, Evaluate, start, Diagonals().Where(k => k != own && k != other)) with { Lower = -1, Upper = 1 };
    }
}
