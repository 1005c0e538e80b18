using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.DistributionalModels;

/// <summary>The parameters that are one number for all rows, from the scales of their predictors to their own: e^ψ, thresholds as they are, a probability from its logit.</summary>
/// <remarks>Standard errors by the delta method: Casella and Berger (2002), <em>Statistical Inference</em>, section 5.5.4. Check: DistributionalFixtureTests.</remarks>
internal static class DistributionParameters
{
    public static DistributionParameter[] Of(ResponseFamily family, IReadOnlyList<ComponentFit> components, Matrix covariance)
    {
        var parameters = new List<DistributionParameter>();
        foreach (ComponentFit component in components.Skip(1))
        {
            if (ScaleOf(family, component) is not var (name, scale)) continue;
            double value = DistributionalParameterList.OnScale(scale, component.Estimates[0]), error = component.StandardErrors(covariance)[0];
            double slope = scale switch { PredictorScale.Exponential => value, PredictorScale.Logistic => value * (1 - value), _ => 1 };
            parameters.Add(new DistributionParameter(name, value, slope * error));
        }
        return [.. parameters];
    }

    /// <summary>The name of the one number that a component describes and its scale; null where the component has covariates.</summary>
    public static (string Name, PredictorScale Scale)? ScaleOf(ResponseFamily family, ComponentFit component)
    {
        if (component.Names is not ["(Intercept)"] || component.Estimated.Count != 1) return null;
        return component.Component switch
        {
            Component.ZeroInflation => ("zi", PredictorScale.Logistic),
            Component.Dispersion => (family.ParameterNames[0], PredictorScale.Exponential),
            _ when family.IsOrdered => (component.Component, PredictorScale.Identity),
            _ => (component.Component, PredictorScale.Exponential),
        };
    }
}
