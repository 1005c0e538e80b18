using Terrace.Inference.LogDensities;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Inference.Sampling;

/// <summary>A point of phase space: position, momentum, log density and its gradient. A workspace.</summary>
internal sealed class PhasePoint(int dimension)
{
    public double[] Position { get; } = new double[dimension];

    public double[] Momentum { get; } = new double[dimension];

    public double[] Gradient { get; } = new double[dimension];

    /// <summary>The log density; −∞ where the position was rejected.</summary>
    public double LogDensity { get; set; } = double.NegativeInfinity;

    /// <summary>Evaluates the density at the position.</summary>
    public Rejection? Evaluate(ILogDensity density)
    {
        DensityValue value = density.Evaluate(Position, Gradient);
        LogDensity = value.IsAccepted ? value.Value : double.NegativeInfinity;
        return value.IsAccepted ? null : value.Rejection ?? new Rejection("The log density is not finite.");
    }

    /// <summary>Takes all of another point.</summary>
    public void CopyFrom(PhasePoint other)
    {
        other.Position.CopyTo(Position, 0);
        other.Momentum.CopyTo(Momentum, 0);
        other.Gradient.CopyTo(Gradient, 0);
        LogDensity = other.LogDensity;
    }

    /// <summary>Takes another point's position, density and gradient.</summary>
    public void CopyPositionFrom(PhasePoint other)
    {
        other.Position.CopyTo(Position, 0);
        other.Gradient.CopyTo(Gradient, 0);
        LogDensity = other.LogDensity;
    }

    /// <summary>
    /// One leapfrog step of size <paramref name="step"/> (negative: back in time): p ← p + ½ε∇, q ← q + εM⁻¹p, p ← p + ½ε∇. Neal (2011), MCMC Using Hamiltonian Dynamics, section 2.3.
    /// </summary>
    public void Leapfrog(double step, Metric metric, ILogDensity density, double[] velocity)
    {
        ContiguousLoops.AddMultiple(0.5 * step, Gradient, Momentum);
        metric.Velocity(Momentum, velocity);
        ContiguousLoops.AddMultiple(step, velocity, Position);
        if (Evaluate(density) is null) ContiguousLoops.AddMultiple(0.5 * step, Gradient, Momentum);
    }

    /// <summary>The Hamiltonian −log p(q) + ½ p'M⁻¹p, infinite where it is not defined; also computes the velocity.</summary>
    public double Energy(Metric metric, double[] velocity)
    {
        metric.Velocity(Momentum, velocity);
        double energy = 0.5 * ContiguousLoops.Dot(Momentum, velocity) - LogDensity;
        return double.IsNaN(energy) ? double.PositiveInfinity : energy;
    }
}
