using Terrace.Families;

namespace Terrace.Poststratification;

/// <summary>Point estimates: the predictions at the estimated coefficients, group effects at their modes and 0 for groups without respondents.</summary>
internal static class ModeEstimates
{
    /// <summary>The estimate of each area; NaN where nothing of it is counted.</summary>
    public static double[] Of(FittedModel model, MrpData data, Family family, AreaWeights weights)
    {
        var estimates = new double[weights.Areas];
        weights.Accumulate(0, Patterns(model, data, family), estimates);
        for (int a = 0; a < estimates.Length; a++)
        {
            if (!(weights.Covered[a] > 0)) estimates[a] = double.NaN;
        }
        return estimates;
    }

    /// <summary>The expected outcome of each pattern of the population.</summary>
    public static double[] Patterns(FittedModel model, MrpData data, Family family)
    {
        var coefficients = new double[CoefficientDraws.Length(data.Patterns)];
        model.Write(data.Patterns, coefficients);
        var means = new double[data.Patterns.Rows];
        new CoefficientDraws(data.Patterns, family, coefficients).Predict(0, 0, means);
        return means;
    }
}
