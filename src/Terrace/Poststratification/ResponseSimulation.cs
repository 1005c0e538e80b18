using Terrace.Design;
using Terrace.Families;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Poststratification;

/// <summary>
/// Draws new responses for the rows of a fit from its family, given the mean of each cell. Binomial responses are drawn cell by cell, which is equal in distribution and quicker; others row by row, so
/// that the variation within cells stays.
/// </summary>
internal sealed class ResponseSimulation
{
    private readonly ModelRows _rows;
    private readonly Observations _responses;
    private readonly double _dispersion;

    /// <summary>Prepares to redraw the responses of <paramref name="rows"/>.</summary>
    /// <param name="rows">The rows of the fit.</param>
    /// <param name="responses">Their responses.</param>
    /// <param name="dispersion">φ; 1 for binomial and Poisson.</param>
    /// <exception cref="ModelException">The family has no distribution to draw from, or weights that are no trials.</exception>
    public ResponseSimulation(ModelRows rows, Observations responses, double dispersion)
    {
        Family family = responses.Family;
        if (!family.HasLikelihood) throw new ModelException($"The {family.Name} family has no likelihood, so there is nothing to simulate from: the bootstrap needs another family, the default interval does not.");
        if (family.Distribution == Distribution.InverseGaussian) throw new ModelException("The bootstrap does not simulate inverse Gaussian responses; use the default interval.");
        if (family.Distribution == Distribution.Poisson && responses.RowWeight.Any(w => w is not (0 or 1)))
            throw new ModelException("The bootstrap cannot simulate counts with prior weights; leave the weights out or use the default interval.");
        (_rows, _responses, _dispersion) = (rows, responses, dispersion);
    }

    /// <summary>The rows with new responses, given each cell's mean.</summary>
    public ModelRows Draw(ReadOnlySpan<double> cellMeans, Rng rng) => _responses.Family.IsBinomial ? DrawCells(cellMeans, rng) : DrawRows(cellMeans, rng);

    private ModelRows DrawCells(ReadOnlySpan<double> means, Rng rng)
    {
        double[] successes = new double[means.Length], failures = new double[means.Length];
        for (int cell = 0; cell < means.Length; cell++)
        {
            int trials = (int)Math.Round(_responses.Weight[cell]);
            successes[cell] = trials == 0 ? 0 : rng.NextBinomial(trials, means[cell]);
            failures[cell] = trials - successes[cell];
        }
        int[] identity = [.. Enumerable.Range(0, means.Length)];
        var response = new ResponseValues { Name = _rows.Response!.Name, Kind = ResponseKind.SuccessesAndFailures, Values = successes, Failures = failures };
        return _rows with { RowToCell = identity, SourceRows = identity, Response = response, Weights = null, Trials = null };
    }

    private ModelRows DrawRows(ReadOnlySpan<double> means, Rng rng)
    {
        var values = new double[_rows.Rows];
        for (int row = 0; row < values.Length; row++)
        {
            if (_responses.RowWeight[row] > 0) values[row] = Draw(means[_rows.RowToCell[row]], _dispersion / _responses.RowWeight[row], rng);
            else values[row] = _responses.RowY[row];
        }
        return _rows with { Response = _rows.Response! with { Values = values } };
    }

    private double Draw(double mean, double dispersion, Rng rng) => _responses.Family.Distribution switch
    {
        Distribution.Poisson => rng.NextPoisson(mean),
        Distribution.Gamma => mean * dispersion * rng.NextGamma(1 / dispersion),
        _ => mean + Math.Sqrt(dispersion) * rng.NextNormal(),
    };
}
