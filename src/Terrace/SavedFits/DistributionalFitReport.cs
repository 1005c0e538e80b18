using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.MixedModels;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.SavedFits;

/// <summary>What there is to say about a distributional model.</summary>
public static class DistributionalFitReport
{
    /// <summary>The report of <paramref name="fit"/>, with Wald intervals of probability <paramref name="level"/>; <paramref name="frames"/> have the formulas.</summary>
    public static FitReport Of(DistributionalModelFit fit, ComponentFrames frames, FitContext context, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ComponentFit[] shown = [.. fit.Components.Where(component => component.HasFormula)];
        return new FitReport
        {
            Formula = context.Formula,
            ComponentFormulas = Formulas(fit, frames),
            Categories = fit.Categories,
            Family = fit.Family.Name,
            Link = fit.Family.Link.Name,
            Engine = fit.Engine,
            RequestedEngine = context.RequestedEngine,
            Rows = context.Rows,
            Cells = context.Cells,
            Omitted = context.Omitted,
            FixedEffects = [.. shown.SelectMany(component => FixedEffects(component, fit.Covariance, level))],
            CovarianceTerms = [.. shown.SelectMany(component => component.Estimated.Select(j => Prefix(component) + component.Names[j]))],
            Covariance = Block(fit.Covariance, [.. shown.SelectMany(component => Enumerable.Range(component.First, component.Estimated.Count))]),
            RandomEffects = [.. fit.Terms.SelectMany(term => term.TermNames.Select((name, j) => new RandomEffectSd(term.Group, name, term.StandardDeviation(j))))],
            Correlations = [.. fit.Terms.SelectMany(MixedFitReport.Correlations)],
            Groups = [.. fit.Terms.DistinctBy(term => term.Group).Select(term => new GroupSize(term.Group, term.Levels.Count))],
            Parameters = [.. fit.Parameters.Select(parameter => new FamilyParameter(parameter.Name, parameter.Estimate, parameter.StdError))],
            ResidualSd = fit.Family.Name == "gaussian" ? fit.Parameters.FirstOrDefault(parameter => parameter.Name == "sigma")?.Estimate : null,
            LogLikelihood = fit.LogLikelihood,
            Deviance = fit.Deviance,
            Aic = fit.Aic,
            Bic = fit.Bic,
            ResidualDf = fit.ResidualDegreesOfFreedom,
            Modes = [.. fit.Terms.GroupBy(term => term.Group).Select(terms => MixedFitReport.Modes([.. terms]))],
            Coefficients = [.. GroupCoefficients.Of(fit.Terms, fit.Conditional.Names, fit.Conditional.Estimates).Select(group => new GroupEffects(group.Group, group.Levels, group.Names, group.Values))],
            Converged = fit.Converged,
            Singular = fit.Singular,
            GradientNorm = fit.GradientNorm,
            Evaluations = fit.Evaluations,
            Warnings = fit.Warnings,
        };
    }

    private static IReadOnlyDictionary<string, string> Formulas(DistributionalModelFit fit, ComponentFrames frames)
    {
        var formulas = new Dictionary<string, string>();
        if (frames.ZeroInflation is { } zero) formulas[Component.ZeroInflation] = zero.Formula.ToString();
        else if (fit.Family.IsHurdle) formulas[Component.ZeroInflation] = "~1";
        if (frames.Dispersion is { } dispersion) formulas[Component.Dispersion] = dispersion.Formula.ToString();
        return formulas.Count == 0 ? FitReport.NoComponents : formulas;
    }

    private static string Prefix(ComponentFit component) => component.Component switch
    {
        Component.ZeroInflation => "zi~",
        Component.Dispersion => "disp~",
        _ => "",
    };

    private static IEnumerable<FixedEffect> FixedEffects(ComponentFit component, Matrix covariance, double level)
    {
        double[] errors = component.StandardErrors(covariance);
        double quantile = Normal.Quantile(0.5 + 0.5 * level);
        for (int j = 0; j < errors.Length; j++)
        {
            double estimate = component.Estimates[j], error = errors[j];
            if (double.IsNaN(estimate)) yield return new FixedEffect(component.Names[j], null, null, null, null, null, null, null, component.Component);
            else
            {
                yield return new FixedEffect(component.Names[j], estimate, error, estimate / error, null, 2 * Normal.UpperTail(Math.Abs(estimate / error)),
                    estimate - quantile * error, estimate + quantile * error, component.Component);
            }
        }
    }

    private static Matrix Block(Matrix covariance, int[] places)
    {
        var block = new Matrix(places.Length, places.Length);
        for (int j = 0; j < places.Length; j++)
        {
            for (int i = 0; i < places.Length; i++) block[i, j] = covariance[places[i], places[j]];
        }
        return block;
    }
}
