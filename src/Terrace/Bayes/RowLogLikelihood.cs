using Terrace.Inference.Evaluation;
using Terrace.Inference.Posterior;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>
/// The log likelihood of every respondent under every draw (rstanarm's and brms's <c>log_lik</c>), row by row so that rows × draws are never held. Rows that agree in covariates, response, weight and trials are one
/// observation with their number. Checked in <c>BayesianLooTests</c>.
/// </summary>
public sealed class RowLogLikelihood : IPointwiseLikelihood
{
    private readonly BayesianModel _model;
    private readonly Draws _draws;
    private readonly (int Cell, double Y, double Weight, double Trials)[] _distinct;
    private readonly int[] _multiplicity;
    private readonly double[][] _auxiliary;

    /// <summary>Of the rows of a fit.</summary>
    public RowLogLikelihood(BayesianFit fit) : this(fit.Model, fit.Draws)
    {
    }

    /// <summary>Of the rows of a model under any draws of its variables.</summary>
    internal RowLogLikelihood(BayesianModel model, Draws draws)
    {
        (_model, _draws) = (model, draws);
        ObservedRows rows = model.Rows;
        var place = new Dictionary<(int, double, double, double), int>();
        var distinct = new List<(int, double, double, double)>();
        var multiplicity = new List<int>();
        ObservationOfRow = new int[rows.RowToCell.Length];
        for (int row = 0; row < rows.RowToCell.Length; row++)
        {
            (int, double, double, double) key = (rows.RowToCell[row], rows.Y[row], rows.Weight[row], rows.Trials?[row] ?? 1);
            if (!place.TryGetValue(key, out int at))
            {
                place[key] = at = distinct.Count;
                distinct.Add(key);
                multiplicity.Add(0);
            }
            multiplicity[at]++;
            ObservationOfRow[row] = at;
        }
        _distinct = [.. distinct];
        _multiplicity = [.. multiplicity];
        _auxiliary = [.. Enumerable.Range(_model.DrawLayout.AuxiliaryStart, _model.Structure.Auxiliary.Count).Select(column => _draws.Column(column).ToArray())];
    }

    /// <summary>The observation that each row is one of.</summary>
    internal int[] ObservationOfRow { get; }

    /// <inheritdoc/>
    public int Chains => _draws.Chains;

    /// <inheritdoc/>
    public int Draws => _draws.Count;

    /// <inheritdoc/>
    public int Count => _distinct.Length;

    /// <inheritdoc/>
    public int Multiplicity(int observation) => _multiplicity[observation];

    /// <inheritdoc/>
    public void Write(int observation, Span<double> logLikelihood)
    {
        (int _, double y, double weight, double trials) = _distinct[observation];
        _model.RowDensity.Write(y, weight, trials, LinearPredictors(observation), _auxiliary, logLikelihood);
    }

    /// <summary>Response, weight and trials of an observation.</summary>
    internal (double Y, double Weight, double Trials) Observation(int observation) => (_distinct[observation].Y, _distinct[observation].Weight, _distinct[observation].Trials);

    /// <summary>The linear predictors of an observation under every draw.</summary>
    internal double[][] LinearPredictors(int observation)
    {
        int cell = _distinct[observation].Cell;
        ModelStructure structure = _model.Structure;
        double[][] eta = [.. structure.Predictors.Select(predictor => Predictor(predictor, cell))];
        foreach ((GroupTerm term, int first) in structure.Terms.Select(term => (term, _model.DrawLayout.Effects + term.Start - structure.FixedCount)))
        {
            for (int j = 0; j < term.Width; j++)
                ContiguousLoops.AddMultiple(term.Covariates[j]?[cell] ?? 1, _draws.Column(first + term.Codes[cell] * term.Width + j), eta[term.Predictor]);
        }
        return eta;
    }

    private double[] Predictor(PredictorDesign predictor, int cell)
    {
        var eta = new double[Draws];
        Array.Fill(eta, predictor.Offset[cell]);
        for (int j = 0; j < predictor.Count; j++)
            ContiguousLoops.AddMultiple(predictor.ColumnValues(predictor.Basis.Kept[predictor.First + j])[cell], _draws.Column(predictor.Start + j), eta);
        return eta;
    }
}
