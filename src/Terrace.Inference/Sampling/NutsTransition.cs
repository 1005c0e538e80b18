using Terrace.Inference.LogDensities;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.Sampling;

/// <summary>
/// A chain of the no-U-turn sampler, or of one with trajectories of random length, with Stan's warm-up: the step size by <see cref="DualAveraging"/> in every iteration, the metric at the ends of the windows of <see cref="WindowSchedule"/>.
/// Stan Reference Manual, "HMC algorithm parameters". Checked in <c>NutsTests</c>.
/// </summary>
internal sealed class NutsTransition : IMarkovTransition
{
    private const int Tries = 100;

    private readonly ILogDensityModel _model;
    private readonly NutsOptions _options;
    private readonly double[]? _initial;
    private readonly ILogDensity _density;
    private readonly Metric _metric;
    private readonly DualAveraging _averaging;
    private readonly WindowSchedule _schedule;
    private readonly ITrajectory _trajectory;
    private readonly PhasePoint _state;
    private readonly PhasePoint _trial;
    private readonly double[] _velocity;

    public NutsTransition(ILogDensityModel model, NutsOptions options, int chain)
    {
        (_model, _options) = (model, options);
        _initial = options.InitialPositions is { Count: > 0 } given ? given[given.Count == 1 ? 0 : chain] : null;
        _density = model.CreateEvaluator();
        int n = _density.Dimension;
        _metric = new Metric(options.Metric, n);
        _averaging = new DualAveraging(options.AdaptDelta);
        _schedule = new WindowSchedule(options.Warmup);
        _trajectory = options.MeanTrajectoryLength is { } length ? new RandomLengthTrajectory(_density, _metric, length) : new Trajectory(_density, _metric, options.MaxTreeDepth);
        (_state, _trial, _velocity) = (new PhasePoint(n), new PhasePoint(n), new double[n]);
    }

    /// <summary>The step size now.</summary>
    public double StepSize { get; private set; } = 1;

    /// <summary>The inverse metric now.</summary>
    public IReadOnlyList<double> InverseMetric => _metric.Inverse;

    public void Initialise(Rng rng)
    {
        FindPosition(rng);
        if (_options.Warmup == 0 || _density.Dimension == 0) return;
        FindStepSize(rng);
        _averaging.Restart(StepSize);
    }

    public TransitionStatistics Step(int iteration, Rng rng)
    {
        if (_density.Dimension == 0) return new TransitionStatistics(_state.LogDensity, 1, StepSize, 0, 0, false, -_state.LogDensity);
        TransitionStatistics statistics = _trajectory.Run(_state, StepSize, rng);
        if (iteration < _options.Warmup) Adapt(iteration, statistics.Acceptance, rng);
        return statistics;
    }

    public void WriteDraw(Rng rng, Span<double> draw) => _density.WriteDraw(_state.Position, rng, draw);

    public void Save(BinaryWriter writer)
    {
        foreach (double value in _state.Position) writer.Write(value);
        writer.Write(StepSize);
        _averaging.Save(writer);
        _metric.Save(writer);
    }

    public void Load(BinaryReader reader)
    {
        for (int i = 0; i < _state.Position.Length; i++) _state.Position[i] = reader.ReadDouble();
        StepSize = reader.ReadDouble();
        _averaging.Load(reader);
        _metric.Load(reader);
        _state.Evaluate(_density);
    }

    private void Adapt(int iteration, double acceptance, Rng rng)
    {
        StepSize = _averaging.Next(acceptance);
        if (_metric.Adapts)
        {
            if (_schedule.Feeds(iteration)) _metric.Learn(_state.Position);
            if (_schedule.Ends(iteration))
            {
                _metric.Renew();
                FindStepSize(rng);
                _averaging.Restart(StepSize);
            }
        }
        if (iteration == _options.Warmup - 1) StepSize = _averaging.Averaged;
    }

    /// <summary>A position of positive density: the given one, the origin, or a random one that is tried up to 100 times.</summary>
    private void FindPosition(Rng rng)
    {
        Rejection? rejection = null;
        bool random = _initial is null && _options.InitialRange > 0 && _density.Dimension > 0;
        for (int attempt = 0; attempt < (random ? Tries : 1); attempt++)
        {
            for (int i = 0; i < _state.Position.Length; i++)
                _state.Position[i] = _initial is not null ? _initial[i] : random ? _options.InitialRange * (2 * rng.NextDouble() - 1) : 0;
            rejection = _state.Evaluate(_density);
            if (rejection is not null) continue;
            int bad = Array.FindIndex(_state.Gradient, slope => !double.IsFinite(slope));
            if (bad < 0) return;
            rejection = new Rejection("The gradient of the log density is not finite.", _model.CoordinateNames[bad]);
        }
        string place = rejection!.Place.Length > 0 ? $" ({rejection.Place})" : "";
        throw new SamplingException(random
            ? $"No initial values were found in {Tries} tries between -{_options.InitialRange} and {_options.InitialRange} on the unconstrained scale. The last was rejected because: {rejection.Reason}{place} Give initial values, a smaller range of them, or stronger priors."
            : $"The initial values were rejected because: {rejection.Reason}{place} Give others.");
    }

    /// <summary>Doubles or halves the step size until one leapfrog's acceptance crosses 0.8.</summary>
    private void FindStepSize(Rng rng)
    {
        double threshold = Math.Log(0.8);
        int direction = 0;
        while (true)
        {
            _trial.CopyPositionFrom(_state);
            _metric.DrawMomentum(rng, _trial.Momentum);
            double energy = _trial.Energy(_metric, _velocity);
            _trial.Leapfrog(StepSize, _metric, _density, _velocity);
            bool accepted = energy - _trial.Energy(_metric, _velocity) > threshold;
            if (direction == 0) direction = accepted ? 1 : -1;
            else if (accepted != direction > 0) return;
            StepSize *= direction > 0 ? 2 : 0.5;
            if (StepSize > 1e7) throw new SamplingException("The step size grows without bound: the density does not fall anywhere near the initial values, so the posterior is improper. Give every parameter a proper prior.");
            if (StepSize < 1e-300) throw new SamplingException("No step size is small enough: the gradient does not fit the log density, or the density is not continuous near the initial values.");
        }
    }
}
