using Terrace.Design;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Families;

/// <summary>
/// Draws new responses for the rows of a fit from its family, given the mean of each cell: binomial B(m, μ)/m, Poisson, normal N(μ, φ/w), gamma with shape w/φ, inverse Gaussian with
/// dispersion φ/w. Yes-or-no responses may be drawn cell by cell, which is equal in distribution and quicker; others are drawn row by row, so that the variation within cells stays.
/// </summary>
/// <remarks>Inverse Gaussian draws by Michael, Schucany and Haas (1976), <em>Generating random variates using transformations with multiple roots</em>. Check: SimulateTests.</remarks>
internal sealed class ResponseSimulation
{
    private readonly Observations _responses;
    private readonly double _dispersion;
    private readonly bool _countsOfOne;

    /// <summary>Prepares to redraw <paramref name="responses"/>.</summary>
    /// <param name="responses">The responses of the fit; only their weights and, where the weight is 0, their values matter.</param>
    /// <param name="dispersion">φ; 1 for binomial and Poisson.</param>
    /// <exception cref="ModelException">The family has no distribution to draw from, or weights that are no trials.</exception>
    public ResponseSimulation(Observations responses, double dispersion)
    {
        Family family = responses.Family;
        if (!family.HasLikelihood) throw new ModelException($"The {family.Name} family has no likelihood, so there is nothing to simulate from; choose another family, or intervals that are not simulated.");
        if (family.Distribution == Distribution.Poisson && responses.RowWeight.Any(w => w is not (0 or 1)))
            throw new ModelException("Counts with prior weights cannot be simulated; leave the weights out, or choose intervals that are not simulated.");
        if (family.IsBinomial && responses.RowWeight.Any(w => w != Math.Round(w)))
            throw new ModelException("Binomial responses can be simulated only where the weights are whole numbers of trials; leave the weights out, or choose intervals that are not simulated.");
        (_responses, _dispersion) = (responses, dispersion);
        _countsOfOne = family.IsBinomial && responses.RowWeight.All(w => w is 0 or 1);
    }

    /// <summary>Whether each row is one trial, so that a cell's successes say all that its rows do.</summary>
    public bool CellsSuffice => _countsOfOne;

    /// <summary>Draws the proportion of successes of each cell.</summary>
    public void DrawCells(ReadOnlySpan<double> cellMeans, Rng rng, Span<double> proportions)
    {
        for (int cell = 0; cell < cellMeans.Length; cell++)
        {
            int trials = (int)_responses.Weight[cell];
            proportions[cell] = trials switch
            {
                0 => 0,
                1 => rng.NextDouble() < cellMeans[cell] ? 1 : 0,
                _ => rng.NextBinomial(trials, cellMeans[cell]) / (double)trials,
            };
        }
    }

    /// <summary>Draws the response of each row (of a binomial, the proportion of successes); rows of weight 0 keep theirs.</summary>
    public void DrawRows(ReadOnlySpan<double> cellMeans, Rng rng, Span<double> values)
    {
        for (int row = 0; row < values.Length; row++)
        {
            double weight = _responses.RowWeight[row];
            values[row] = weight > 0 ? Draw(_responses.Family.Distribution, cellMeans[_responses.RowToCell[row]], weight, _dispersion, rng) : _responses.RowY[row];
        }
    }

    /// <summary>The rows with new responses, given each cell's mean; yes-or-no rows become one row for each cell.</summary>
    public ModelRows Draw(ModelRows rows, ReadOnlySpan<double> cellMeans, Rng rng) =>
        _countsOfOne ? RowsOfCells(rows, cellMeans, rng) : WithResponse(rows, cellMeans, rng);

    private ModelRows RowsOfCells(ModelRows rows, ReadOnlySpan<double> means, Rng rng)
    {
        double[] successes = new double[means.Length], failures = new double[means.Length];
        DrawCells(means, rng, successes);
        for (int cell = 0; cell < means.Length; cell++)
        {
            successes[cell] = Math.Round(successes[cell] * _responses.Weight[cell]);
            failures[cell] = _responses.Weight[cell] - successes[cell];
        }
        int[] identity = [.. Enumerable.Range(0, means.Length)];
        var response = new ResponseValues { Name = rows.Response!.Name, Kind = ResponseKind.SuccessesAndFailures, Values = successes, Failures = failures };
        return rows with { RowToCell = identity, SourceRows = identity, Response = response, Weights = null, Trials = null };
    }

    private ModelRows WithResponse(ModelRows rows, ReadOnlySpan<double> means, Rng rng)
    {
        var values = new double[rows.Rows];
        DrawRows(means, rng, values);
        return _responses.WithResponse(rows, values);
    }

    /// <summary>One response of an exponential dispersion family (of a binomial the proportion of <paramref name="weight"/> trials) with mean μ, prior weight and dispersion φ.</summary>
    public static double Draw(Distribution distribution, double mean, double weight, double dispersion, Rng rng) => distribution switch
    {
        Distribution.Binomial => weight == 1 ? (rng.NextDouble() < mean ? 1 : 0) : rng.NextBinomial((int)weight, mean) / weight,
        Distribution.Poisson => rng.NextPoisson(mean),
        Distribution.Gamma => mean * dispersion / weight * rng.NextGamma(weight / dispersion),
        Distribution.InverseGaussian => InverseGaussian(mean, weight / dispersion, rng),
        _ => mean + Math.Sqrt(dispersion / weight) * rng.NextNormal(),
    };

    /// <summary>The smaller root x of λ(x − μ)²/(μ²x) = z² with probability μ/(μ + x), otherwise the other one, μ²/x.</summary>
    private static double InverseGaussian(double mean, double shape, Rng rng)
    {
        double normal = rng.NextNormal(), ratio = mean * normal * normal / shape;
        double x = mean * 2 / (2 + ratio + Math.Sqrt(ratio * (4 + ratio)));
        return rng.NextDouble() * (mean + x) <= mean ? x : mean * mean / x;
    }
}
