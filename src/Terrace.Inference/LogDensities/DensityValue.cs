namespace Terrace.Inference.LogDensities;

/// <summary>The outcome of one evaluation: a log density, or a rejection with its reason, which costs nothing to make as reasons are shared constants.</summary>
/// <param name="Value">The log density; −∞ after a rejection.</param>
/// <param name="Rejection">Why and where the position was rejected, or null.</param>
public readonly record struct DensityValue(double Value, Rejection? Rejection = null)
{
    /// <summary>Whether the position has a finite log density.</summary>
    public bool IsAccepted => Rejection is null && double.IsFinite(Value);

    /// <summary>A rejected position: density 0.</summary>
    public static DensityValue Reject(Rejection rejection) => new(double.NegativeInfinity, rejection);
}

/// <summary>Why a position has no density.</summary>
/// <param name="Reason">A sentence for the user.</param>
/// <param name="Place">The statement, parameter or row at fault, or empty.</param>
public sealed record Rejection(string Reason, string Place = "");
