namespace Terrace.Inference.Evaluation;

/// <summary>
/// The log likelihood of each observation under each draw, given observation by observation, so that draws × observations need not be held. Observations with the same value in every draw (rows collapsed to a
/// cell) are given once with their number.
/// </summary>
public interface IPointwiseLikelihood
{
    /// <summary>The number of chains; draws are given chain after chain.</summary>
    int Chains { get; }

    /// <summary>The number of draws.</summary>
    int Draws { get; }

    /// <summary>The number of distinct observations.</summary>
    int Count { get; }

    /// <summary>How many observations one stands for.</summary>
    int Multiplicity(int observation);

    /// <summary>Writes the log likelihood of an observation under every draw. May be called by several threads.</summary>
    void Write(int observation, Span<double> logLikelihood);
}
