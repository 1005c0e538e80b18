using Terrace.Inference.LogDensities;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Inference.Sampling;

/// <summary>
/// One transition of the no-U-turn sampler: doubles a Hamiltonian trajectory in random directions until it turns back on itself, and takes a point of it with probability proportional to e^−H, biased to the
/// newer half.
/// <code>
/// turn: p♯_first · ρ ≤ 0 or p♯_last · ρ ≤ 0,  ρ = Σ p,  p♯ = M⁻¹p; checked for each subtree, and across the joint of its halves with ρ of one half plus the neighbouring momentum of the other
/// divergence: H − H₀ > 1000
/// </code>
/// Hoffman and Gelman (2014), The No-U-Turn Sampler, algorithm 3; Betancourt (2017), A Conceptual Introduction to Hamiltonian Monte Carlo, appendix A.4 (multinomial sampling, the criterion by ρ); the checks
/// across joints as Stan has them since version 2.21. Nothing is allocated. Checked in <c>NutsTests</c> (moments of known densities, reversibility of the leapfrog).
/// </summary>
internal sealed class Trajectory : ITrajectory
{
    private const double MaxEnergyError = 1000;

    private readonly ILogDensity _density;
    private readonly Metric _metric;
    private readonly double[] _velocity;
    private readonly double[] _total;
    private readonly PhasePoint _front;
    private readonly PhasePoint _proposal;
    private readonly Side _forward;
    private readonly Side _backward;
    private readonly Level[] _levels;
    private double _stepSize;
    private double _energy;
    private double _acceptance;
    private int _leapfrogs;
    private bool _divergent;

    public Trajectory(ILogDensity density, Metric metric, int maxDepth)
    {
        int n = density.Dimension;
        (_density, _metric) = (density, metric);
        (_velocity, _total) = (new double[n], new double[n]);
        (_front, _proposal) = (new PhasePoint(n), new PhasePoint(n));
        (_forward, _backward) = (new Side(n), new Side(n));
        _levels = [.. Enumerable.Range(0, maxDepth).Select(_ => new Level(n))];
    }

    /// <inheritdoc/>
    public TransitionStatistics Run(PhasePoint state, double stepSize, Rng rng)
    {
        _metric.DrawMomentum(rng, state.Momentum);
        (_stepSize, _acceptance, _leapfrogs, _divergent) = (stepSize, 0, 0, false);
        _energy = state.Energy(_metric, _velocity);
        Start(_forward, state);
        Start(_backward, state);
        state.Momentum.CopyTo(_total, 0);
        int depth = 0;
        double logWeight = 0, stateEnergy = _energy;
        while (depth < _levels.Length)
        {
            bool ahead = rng.NextDouble() > 0.5;
            (Side grown, Side other) = ahead ? (_forward, _backward) : (_backward, _forward);
            _total.CopyTo(other.Sum, 0);
            grown.End.Momentum.CopyTo(other.Inner, 0);
            grown.EndVelocity.CopyTo(other.InnerVelocity, 0);
            Array.Clear(grown.Sum);
            double subtree = double.NegativeInfinity;
            _front.CopyFrom(grown.End);
            bool valid = Grow(depth, ahead ? 1 : -1, _proposal, grown.Inner, grown.InnerVelocity, grown.End.Momentum, grown.EndVelocity, grown.Sum, ref subtree, rng);
            grown.End.CopyFrom(_front);
            if (!valid) break;
            depth++;
            if (subtree > logWeight || rng.NextDouble() < Math.Exp(subtree - logWeight))
            {
                state.CopyPositionFrom(_proposal);
                stateEnergy = _proposal.Energy(_metric, _velocity);
            }
            logWeight = LogSum.LogAddExp(logWeight, subtree);
            Add(_forward.Sum, _backward.Sum, _total);
            if (!Persists()) break;
        }
        return new TransitionStatistics(state.LogDensity, _acceptance / _leapfrogs, stepSize, depth, _leapfrogs, _divergent, stateEnergy);
    }

    private void Start(Side side, PhasePoint state)
    {
        side.End.CopyFrom(state);
        _velocity.CopyTo(side.EndVelocity, 0);
        state.Momentum.CopyTo(side.Inner, 0);
        _velocity.CopyTo(side.InnerVelocity, 0);
    }

    /// <summary>Whether the whole trajectory, and it across the joint of its two sides, goes on.</summary>
    private bool Persists() =>
        GoesOn(_backward.EndVelocity, _forward.EndVelocity, _total)
        && GoesOnAcross(_backward.EndVelocity, _forward.InnerVelocity, _backward.Sum, _forward.Inner)
        && GoesOnAcross(_backward.InnerVelocity, _forward.EndVelocity, _forward.Sum, _backward.Inner);

