using Terrace.Families;

namespace Terrace.SavedFits;

/// <summary>What a report says about a fit that the fit itself does not know.</summary>
/// <param name="Formula">The formula as R would print it.</param>
/// <param name="RequestedEngine">The engine that was asked for.</param>
/// <param name="Rows">The number of rows used.</param>
/// <param name="Cells">The number of distinct covariate patterns.</param>
/// <param name="Omitted">The number of rows left out because a value is missing.</param>
public sealed record FitContext(string Formula, string RequestedEngine, long Rows, long Cells, long Omitted);

/// <summary>What a family adds to the parameters of a model.</summary>
internal static class FamilyParameters
{
    /// <summary>The residual standard deviation of a Gaussian model; the shape of a gamma; the dispersion of every family that estimates one.</summary>
    public static IReadOnlyList<FamilyParameter> Of(Family family, double dispersion)
    {
        if (family.IsGaussian) return [new FamilyParameter("sigma", Math.Sqrt(dispersion))];
        if (family.HasKnownDispersion) return [];
        FamilyParameter own = new("dispersion", dispersion);
        return family.Name == "gamma" ? [own, new FamilyParameter("shape", 1 / dispersion)] : [own];
    }
}
