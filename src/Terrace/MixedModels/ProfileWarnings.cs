using System.Globalization;
using Terrace.LinearModels;

namespace Terrace.MixedModels;

/// <summary>What the user should know about profile intervals, in words that name the parameters.</summary>
internal static class ProfileWarnings
{
    public static IEnumerable<ModelWarning> Of(IReadOnlyList<ParameterProfile> profiles, double excess)
    {
        string[] undefined = Names(profiles.Where(p => double.IsNaN(p.Estimate)));
        if (undefined.Length > 0) yield return new ModelWarning("profile-undefined", $"{string.Join(", ", undefined)}: not defined, as a standard deviation is 0; no interval.");
        string[] open = Names(profiles.Where(p => !double.IsNaN(p.Estimate) && (p.LowerKind == ProfileLimit.NotReached || p.UpperKind == ProfileLimit.NotReached)));
        if (open.Length > 0) yield return new ModelWarning("profile-open", $"The profile of {string.Join(", ", open)} does not reach the interval's deviance as far as it could be followed; that limit is not given.");
        if (excess > 0)
        {
            yield return new ModelWarning("not-converged", string.Create(CultureInfo.InvariantCulture,
                $"A profile found a deviance {excess:G3} below that of the estimates, so these are no global optimum and the intervals not exact; rescale the variables or simplify the random effects."));
        }
    }

    private static string[] Names(IEnumerable<ParameterProfile> profiles) => [.. profiles.Select(p => p.Parameter.LongName)];
}
