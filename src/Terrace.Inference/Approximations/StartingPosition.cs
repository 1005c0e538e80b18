using Terrace.Inference.LogDensities;
using Terrace.Inference.Sampling;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.Approximations;

/// <summary>A random position with a finite density and gradient, uniform between −range and range in each coordinate, as Stan finds its initial values.</summary>
internal static class StartingPosition
{
    private const int Tries = 100;

    /// <summary>A given position, or else a random one.</summary>
    /// <exception cref="SamplingException">None was found, or the given one has no finite density.</exception>
    public static double[] Of(ILogDensity density, double[]? given, double range, ulong seed, ulong stream)
    {
        if (given is null) return Find(density, range, seed, stream);
        if (given.Length != density.Dimension) throw new ArgumentException($"The initial position needs {density.Dimension} coordinates, not {given.Length}.", nameof(given));
        var gradient = new double[given.Length];
        DensityValue value = density.Evaluate(given, gradient);
        if (value.IsAccepted && gradient.All(double.IsFinite)) return given;
        string reason = value.Rejection is { } rejection ? rejection.Place.Length > 0 ? $"{rejection.Reason} ({rejection.Place})" : rejection.Reason : "the density or its gradient is not finite.";
        throw new SamplingException($"The initial values were rejected because: {reason} Give others.");
    }

    /// <summary>A random position.</summary>
    /// <exception cref="SamplingException">None was found.</exception>
    public static double[] Find(ILogDensity density, double range, ulong seed, ulong stream)
    {
        var rng = new Rng(seed, stream);
        double[] position = new double[density.Dimension], gradient = new double[density.Dimension];
        string reason = "the density is not finite.";
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            for (int i = 0; i < position.Length; i++) position[i] = range * (2 * rng.NextDouble() - 1);
            DensityValue value = density.Evaluate(position, gradient);
            if (value.IsAccepted && double.IsFinite(value.Value) && gradient.All(double.IsFinite)) return position;
            if (value.Rejection is { } rejection) reason = rejection.Reason;
        }
        throw new SamplingException($"No starting position was found in {Tries} tries between -{range} and {range} on the unconstrained scale. The last was rejected because: {reason} Give a smaller range, or stronger priors.");
    }
}
