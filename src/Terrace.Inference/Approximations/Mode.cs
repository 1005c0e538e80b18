namespace Terrace.Inference.Approximations;

/// <summary>The mode that a search ended at.</summary>
/// <param name="Position">The position.</param>
/// <param name="LogDensity">The log density there.</param>
/// <param name="Iterations">The number of iterations.</param>
/// <param name="Evaluations">The number of evaluations.</param>
/// <param name="Converged">Whether a tolerance was met, rather than the largest number of iterations or a search without progress.</param>
/// <param name="Reason">Why it ended, a sentence.</param>
public sealed record Mode(IReadOnlyList<double> Position, double LogDensity, int Iterations, long Evaluations, bool Converged, string Reason)
{
    /// <summary>Why it ended, in one word.</summary>
    public ModeEnd End { get; init; }

    /// <summary>The start, number 0, and each iteration.</summary>
    public IReadOnlyList<ModeStep> Steps { get; init; } = [];
}

/// <summary>One iteration of a search for a mode.</summary>
/// <param name="Iteration">Its number; 0 is the start.</param>
/// <param name="LogDensity">The log density after it.</param>
/// <param name="GradientNorm">The length of the gradient after it.</param>
/// <param name="Moved">How far it moved.</param>
public readonly record struct ModeStep(int Iteration, double LogDensity, double GradientNorm, double Moved);

/// <summary>Why a search for a mode ended.</summary>
public enum ModeEnd
{
    /// <summary>The gradient is shorter than its tolerance.</summary>
    Gradient,

    /// <summary>The log density changed by less than its tolerance.</summary>
    Objective,

    /// <summary>The log density changed by less than its tolerance relative to its size.</summary>
    RelativeObjective,

    /// <summary>The rise that the gradient and the curvature promise is below its tolerance relative to the log density.</summary>
    RelativeGradient,

    /// <summary>The position moved by less than its tolerance.</summary>
    Parameters,

    /// <summary>The largest number of iterations was reached.</summary>
    Iterations,

    /// <summary>No step raised the density.</summary>
    NoProgress,
}

/// <summary>One point of a search: where, log density, gradient.</summary>
/// <param name="Position">The position.</param>
/// <param name="Value">The log density.</param>
/// <param name="Gradient">Its gradient.</param>
internal sealed record LbfgsPoint(double[] Position, double Value, double[] Gradient);
