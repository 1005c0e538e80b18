using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Bayes;

/// <summary>Where the group-level effects of a level come from that a Bayesian fit has not seen, as brms's <c>sample_new_levels</c> names them. Always independent from level to level.</summary>
public enum NewLevelEffects
{
    /// <summary>From the normal distribution of the levels, anew in each draw.</summary>
    Gaussian,

    /// <summary>Those of a level of the fit that is chosen anew in each draw.</summary>
    Uncertainty,

    /// <summary>Those of one level of the fit, chosen once for each new level.</summary>
    OldLevels,
}

/// <summary>The effects of one unseen level of one term, draw by draw. Bürkner (2017), brms, reference of <c>prepare_predictions</c>; Gelman and Hill (2007), section 21.2. Checked in <c>BayesianPredictionTests</c>.</summary>
internal sealed class NewLevelSampler
{
    private const ulong Choice = 1UL << 57;
    private readonly NewLevelEffects _kind;
    private readonly int _levels;
    private readonly int _width;
    private readonly int _once;

    /// <param name="kind">Where effects come from.</param>
    /// <param name="levels">The number of levels of the fit.</param>
    /// <param name="width">The number of effects of a level.</param>
    /// <param name="seed">The seed of the choice that is made once.</param>
    /// <param name="index">A number of the term and level of its own.</param>
    public NewLevelSampler(NewLevelEffects kind, int levels, int width, ulong seed, ulong index)
    {
        (_kind, _levels, _width) = (kind, levels, width);
        _once = kind == NewLevelEffects.OldLevels ? new Rng(seed, Choice + index).NextInt(levels) : 0;
    }

    /// <summary>The effects in one draw, whose values are given with the places of the term's effects, standard deviations and correlations among them.</summary>
    public void Into(double[] values, int effects, int sd, int correlations, Rng rng, Span<double> own)
    {
        if (_kind == NewLevelEffects.Gaussian) EffectDraw.Into(EffectCovariance.Factor(values, sd, correlations, _width), 1, own, rng);
        else values.AsSpan(effects + (_kind == NewLevelEffects.OldLevels ? _once : rng.NextInt(_levels)) * _width, _width).CopyTo(own);
    }
}
