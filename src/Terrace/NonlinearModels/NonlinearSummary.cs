using System.Text;
using Terrace.Inference.Tables;
using Terrace.LinearModels;
using Terrace.MixedModels;

namespace Terrace.NonlinearModels;

/// <summary>
/// Summaries of nonlinear models as text: without random terms in the layout of R's <c>summary.nls</c> (R Core Team, 2022), with them in that of lme4's nlmer (Bates et al. 2015,
/// section 5.2). Pinned by <c>NonlinearSummaryTests</c> against R's output.
/// </summary>
public static class NonlinearSummary
{
    private const int Digits = 4;

    /// <summary>The summary of a least-squares fit; <paramref name="omittedRows"/> says how many rows had missing values. Lines end in \n.</summary>
    public static string Of(NonlinearModelFit fit, int omittedRows = 0)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var text = new StringBuilder();
        text.Append("\nFormula: ").Append(fit.Mean.Formula).Append("\n\nParameters:\n");
        foreach (string line in CoefficientText.Lines(fit.Estimates.Table(), "t")) text.Append(line).Append('\n');
        text.Append(FormattableString.Invariant($"\nResidual standard error: {NumberFormat.Number(fit.Sigma, Digits, "NaN")} on {fit.ResidualDf} degrees of freedom\n"));
        if (omittedRows > 0) text.Append(FormattableString.Invariant($"  ({omittedRows} observation{(omittedRows == 1 ? "" : "s")} deleted due to missingness)\n"));
        text.Append(FormattableString.Invariant($"\nNumber of iterations to convergence: {fit.Iterations} \nAchieved convergence tolerance: {NumberFormat.Number(fit.ConvergenceOffset, Digits, "NaN")}\n\n"));
        return text.ToString();
    }

    /// <summary>The summary of a mixed model; <paramref name="data"/> is shown as given. Lines end in \n.</summary>
    public static string Of(NonlinearMixedModelFit fit, string data)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return SummaryText.Of(fit.Tangent, "Nonlinear mixed model fit by maximum likelihood  ['nlmerMod']\n", fit.Mean.Formula.ToString(), data, null);
    }
}
