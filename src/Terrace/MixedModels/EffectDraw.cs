using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.MixedModels;

/// <summary>
/// Draws effects of groups from their distribution: for each level its own b ~ N(0, Σ), independent of all others. Σ = σ² T T′ with the lower-triangular relative factor T.
/// </summary>
internal static class EffectDraw
{
    /// <summary>Draws the effects of one level.</summary>
    public static void Into(Matrix factor, double sigma, Span<double> effects, Rng rng)
    {
        effects.Clear();
        for (int j = 0; j < effects.Length; j++)
        {
            double normal = sigma * rng.NextNormal();
            for (int i = j; i < effects.Length; i++) effects[i] += factor[i, j] * normal;
        }
    }
}
