using Terrace.Families;

namespace Terrace.LinearModels;

/// <summary>
/// Residuals and influence of every original row.
/// <code>
/// response y − μ        Pearson (y − μ) √(w/V)        deviance sign(y − μ) √(w d)        working (y − μ)/g
/// leverage h (of a row: that of its cell times its share of the cell's weight)
/// standardised  deviance residual / √(φ (1 − h))       Cook's D = (Pearson/(1 − h))² h / (φ p)
/// </code>
/// McCullagh and Nelder (1989), sections 2.4 and 12.5 to 12.7; Williams (1987) for the leverage of a generalised linear model. Leverages are those of the last
/// least-squares step, as in R. Checked against R in <c>LinearModelFixtureTests</c>.
/// </summary>
public sealed class RowDiagnostics
{
    private const double FullLeverage = 1 - 10 * 2.220446049250313e-16;

    internal RowDiagnostics(Observations observations, IrlsResult fit, double dispersion)
    {
        int n = observations.Rows;
        (Response, Pearson, Deviance, Working) = (new double[n], new double[n], new double[n], new double[n]);
        (Standardized, Leverage, CooksDistance) = (new double[n], new double[n], new double[n]);
        double[] cellLeverage = fit.Step.Qr.Leverages();
        for (int i = 0; i < n; i++)
        {
            Residuals(observations, fit, i);
            int cell = observations.RowToCell[i];
            double share = observations.Weight[cell] > 0 ? observations.RowWeight[i] / observations.Weight[cell] : 0;
            Influence(i, cellLeverage[cell] * share, dispersion, fit.Step.Qr.Rank);
        }
    }

    /// <summary>y − μ.</summary>
    public double[] Response { get; }

    /// <summary>(y − μ) √(w / V(μ)).</summary>
    public double[] Pearson { get; }

    /// <summary>The signed square root of the row's part of the deviance.</summary>
    public double[] Deviance { get; }

    /// <summary>(y − μ) / (dμ/dη).</summary>
    public double[] Working { get; }

    /// <summary>Deviance residuals divided by their standard deviation (R's <c>rstandard</c>).</summary>
    public double[] Standardized { get; }

    /// <summary>The diagonal of the hat matrix.</summary>
    public double[] Leverage { get; }

    /// <summary>How far the coefficients move when the row is left out.</summary>
    public double[] CooksDistance { get; }

    private void Residuals(Observations observations, IrlsResult fit, int i)
    {
        int cell = observations.RowToCell[i];
        double y = observations.RowY[i], w = observations.RowWeight[i], mean = fit.Mean[cell];
        Response[i] = y - mean;
        Pearson[i] = (y - mean) * Math.Sqrt(w / observations.Family.Variance(mean));
        Deviance[i] = w == 0 ? 0 : Math.Sign(y - mean) * Math.Sqrt(Math.Max(0, w * observations.Family.UnitDeviance(y, mean)));
        Working[i] = (y - mean) / observations.Family.Link.Slope(fit.Eta[cell]);
    }

    private void Influence(int i, double leverage, double dispersion, int rank)
    {
        double h = leverage > FullLeverage ? 1 : leverage;
        Leverage[i] = h;
        Standardized[i] = FiniteOrNaN(Deviance[i] / Math.Sqrt(dispersion * (1 - h)));
        CooksDistance[i] = FiniteOrNaN(Math.Pow(Pearson[i] / (1 - h), 2) * h / (dispersion * rank));
    }

    private static double FiniteOrNaN(double value) => double.IsInfinity(value) ? double.NaN : value;
}
