using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.Sampling;

/// <summary>How a Hamiltonian transition moves: by doubling until the trajectory turns back, or for a random length.</summary>
internal interface ITrajectory
{
    /// <summary>Draws a momentum, follows a trajectory of steps <paramref name="stepSize"/> from <paramref name="state"/> and moves it to the point taken.</summary>
    TransitionStatistics Run(PhasePoint state, double stepSize, Rng rng);
}
