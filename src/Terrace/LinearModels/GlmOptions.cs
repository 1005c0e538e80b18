namespace Terrace.LinearModels;

/// <summary>How <see cref="GeneralizedLinearModel.Fit"/> iterates. The defaults are those of R's <c>glm.control</c>, so that R's iterates are reproduced.</summary>
public sealed record GlmOptions
{
    /// <summary>The iterations stop when the deviance changes by less than this, relative to 0.1 + deviance. Take 1e-14 for estimates that are exact to rounding.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The largest number of iterations, and of step halvings within one.</summary>
    public int MaxIterations { get; init; } = 25;

    /// <summary>Coefficients to start from (one for each column of the model matrix), or null for the usual start from the responses.</summary>
    public IReadOnlyList<double>? Start { get; init; }
}
