using Terrace.Numerics.RandomNumbers;

namespace Terrace.MixedModels;

/// <summary>Simulates responses of the rows of a fit from its estimates (lme4's <c>simulate</c>).</summary>
public static class Simulate
{
    /// <summary>Where the streams of simulated responses begin, apart from those of other uses of a seed.</summary>
    internal const ulong FirstStream = 1UL << 40;

    /// <summary>Draws <paramref name="count"/> responses.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed: the same one gives the same responses, and those of <see cref="ParametricBootstrap"/>'s replicates in distribution.</param>
    /// <param name="keepGroupEffects">Whether the group effects stay at their modes (lme4's <c>re.form = NULL</c>, <c>use.u = TRUE</c>); otherwise every response has new ones, lme4's default.</param>
    /// <returns>For each draw one value per row, in the units of <see cref="MixedModelFit.Response"/>: of a binomial the proportion of successes.</returns>
    /// <exception cref="ModelException">The family cannot be simulated, or the fit was read from a file.</exception>
    public static IReadOnlyList<double[]> Responses(MixedModelFit fit, int count, ulong seed = 1, bool keepGroupEffects = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        RefitModel model = RefitModel.Of(fit, "a simulation");
        var draws = new OutcomeDraws(model, keepGroupEffects);
        var responses = new double[count][];
        for (int i = 0; i < count; i++)
        {
            responses[i] = new double[model.Observations.Rows];
            draws.DrawRows(new Rng(seed, FirstStream + (ulong)i), responses[i]);
        }
        return responses;
    }
}
