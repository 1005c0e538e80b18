using Terrace.Inference.LogDensities;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.Sampling;

/// <summary>
/// One transition of Hamiltonian Monte Carlo along a trajectory of random length: L = max(1, round(T/ε)) leapfrog steps, T uniform between ½ and 1½ of the mean length, and Metropolis' choice between its end
/// and its beginning.
/// <code>accept with probability min(1, e^(H₀ − H_L))</code>
/// Duane, Kennedy, Pendleton and Roweth (1987), Hybrid Monte Carlo; Mackenzie (1989), An improved hybrid Monte Carlo method, for the random length, without which directions whose period fits the trajectory never
/// move. For densities near N(0, I), where half a period is π whatever the direction, it needs a third of the gradients of the no-U-turn sampler, whose doubling takes 15 steps where 5 do (measured in
/// docs/algorithms/whitened-nuts.md). Nothing is allocated. Checked in <c>RandomLengthTests</c>.
/// </summary>
internal sealed class RandomLengthTrajectory(ILogDensity density, Metric metric, double meanLength) : ITrajectory
{
    private const double MaxEnergyError = 1000;
    private const int MostSteps = 1 << 10;

    private readonly PhasePoint _end = new(density.Dimension);
    private readonly double[] _velocity = new double[density.Dimension];

    /// <inheritdoc/>
    public TransitionStatistics Run(PhasePoint state, double stepSize, Rng rng)
    {
        metric.DrawMomentum(rng, state.Momentum);
        double before = state.Energy(metric, _velocity), length = meanLength * (0.5 + rng.NextDouble());
        int steps = (int)Math.Clamp(Math.Round(length / stepSize), 1, MostSteps), taken = 0;
        _end.CopyFrom(state);
        // Once the density is not defined the rest of the way leads nowhere.
        while (taken < steps && (taken == 0 || double.IsFinite(_end.LogDensity)))
        {
            _end.Leapfrog(stepSize, metric, density, _velocity);
            taken++;
        }
        double after = _end.Energy(metric, _velocity), acceptance = after < double.PositiveInfinity ? Math.Min(1, Math.Exp(before - after)) : 0;
        bool accepted = rng.NextDouble() < acceptance;
        if (accepted) state.CopyPositionFrom(_end);
        return new TransitionStatistics(state.LogDensity, acceptance, stepSize, 0, taken, !(after - before < MaxEnergyError), accepted ? after : before);
    }
}
