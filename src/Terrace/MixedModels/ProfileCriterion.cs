using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>What is minimised when one parameter of a mixed model is held: what linear and generalised ones have in common.</summary>
/// <remarks>
/// A correlation is held by <see cref="HeldCorrelation"/>, as the coordinates of a point begin with θ in both; everything else is held in each one's own way. The profile is that of Bates, Mächler, Bolker and Walker
/// (2015), section 5.1. Check: ProfileLikelihoodTests.
/// </remarks>
internal abstract class ProfileCriterion
{
    /// <summary>Coordinates that begin with the factors of <paramref name="layout"/>, whose estimates are <paramref name="theta"/>.</summary>
    protected ProfileCriterion(RandomEffectsLayout layout, double[] theta, double[] units)
    {
        (Layout, Theta, Units) = (layout, theta, units);
        Point = new double[units.Length];
    }

    protected RandomEffectsLayout Layout { get; }

    /// <summary>The estimated relative covariance parameters.</summary>
    protected double[] Theta { get; }

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
        _ => Coefficient(parameter),
    };

    protected abstract ProfileTarget StandardDeviation(ModelParameter parameter);

    protected virtual ProfileTarget ResidualStandardDeviation(ModelParameter parameter) => throw new InvalidOperationException("A model without a residual standard deviation was asked for its profile.");

    /// <summary>The target for a coefficient, or for a parameter of the distribution.</summary>
    protected abstract ProfileTarget Coefficient(ModelParameter parameter);

    /// <summary>The coordinates at the estimates.</summary>
    protected abstract double[] Start();

    /// <summary>The criterion at <see cref="Point"/> and its gradient, with what is not in the coordinates minimised out.</summary>
    protected abstract double AtPoint(Span<double> gradient);

    /// <summary>All parameters at the point of the last evaluation.</summary>
    protected abstract double[] Values();

    /// <summary>The places of the diagonals of the terms' factors, in which the criterion is even where they are 0.</summary>
    protected IEnumerable<int> Diagonals() => from term in Layout.Terms from j in Enumerable.Range(0, term.Width) select term.ThetaIndex(j, j);

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

    private ProfileTarget Correlation(ModelParameter parameter)
    {
        var term = Layout.Terms[parameter.TermIndex];
        double estimate = ModelParameters.Correlation(term, parameter.Row, parameter.Column, Theta);
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
