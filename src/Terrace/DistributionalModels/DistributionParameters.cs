using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.SpecialFunctions;

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
            if (component.Names is not ["(Intercept)"] || component.Estimated.Count != 1) continue;
            double value = component.Estimates[0], error = component.StandardErrors(covariance)[0];
            parameters.Add(component.Component switch
            {
                Component.ZeroInflation => Probability(value, error),
                Component.Dispersion => Exponential(family.ParameterNames[0], value, error),
                _ when family.IsOrdered => new DistributionParameter(component.Component, value, error),
                _ => Exponential(component.Component, value, error),
            });
        }
        return [.. parameters];
    }

    private static DistributionParameter Exponential(string name, double value, double error) => new(name, Math.Exp(value), Math.Exp(value) * error);

    private static DistributionParameter Probability(double logit, double error)
    {
        double probability = LogisticFunction.Logistic(logit);
        return new DistributionParameter("zi", probability, probability * (1 - probability) * error);
    }
}
