using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.DistributionalModels;

/// <summary>Simulates responses of the rows of a distributional model from its estimates (lme4's and glmmTMB's <c>simulate</c>).</summary>
public static class DistributionalSimulation
{
    /// <summary>Draws <paramref name="count"/> responses.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed: the same one gives the same responses.</param>
    /// <param name="keepGroupEffects">Whether the group effects stay at their modes; otherwise every response has new ones.</param>
    /// <returns>For each draw one value per row, in the units of <see cref="DistributionalModelFit.Response"/>: of trials the share of successes, of ordered categories the position from 1.</returns>
    /// <exception cref="ModelException">Rows have prior weights other than 0 and 1.</exception>
    public static IReadOnlyList<double[]> Responses(DistributionalModelFit fit, int count, ulong seed = 1, bool keepGroupEffects = false)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var draws = new DistributionalDraws(fit, keepGroupEffects);
        var responses = new double[count][];
        for (int i = 0; i < count; i++)
        {
            responses[i] = new double[fit.Response.Length];
            draws.DrawRows(new Rng(seed, Simulate.FirstStream + (ulong)i), responses[i]);
        }
        return responses;
    }
}
