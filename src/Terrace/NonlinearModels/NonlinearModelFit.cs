using Terrace.Families;
using Terrace.LinearModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.NonlinearModels;

/// <summary>A nonlinear model fitted by least squares. Immutable.</summary>
public sealed class NonlinearModelFit
{
    private readonly LeastSquaresSearch _search;
    private readonly Observations _observations;

    internal NonlinearModelFit(NonlinearData data, NonlinearProblem problem, LeastSquaresResult result)
    {
        Data = data;
        _search = result.Search;
        _observations = problem.Observations;
        ResponseName = problem.ResponseName;
        Start = [.. result.Start];
        Deviance = _observations.DevianceOfRows(_search.Squares);
        Sigma = Math.Sqrt(Deviance / ResidualDf);
        Estimates = Estimate(result.Step);
        LogLikelihood = _observations.LogLikelihood(Deviance, Deviance / Rows);
    }

    /// <summary>The mean function.</summary>
    public NonlinearMean Mean => Data.Frame.Mean;

    /// <summary>What it was fitted to and how.</summary>
    internal NonlinearData Data { get; }

    /// <summary>The name of the response.</summary>
    public string ResponseName { get; }

    /// <summary>The parameters with their covariance matrix and t tests.</summary>
    public CoefficientEstimates Estimates { get; }

    /// <summary>Where the search began.</summary>
    public IReadOnlyList<double> Start { get; }

    /// <summary>The number of rows of positive weight.</summary>
    public int Rows => _observations.WeightedRows;

    /// <summary>Rows less parameters.</summary>
    public int ResidualDf => Rows - Mean.Parameters.Count;

    /// <summary>The residual sum of squares Σ w (y − μ)².</summary>
    public double Deviance { get; }

    /// <summary>The residual standard deviation √(S / (n − p)).</summary>
    public double Sigma { get; }

    /// <summary>The log likelihood with all constants, at σ² = S / n.</summary>
    public double LogLikelihood { get; }

    /// <summary>The number of parameters that the likelihood counts, σ included.</summary>
    public int Parameters => Mean.Parameters.Count + 1;

    /// <summary>Akaike's criterion.</summary>
    public double Aic => -2 * LogLikelihood + 2 * Parameters;

    /// <summary>Schwarz's criterion.</summary>
    public double Bic => -2 * LogLikelihood + Math.Log(Rows) * Parameters;

    /// <summary>The number of steps of the search.</summary>
    public int Iterations => _search.Iterations;

    /// <summary>Bates and Watts' relative offset at the end, R's convergence tolerance.</summary>
    public double ConvergenceOffset => _search.Offset;

    /// <summary>The fitted mean of every row.</summary>
    public double[] FittedValues() => [.. _observations.RowToCell.Select(cell => _search.Mean[cell])];

    /// <summary>Response less mean, per row.</summary>
    public double[] Residuals() => [.. _observations.RowY.Select((y, i) => y - _search.Mean[_observations.RowToCell[i]])];

    /// <summary>Residuals over σ/√w.</summary>
    public double[] PearsonResiduals() => [.. Residuals().Zip(_observations.RowWeight, (residual, weight) => residual * Math.Sqrt(weight) / Sigma)];

    private CoefficientEstimates Estimate(WeightedLeastSquares step)
    {
        Matrix covariance = step.UnscaledCovariance();
        for (int i = 0; i < covariance.Values.Length; i++) covariance.Values[i] *= Sigma * Sigma;
        return new CoefficientEstimates
        {
            Terms = Mean.Parameters,
            Values = [.. _search.Parameters],
            Covariance = covariance,
            EstimableColumns = step.EstimableColumns(),
            Dependencies = new Matrix(Mean.Parameters.Count, 0),
            DegreesOfFreedom = ResidualDf,
        };
    }
}
