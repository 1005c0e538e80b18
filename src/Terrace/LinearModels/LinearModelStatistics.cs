using Terrace.Design;
using Terrace.Families;
using Terrace.Numerics.Distributions;

namespace Terrace.LinearModels;

/// <summary>What a linear model has beyond a generalised one: residual standard deviation, R² and the F test against the mean (or against 0 without an intercept).</summary>
/// <param name="Sigma">The residual standard deviation (of a row of weight 1).</param>
/// <param name="RSquared">The share of the sum of squares that the model explains; 0 for an intercept alone.</param>
/// <param name="AdjustedRSquared">The same, adjusted for the number of coefficients.</param>
/// <param name="FStatistic">The F statistic; NaN for an intercept alone.</param>
/// <param name="FNumeratorDf">Its numerator's degrees of freedom.</param>
/// <param name="FDenominatorDf">Its denominator's.</param>
/// <param name="FPValue">The upper tail of F.</param>
public sealed record LinearModelStatistics(
    double Sigma, double RSquared, double AdjustedRSquared, double FStatistic, int FNumeratorDf, int FDenominatorDf, double FPValue)
{
    internal static LinearModelStatistics Of(Observations observations, DesignMatrices design, IrlsResult fit)
    {
        int rank = fit.Step.Qr.Rank, intercept = NullModel.HasIntercept(design) ? 1 : 0;
        int residualDf = observations.WeightedRows - rank, modelDf = rank - intercept;
        double variance = residualDf > 0 ? fit.Deviance / residualDf : double.NaN;
        double explained = ExplainedSquares(observations, fit.Mean, intercept == 1);
        if (modelDf == 0) return new LinearModelStatistics(Math.Sqrt(variance), 0, 0, double.NaN, 0, residualDf, double.NaN);
        double rSquared = explained / (explained + fit.Deviance);
        double adjusted = 1 - (1 - rSquared) * ((double)(observations.WeightedRows - intercept) / residualDf);
        double f = explained / modelDf / variance;
        double p = residualDf > 0 ? FisherF.UpperTail(f, modelDf, residualDf) : double.NaN;
        return new LinearModelStatistics(Math.Sqrt(variance), rSquared, residualDf > 0 ? adjusted : double.NaN, f, modelDf, residualDf, p);
    }

    private static double ExplainedSquares(Observations observations, double[] fitted, bool aroundMean)
    {
        double centre = 0, sum = 0;
        for (int c = 0; c < fitted.Length && aroundMean; c++) centre += observations.Weight[c] * fitted[c] / observations.WeightSum;
        for (int c = 0; c < fitted.Length; c++) sum += observations.Weight[c] * (fitted[c] - centre) * (fitted[c] - centre);
        return sum;
    }
}
