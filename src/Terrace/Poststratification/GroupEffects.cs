using Terrace.Design;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Poststratification;

/// <summary>
/// Draws effects of groups from their distribution: for each level its own b ~ N(0, Σ), independent of all others. Σ = σ² T T′ with the lower-triangular relative factor T.
/// </summary>
internal static class GroupEffects
{
    /// <summary>Replaces the effects of all known levels by draws from the fitted distribution.</summary>
    public static void DrawAll(MixedModelFit fit, DesignMatrices design, Span<double> coefficients, Rng rng)
    {
        int[] start = CoefficientDraws.Starts(design);
        foreach (RandomTermFit term in fit.TermsInFormulaOrder)
        {
            int width = term.TermNames.Count;
            for (int level = 0; level < term.Levels.Count; level++) Draw(term.Factor, fit.Sigma, coefficients.Slice(start[term.FormulaPosition] + level * width, width), rng);
        }
    }

    /// <summary>Draws the effects of one level.</summary>
    public static void Draw(Matrix factor, double sigma, Span<double> effects, Rng rng)
    {
        effects.Clear();
        for (int j = 0; j < effects.Length; j++)
        {
            double normal = sigma * rng.NextNormal();
            for (int i = j; i < effects.Length; i++) effects[i] += factor[i, j] * normal;
        }
    }
}
