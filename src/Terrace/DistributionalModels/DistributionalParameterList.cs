using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.DistributionalModels;

/// <summary>
/// The parameters of a distributional model on the scales on which intervals are given: standard deviations and correlations as <see cref="ModelParameters"/> has them, the coefficients of
/// every predictor with a formula (<c>zi~x</c> and <c>disp~x</c> beside the conditional ones), then the parameters that are one number for all rows, on their own scales.
/// </summary>
/// <remarks>Names of intervals after lme4 (Bates et al. 2015, section 5.1) and glmmTMB. Check: DistributionalProfileTests, DistributionalRefitTests.</remarks>
internal sealed class DistributionalParameterList
{
    private readonly RandomEffectsLayout _layout;
    private readonly List<Place> _places = [];

    public DistributionalParameterList(ResponseFamily family, IReadOnlyList<ComponentFit> components, RandomEffectsLayout layout)
    {
        _layout = layout;
        var list = ModelParameters.OfRandomEffects(layout);
        for (int c = 0; c < components.Count; c++)
        {
            ComponentFit component = components[c];
            if (component.HasFormula) foreach (int column in component.Estimated) Add(list, ModelParameterKind.FixedEffect, component, c, column, Prefix(component) + component.Names[column], PredictorScale.Identity);
        }
        for (int c = 1; c < components.Count; c++)
        {
            if (DistributionParameters.ScaleOf(family, components[c]) is var (name, scale)) Add(list, ModelParameterKind.DistributionParameter, components[c], c, 0, name, scale);
        }
        All = list;
    }

    /// <summary>The parameters in order.</summary>
    public IReadOnlyList<ModelParameter> All { get; }

    /// <summary>The parameters of <paramref name="fit"/>.</summary>
    public static DistributionalParameterList Of(DistributionalModelFit fit) => new(fit.Family, fit.Components, fit.Uncertainty.Random?.Layout ?? RandomEffectsLayout.None);

    /// <summary>Where a coefficient or a parameter of the distribution has its coefficient, and its scale.</summary>
    public Place PlaceOf(ModelParameter parameter) => _places[parameter.Coefficient];

    /// <summary>Their values; a correlation with a standard deviation of 0 is NaN.</summary>
    public double[] Values(ReadOnlySpan<double> theta, IReadOnlyList<ComponentFit> components)
    {
        var values = new double[All.Count];
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = All[k].Coefficient < 0 ? ModelParameters.OfRandomEffects(All[k], _layout, theta, 1) : ValueOf(PlaceOf(All[k]), components);
        }
        return values;
    }

    /// <summary>A predictor's value on the parameter's own scale: as it is, e^ψ, or the probability of a logit.</summary>
    public static double OnScale(PredictorScale scale, double value) => scale switch
    {
        PredictorScale.Exponential => Math.Exp(value),
        PredictorScale.Logistic => LogisticFunction.Logistic(value),
        _ => value,
    };

    /// <summary>What stands before the names of a component's coefficients.</summary>
    public static string Prefix(ComponentFit component) => component.Component switch
    {
        Component.ZeroInflation => "zi~",
        Component.Dispersion => "disp~",
        _ => "",
    };

    private static double ValueOf(Place place, IReadOnlyList<ComponentFit> components) => OnScale(place.Scale, components[place.Component].Estimates[place.Column]);

    private void Add(List<ModelParameter> list, ModelParameterKind kind, ComponentFit component, int place, int column, string name, PredictorScale scale)
    {
        string term = kind == ModelParameterKind.FixedEffect ? component.Names[column] : name;
        list.Add(new ModelParameter(kind, name, name) { Component = component.Component, Term = term, Coefficient = _places.Count });
        _places.Add(new Place(place, column, scale));
    }

    /// <summary>A coefficient's component and column, and the scale of what it stands for.</summary>
    public readonly record struct Place(int Component, int Column, PredictorScale Scale);
}

/// <summary>How a parameter follows from its predictor.</summary>
internal enum PredictorScale
{
    Identity,
    Exponential,
    Logistic,
}
