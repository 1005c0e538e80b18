using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>One parameter to be profiled: its estimate and bounds, and −2 log L with the parameter held as a function of free coordinates for the rest. Owned by one thread.</summary>
internal sealed record ProfileTarget
{
    public required ModelParameter Parameter { get; init; }

    public required double Estimate { get; init; }

    /// <summary>The least value that the parameter can have.</summary>
    public double Lower { get; init; } = double.NegativeInfinity;

    /// <summary>The largest value that the parameter can have.</summary>
    public double Upper { get; init; } = double.PositiveInfinity;

    /// <summary>From the scale on which the parameter is held to its own, increasing; null where these are the same.</summary>
    public Func<double, double>? OwnScale { get; init; }

    /// <summary>About half a standard error.</summary>
    public required double Step { get; init; }

    /// <summary>Sets the value at which the parameter is held.</summary>
    public required Action<double> Hold { get; init; }

    /// <summary>−2 log L and its gradient in the free coordinates.</summary>
    public required Objective Criterion { get; init; }

    /// <summary>The free coordinates at the estimates.</summary>
    public required double[] Start { get; init; }

    /// <summary>Of each coordinate the size of a change that matters.</summary>
    public required double[] Units { get; init; }

    /// <summary>Coordinates at which the criterion is even when they are 0, so that a search must not begin there.</summary>
    public required int[] Even { get; init; }

    /// <summary>All parameters at the point where the criterion was last evaluated.</summary>
    public required Func<double[]> Values { get; init; }
}
