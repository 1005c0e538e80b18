using Terrace.Bayes;

namespace Terrace.Predictions;

/// <summary>What the interval of a prediction is about.</summary>
public enum PredictionInterval
{
    /// <summary>The mean of rows like this one in the groups it belongs to.</summary>
    Mean,

    /// <summary>The mean of rows like this one in new groups: every grouping factor counts as unseen.</summary>
    Group,

    /// <summary>A single new outcome in the groups it belongs to.</summary>
    Outcome,
}

/// <summary>The scale of predictions.</summary>
public enum PredictionScale
{
    /// <summary>The outcome's own.</summary>
    Response,

    /// <summary>The linear predictor's.</summary>
    Link,
}

/// <summary>How predictions are made.</summary>
public sealed record PredictionOptions
{
    /// <summary>What the intervals are about.</summary>
    public PredictionInterval Interval { get; init; } = PredictionInterval.Mean;

    /// <summary>The scale of estimates, standard deviations and intervals.</summary>
    public PredictionScale Scale { get; init; } = PredictionScale.Response;

    /// <summary>The probability of the intervals.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>The grouping factors whose effects count, as the fit names them; null for all, empty for none.</summary>
    public IReadOnlyCollection<string>? Groups { get; init; }

    /// <summary>Where the effects of levels come from that a Bayesian fit has not seen.</summary>
    public NewLevelEffects NewLevelEffects { get; init; }
}
