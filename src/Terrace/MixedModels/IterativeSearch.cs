using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// Finds the zero of the gradient of an iteratively solved criterion by Newton steps with the average information; the criterion's value is not needed.
/// </summary>
/// <remarks>
/// <para>θ := θ − A⁻¹g; a standard deviation changes by no more than a factor of three a step, and a step after which g'A⁻¹g has grown fourfold is halved. With fixed probes g is a smooth function of θ, so the steps settle;
/// g'A⁻¹g below <see cref="Tolerance"/> is a hundredth of a standard error. A standard deviation (of a term with one column) that shrinks to nothing is held at 0 unless the criterion falls on leaving it. The number of probes is doubled
/// until their error moves no θ by more than <see cref="ErrorShare"/> of its standard error and that of the log likelihood is at most <see cref="LogLikelihoodError"/>, up to <see cref="MostProbes"/>.</para>
/// <para>Gilmour, Thompson and Cullis (1995), <em>Average information REML</em>; Johnson and Thompson (1995). Check: IterativeLinearMixedModelTests.</para>
/// </remarks>
internal sealed class IterativeSearch
{
    private const double Tolerance = 2e-6;
    private const double ErrorShare = 0.02;
    private const double LogLikelihoodError = 0.5;
    private const double NearZero = 2e-3;
    private const int FirstProbes = 32;
    private const int MostProbes = 256;
    private const int MostSteps = 60;
    private readonly BlockedCrossProduct _product;
    private readonly Func<double[], IterativeDeviance> _at;
    private readonly double[] _unit;
    private readonly HashSet<int> _held = [];
    private readonly CancellationToken _cancellation;
    private int _probes = FirstProbes;

    /// <param name="product">The cross-products.</param>
    /// <param name="at">Solves the system at θ.</param>
    /// <param name="unit">The size of a standard deviation of 1, per θ: what the start is in.</param>
    /// <param name="cancellation">Ends the search early.</param>
    public IterativeSearch(BlockedCrossProduct product, Func<double[], IterativeDeviance> at, double[] unit, CancellationToken cancellation)
    {
        (_product, _at, _unit, _cancellation) = (product, at, unit, cancellation);
        Deviance = at(unit);
        Traces = new StochasticTraces(product, FirstProbes);
    }

    /// <summary>The system at the estimates.</summary>
    public IterativeDeviance Deviance { get; private set; }

    /// <summary>The stochastic parts there.</summary>
    public StochasticTraces Traces { get; private set; }

    /// <summary>The gradient at the estimates.</summary>
    public double[] Gradient { get; private set; } = [];

    /// <summary>The average information at the estimates.</summary>
    public Matrix Information { get; private set; } = new(0, 0);

    public int Evaluations { get; private set; }

    public int Probes => _probes;

    /// <summary>Searches from the units.</summary>
    public void Run()
    {
        double[] theta = [.. _unit];
        while (true)
        {
            theta = Solve(theta);
            if (ReleaseZero() is { } away) theta = away;
            else if (ErrorsAreSmall() || _probes >= MostProbes) break;
            else _probes *= 2;
        }
        Traces = new StochasticTraces(_product, _probes);
        Traces.Compute(Deviance.System, withDiagonals: true, _cancellation);
    }

    private double[] Solve(double[] start)
    {
        double[] theta = start, step = [];
        double before = double.PositiveInfinity;
        for (int iteration = 0, halvings = 0; iteration < MostSteps; iteration++)
        {
            Evaluate(theta);
            double[] next = NewtonStep();
            double decrement = -Enumerable.Range(0, theta.Length).Sum(k => next[k] * Gradient[k]);
            if (decrement <= Tolerance) break;
            if (decrement > 4 * before && halvings++ < 5)
            {
                theta = [.. theta.Select((t, k) => t - step[k] / 2)];
                step = [.. step.Select(s => s / 2)];
                continue;
            }
            (before, halvings) = (decrement, 0);
            (theta, step) = Move(theta, next);
        }
        return Deviance.Theta;
    }

    private void Evaluate(double[] theta)
    {
        _cancellation.ThrowIfCancellationRequested();
        Evaluations++;
        Deviance = _at(theta);
        Traces = new StochasticTraces(_product, _probes);
        Traces.Compute(Deviance.System, withDiagonals: false, _cancellation);
        Gradient = Deviance.Gradient(Traces);
        Information = Deviance.Information();
        foreach (int k in _held) Gradient[k] = 0;
    }

    /// <summary>−A⁻¹g over the parameters that are not held.</summary>
    private double[] NewtonStep()
    {
        int[] free = [.. Enumerable.Range(0, Gradient.Length).Where(k => !_held.Contains(k))];
        var block = new Matrix(free.Length, free.Length);
        double[] step = [.. free.Select(k => -Gradient[k])], full = new double[Gradient.Length];
        for (int j = 0; j < free.Length; j++)
        {
            for (int i = 0; i < free.Length; i++) block[i, j] = Information[free[i], free[j]];
            block[j, j] += 1e-8 * Math.Abs(block[j, j]) + 1e-12;
        }
        if (free.Length > 0 && Cholesky.TryFactor(block))
        {
            Cholesky.SolveLower(block, step);
            Cholesky.SolveLowerTransposed(block, step);
        }
        else step = [.. free.Select((k, j) => step[j] / Math.Max(1e-12, Math.Abs(Information[k, k])))];
        for (int j = 0; j < free.Length; j++) full[free[j]] = step[j];
        return full;
    }

    /// <summary>The limited step; scalar standard deviations near zero are set to zero and held.</summary>
    private (double[] Theta, double[] Step) Move(double[] theta, double[] step)
    {
        double[] moved = [.. theta.Select((t, k) => t + step[k])];
        foreach (var term in _product.Layout.Terms)
        {
            for (int j = 0; j < term.Width; j++)
            {
                int k = term.ThetaIndex(j, j);
                if (_held.Contains(k)) continue;
                moved[k] = Math.Clamp(moved[k], theta[k] / 3, 3 * theta[k]);
                if (term.Width > 1 || moved[k] > NearZero * _unit[k]) continue;
                moved[k] = 0;
                _held.Add(k);
            }
        }
        return (moved, [.. moved.Select((m, k) => m - theta[k])]);
    }

    /// <summary>A point off the boundary from which the criterion falls, or null.</summary>
    private double[]? ReleaseZero()
    {
        foreach (int k in _held.Order().ToArray())
        {
            double[] theta = Deviance.Theta, away = [.. theta];
            away[k] = 10 * NearZero * _unit[k];
            _held.Remove(k);
            Evaluate(away);
            if (Gradient[k] < 0) return away;
            _held.Add(k);
            Evaluate(theta);
        }
        return null;
    }

    /// <summary>Whether the probes' error is small beside the standard errors 2A⁻¹, and that of the log likelihood as well.</summary>
    private bool ErrorsAreSmall()
    {
        if (Traces.LogDeterminantError / 2 > LogLikelihoodError) return false;
        for (int k = 0; k < Gradient.Length; k++)
        {
            if (!_held.Contains(k) && Traces.SlopeErrors[k, k] > 2 * ErrorShare * ErrorShare * Information[k, k]) return false;
        }
        return true;
    }
}
