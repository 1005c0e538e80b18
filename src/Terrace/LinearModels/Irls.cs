using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.LinearModels;

/// <summary>
/// The maximum-likelihood coefficients of a generalised linear model, by iteratively reweighted least squares with step halving.
/// <code>
/// z = η − offset + (y − μ) / g      W = w g² / V(μ)      β ← argmin Σ W (z − x'β)²      until |ΔD| / (0.1 + |D|) &lt; ε
/// </code>
/// η = x'β + offset is <c>_eta</c>, μ <c>_mean</c>, g = dμ/dη the link's slope, V the variance function, w the prior weights, D the deviance of the rows.
/// Nelder and Wedderburn (1972), "Generalized linear models", section 2; start values, stopping rule, tolerance of aliasing and halving follow R's documented
/// <c>glm.fit</c>, so the iterates are R's. On collapsed rows too: the first step, whose μ differ within a cell, sums the rows' W and W z over each cell, and the
/// later ones depend on cells only. Deviation: where R finds no valid first step and gives up, we go on from a constant mean. Checked against R's results, collapsed or not, in <c>LinearModelFixtureTests</c>.
/// </summary>
internal sealed class Irls
{
    private readonly Observations _observations;
    private readonly Matrix _x;
    private readonly double[] _offset;
    private readonly GlmOptions _options;
    private readonly Family _family;
    private readonly double[] _weight;
    private readonly double[] _response;
    private double[] _eta;
    private readonly double[] _mean;

    /// <summary>Prepares a fit to the cells of <paramref name="observations"/> with model matrix and offset of as many rows.</summary>
    public Irls(Observations observations, Matrix x, double[] offset, GlmOptions options)
    {
        _observations = observations;
        _x = x;
        _offset = offset;
        _options = options;
        _family = observations.Family;
        _weight = new double[x.Rows];
        _response = new double[x.Rows];
        _eta = new double[x.Rows];
        _mean = new double[x.Rows];
    }

