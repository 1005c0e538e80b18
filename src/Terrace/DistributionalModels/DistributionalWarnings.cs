using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.DistributionalModels;

/// <summary>The warnings of a distributional model, in words that name the component and say what to do.</summary>
internal static class DistributionalWarnings
{
    public static List<ModelWarning> Of(ResponseFamily family, IReadOnlyList<ComponentFit> components, Matrix covariance, IReadOnlyList<string> singular, bool converged, double gradientNorm)
    {
        string[] aliased = [.. components.SelectMany(component => component.Names.Where((_, j) => double.IsNaN(component.Estimates[j])).Select(name => Named(component, name)))];
        List<ModelWarning> warnings = FitWarnings.Of(aliased, singular, converged ? null
            : FormattableString.Invariant($"Not converged: the search ended with a gradient of {gradientNorm:G3}. Rescale the variables or simplify the model."));
        foreach (ComponentFit component in components)
        {
            double[] errors = component.StandardErrors(covariance);
            for (int j = 0; j < errors.Length; j++)
            {
                if (double.IsNaN(component.Estimates[j])) continue;
                if (!double.IsFinite(errors[j]))
                    warnings.Add(new ModelWarning("parameter-at-boundary", Boundary(family, component, j)));
            }
        }
        return warnings;
    }

    private static string Named(ComponentFit component, string name) => component.Component == Component.Conditional ? name : $"{name} of the {component.Component} part";

    private static string Boundary(ResponseFamily family, ComponentFit component, int j)
    {
        bool up = component.Estimates[j] > 0;
        return component.Component switch
        {
            Component.ZeroInflation => $"The zero part's coefficient {component.Names[j]} runs to {(up ? "plus" : "minus")} infinity and has no standard error: the probability of a structural zero is 0 or 1 for some or all rows. Simplify the zero part, or leave it out.",
            Component.Dispersion when family.ParameterNames[0] == "phi" && component.Names.Count == 1 => family.Distribution switch
            {
                ResponseDistribution.NegativeBinomial when up => "phi runs to infinity: the counts vary no more than Poisson counts, and phi has no standard error. Choose the poisson family.",
                ResponseDistribution.LinearNegativeBinomial when !up => "phi runs to 0: the counts vary no more than Poisson counts, and phi has no standard error. Choose the poisson family.",
                ResponseDistribution.BetaBinomial when up => "phi runs to infinity: the successes vary no more than binomial ones, and phi has no standard error. Choose the binomial family.",
                _ => $"phi runs to {(up ? "infinity" : "0")} and has no standard error; the model fits the data exactly, or too little is left to estimate it from.",
            },
            "nu" when up => "nu runs to infinity: the tails are no heavier than the normal distribution's, and nu has no standard error. Choose the gaussian family.",
            _ => $"{Named(component, component.Names[j])} has no finite standard error: the likelihood is flat in it. Simplify the model.",
        };
    }
}
