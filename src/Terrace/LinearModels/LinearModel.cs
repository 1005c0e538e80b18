using Terrace.Design;
using Terrace.Families;

namespace Terrace.LinearModels;

/// <summary>Linear models: Gaussian responses with the identity link, fitted by one QR decomposition.</summary>
public static class LinearModel
{
    private const double AliasingTolerance = 1e-7;

    /// <summary>Fits <paramref name="rows"/>, collapsed to cells or not, by weighted least squares; <see cref="GeneralizedLinearModelFit.Linear"/> has R² and F.</summary>
    /// <exception cref="ModelException">The response is not numeric, or the model has group-level terms.</exception>
    public static GeneralizedLinearModelFit Fit(ModelRows rows)
    {
        DesignCheck.Require(rows);
        Observations observations = Observations.Resolve(rows, Family.Gaussian());
        double[] offset = rows.Design.Offset, response = new double[offset.Length];
        for (int c = 0; c < response.Length; c++) response[c] = observations.Y[c] - offset[c];
        var squares = new WeightedLeastSquares(rows.Design.X, observations.Weight, response, AliasingTolerance);
        double[] coefficients = squares.CoefficientsOrZero();
        double[] eta = WeightedLeastSquares.LinearPredictor(rows.Design.X, coefficients, offset);
        double sumOfSquares = 0;
        for (int c = 0; c < eta.Length; c++) sumOfSquares += observations.Weight[c] * Math.Pow(observations.Y[c] - eta[c], 2);
        double deviance = observations.DevianceOfRows(sumOfSquares);
        var result = new IrlsResult(squares, coefficients, eta, eta, deviance, 1, Converged: true, AtBoundary: false);
        double nullDeviance = NullModel.Deviance(observations, rows.Design, new GlmOptions(), eta);
        LinearModelStatistics statistics = LinearModelStatistics.Of(observations, rows.Design, result);
        var warnings = new List<ModelWarning>(FitWarnings.Of(result, rows.Design, null));
        if (FitWarnings.OfExactFit(observations, deviance, squares.Qr.Rank, rows.Response!.Name) is { } exact) warnings.Add(exact);
        return new GeneralizedLinearModelFit(observations, rows.Design, result, nullDeviance, warnings, statistics);
    }
}