    /// <summary>Runs the iterations, from the cells' means <paramref name="startMean"/> where they are given.</summary>
    /// <exception cref="ModelException">No start, or no first step, lies in the range of the link and the family.</exception>
    public IrlsResult Run(double[]? startMean = null, CancellationToken cancellation = default)
    {
        double[]? previous = _options.Start is { } start ? [.. start] : null;
        bool linearised = startMean is null && previous is null;
        if (_x.Columns == 0) return Empty();
        double old = linearised ? StartFromRows() : StartFromCells(startMean, previous);
        if (double.IsNaN(old))
        {
            linearised = false;
            previous = ConstantStart();
            old = StartFromCells(null, previous);
        }
        for (int iteration = 1; ; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!linearised) Linearise();
            linearised = false;
            var step = new WeightedLeastSquares(_x, [.. _weight], _response, Tolerance);
            if (step.HasNonFiniteCoefficient()) return Result(step, previous ?? step.CoefficientsOrZero(), iteration, old, converged: false, atBoundary: false);
            double[] coefficients = step.CoefficientsOrZero();
            double deviance = MoveTo(coefficients);
            bool halved = !IsValid(deviance);
            if (halved) deviance = StepBack(coefficients, previous ?? ConstantStart());
            bool converged = Math.Abs(deviance - old) / (0.1 + Math.Abs(deviance)) < _options.Epsilon;
            if (converged || iteration >= _options.MaxIterations) return Result(step, coefficients, iteration, deviance, converged, halved);
            (old, previous) = (deviance, coefficients);
        }
    }

    /// <summary>The coefficients one further step would reach from the end of a run.</summary>
    public double[] NextStep()
    {
        Linearise();
        return new WeightedLeastSquares(_x, [.. _weight], _response, Tolerance).CoefficientsOrZero();
    }

    /// <summary>δ'X'WXδ of the next step δ from the end of a run: the fall of the deviance that it promises, 0 at a minimum.</summary>
    public double PromisedFall(double[] coefficients)
    {
        if (coefficients.Length == 0) return 0;
        double[] next = NextStep(), move = WeightedLeastSquares.LinearPredictor(_x, [.. next.Select((b, j) => b - coefficients[j])], new double[_eta.Length]);
        double sum = 0;
        for (int c = 0; c < move.Length; c++) sum += _weight[c] * move[c] * move[c];
        return sum;
    }

    private double Tolerance => Math.Min(1e-7, _options.Epsilon / 1000);

    // The deviance at the start, or NaN where some response has no valid mean to start from (a logarithm of 0, say).
    private double StartFromRows()
    {
        var sums = new double[_response.Length];
        double deviance = 0;
        for (int i = 0; i < _observations.Rows; i++)
        {
            double y = _observations.RowY[i], w = _observations.RowWeight[i];
            if (w == 0) continue;
            int cell = _observations.RowToCell[i];
            double eta = _family.Link.Eta(_family.StartingMean(y, _observations.RowTrials[i])), mean = _family.Link.Mean(eta);
            if (!double.IsFinite(eta) || !_family.IsValidMean(mean) || !_family.Link.IsValidEta(eta)) return double.NaN;
            double slope = _family.Link.Slope(eta), information = w * slope * slope / _family.Variance(mean);
            deviance += w * _family.UnitDeviance(y, mean);
            _weight[cell] += information;
            sums[cell] += information * (eta - _offset[cell] + (y - mean) / slope);
        }
        for (int c = 0; c < sums.Length; c++) _response[c] = _weight[c] > 0 ? sums[c] / _weight[c] : 0;
        return deviance;
    }

    private double StartFromCells(double[]? mean, double[]? coefficients)
    {
        if (mean is not null) _eta = [.. mean.Select(_family.Link.Eta)];
        else
        {
            if (coefficients!.Length != _x.Columns) throw new ModelException($"There are {coefficients.Length} starting coefficients for {_x.Columns} columns of the model matrix.");
            _eta = WeightedLeastSquares.LinearPredictor(_x, coefficients, _offset);
        }
        double deviance = Deviance();
        return IsValid(deviance) ? deviance : throw NoStart();
    }

    // Coefficients whose linear predictor comes nearest to that of the mean response in every cell; with an intercept and no offset it is that everywhere.
    private double[] ConstantStart()
    {
        double sum = 0;
        for (int c = 0; c < _observations.Y.Length; c++) sum += _observations.Weight[c] * _observations.Y[c];
        double eta = _family.Link.Eta(sum / _observations.WeightSum);
        double[] coefficients = new WeightedLeastSquares(_x, _observations.Weight, [.. _offset.Select(o => eta - o)], Tolerance).CoefficientsOrZero();
        return IsValid(MoveTo(coefficients)) ? coefficients : throw NoStart();
    }

    private IrlsResult Empty()
    {
        _eta = [.. _offset];
        double deviance = Deviance();
        if (!IsValid(deviance)) throw new ModelException($"A model without any term cannot have the {_family.Link} link here: its mean is not possible. Add an intercept or an offset.");
        Linearise();
        return Result(new WeightedLeastSquares(_x, [.. _weight], _response, Tolerance), [], 0, deviance, converged: true, atBoundary: false);
    }

    // Working weights and responses at the current linear predictor.
    private void Linearise()
    {
        double[] y = _observations.Y, w = _observations.Weight;
        for (int c = 0; c < _eta.Length; c++)
        {
            double slope = _family.Link.Slope(_eta[c]);
            bool counts = w[c] > 0 && slope != 0;
            _weight[c] = counts ? w[c] * slope * slope / _family.Variance(_mean[c]) : 0;
            _response[c] = counts ? _eta[c] - _offset[c] + (y[c] - _mean[c]) / slope : 0;
        }
    }

    private double MoveTo(double[] coefficients)
    {
        _eta = WeightedLeastSquares.LinearPredictor(_x, coefficients, _offset);
        return Deviance();
    }

    private double Deviance()
    {
        double deviance = 0;
        for (int c = 0; c < _eta.Length; c++)
        {
            _mean[c] = _family.Link.Mean(_eta[c]);
            if (_observations.Weight[c] > 0) deviance += _observations.Weight[c] * _family.UnitDeviance(_observations.Y[c], _mean[c]);
        }
        return _observations.DevianceOfRows(deviance);
    }

    private bool IsValid(double deviance)
    {
        if (!double.IsFinite(deviance)) return false;
        for (int c = 0; c < _eta.Length; c++)
            if (!_family.Link.IsValidEta(_eta[c]) || !_family.IsValidMean(_mean[c])) return false;
        return true;
    }

    // Halves the way from the previous coefficients until the deviance is finite and every mean possible.
    private double StepBack(double[] coefficients, double[] previous)
    {
        for (int halving = 0; halving <= _options.MaxIterations; halving++)
        {
            for (int j = 0; j < coefficients.Length; j++) coefficients[j] = 0.5 * (coefficients[j] + previous[j]);
            double deviance = MoveTo(coefficients);
            if (IsValid(deviance)) return deviance;
        }
        throw new ModelException($"The {_family} fit left the range of possible means and halving the step did not bring it back; choose another link or give starting values.");
    }

    private IrlsResult Result(WeightedLeastSquares step, double[] coefficients, int iterations, double deviance, bool converged, bool atBoundary) =>
        new(step, coefficients, [.. _eta], [.. _mean], deviance, iterations, converged, atBoundary);

    private ModelException NoStart() =>
        new($"No valid starting values were found for the {_family} model: with this link some fitted means are not possible. Choose another link (log keeps means positive) or give starting coefficients.");
}

/// <summary>Where the iterations ended.</summary>
/// <param name="Step">The last least-squares problem: its weights are those before the last step, as R reports them.</param>
/// <param name="Coefficients">The coefficients, 0 where aliased.</param>
/// <param name="Eta">The linear predictor of each cell, offset included.</param>
/// <param name="Mean">The mean of each cell.</param>
/// <param name="Deviance">The deviance of the rows.</param>
/// <param name="Iterations">The number of steps.</param>
/// <param name="Converged">Whether the stopping rule was met.</param>
/// <param name="AtBoundary">Whether the last step had to be halved.</param>
internal sealed record IrlsResult(
    WeightedLeastSquares Step, double[] Coefficients, double[] Eta, double[] Mean, double Deviance, int Iterations, bool Converged, bool AtBoundary);