    /// <summary>
    /// Adds 2^depth leapfrog steps at the front. Gives the momentum and velocity of its first and last point, adds its momenta to <paramref name="sum"/> and its weight to <paramref name="logWeight"/>, and leaves
    /// a point drawn from it in <paramref name="proposal"/>; false where it diverged or turned.
    /// </summary>
    private bool Grow(int depth, int direction, PhasePoint proposal, double[] first, double[] firstVelocity, double[] last, double[] lastVelocity, double[] sum, ref double logWeight, Rng rng)
    {
        if (depth == 0) return Leaf(direction, proposal, first, firstVelocity, last, lastVelocity, sum, ref logWeight);
        Level level = _levels[depth];
        Array.Clear(level.EarlySum);
        double early = double.NegativeInfinity;
        if (!Grow(depth - 1, direction, proposal, first, firstVelocity, level.EarlyLast, level.EarlyLastVelocity, level.EarlySum, ref early, rng)) return false;
        Array.Clear(level.LateSum);
        double late = double.NegativeInfinity;
        if (!Grow(depth - 1, direction, level.Proposal, level.LateFirst, level.LateFirstVelocity, last, lastVelocity, level.LateSum, ref late, rng)) return false;
        double both = LogSum.LogAddExp(early, late);
        logWeight = LogSum.LogAddExp(logWeight, both);
        if (late > both || rng.NextDouble() < Math.Exp(late - both)) proposal.CopyFrom(level.Proposal);
        Add(level.EarlySum, level.LateSum, level.Sum);
        ContiguousLoops.AddMultiple(1, level.Sum, sum);
        return GoesOn(firstVelocity, lastVelocity, level.Sum)
            && GoesOnAcross(firstVelocity, level.LateFirstVelocity, level.EarlySum, level.LateFirst)
            && GoesOnAcross(level.EarlyLastVelocity, lastVelocity, level.LateSum, level.EarlyLast);
    }

    private bool Leaf(int direction, PhasePoint proposal, double[] first, double[] firstVelocity, double[] last, double[] lastVelocity, double[] sum, ref double logWeight)
    {
        _front.Leapfrog(direction * _stepSize, _metric, _density, _velocity);
        _leapfrogs++;
        double difference = _energy - _front.Energy(_metric, _velocity);
        if (-difference > MaxEnergyError) _divergent = true;
        logWeight = LogSum.LogAddExp(logWeight, difference);
        _acceptance += difference > 0 ? 1 : Math.Exp(difference);
        proposal.CopyFrom(_front);
        _front.Momentum.CopyTo(first, 0);
        _velocity.CopyTo(firstVelocity, 0);
        if (!ReferenceEquals(first, last))
        {
            _front.Momentum.CopyTo(last, 0);
            _velocity.CopyTo(lastVelocity, 0);
        }
        ContiguousLoops.AddMultiple(1, _front.Momentum, sum);
        return !_divergent;
    }

    private static bool GoesOn(double[] firstVelocity, double[] lastVelocity, double[] sum) =>
        ContiguousLoops.Dot(firstVelocity, sum) > 0 && ContiguousLoops.Dot(lastVelocity, sum) > 0;

    /// <summary>The criterion with ρ = the momenta of one half and the neighbouring momentum of the other.</summary>
    private static bool GoesOnAcross(double[] firstVelocity, double[] lastVelocity, double[] half, double[] neighbour) =>
        ContiguousLoops.Dot(firstVelocity, half) + ContiguousLoops.Dot(firstVelocity, neighbour) > 0
        && ContiguousLoops.Dot(lastVelocity, half) + ContiguousLoops.Dot(lastVelocity, neighbour) > 0;

    private static void Add(double[] x, double[] y, double[] sum)
    {
        x.CopyTo(sum, 0);
        ContiguousLoops.AddMultiple(1, y, sum);
    }

    /// <summary>One side of the trajectory: its end, its sum of momenta, and the point where it meets the other side.</summary>
    private sealed class Side(int n)
    {
        public PhasePoint End { get; } = new(n);

        public double[] EndVelocity { get; } = new double[n];

        public double[] Inner { get; } = new double[n];

        public double[] InnerVelocity { get; } = new double[n];

        public double[] Sum { get; } = new double[n];
    }

    /// <summary>What the recursion holds at one depth.</summary>
    private sealed class Level(int n)
    {
        public PhasePoint Proposal { get; } = new(n);

        public double[] EarlyLast { get; } = new double[n];

        public double[] EarlyLastVelocity { get; } = new double[n];

        public double[] EarlySum { get; } = new double[n];

        public double[] LateFirst { get; } = new double[n];

        public double[] LateFirstVelocity { get; } = new double[n];

        public double[] LateSum { get; } = new double[n];

        public double[] Sum { get; } = new double[n];
    }
}
