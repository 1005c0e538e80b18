using Terrace.Design;
using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>Turns the state at the optimum into the public result.</summary>
internal static class MixedModelAssembly
{
    public static MixedModelFit Build(ModelRows rows, MixedModelCells cells, Observations observations, FittedState state)
    {
        var lambda = new RelativeCovarianceFactor(cells.Layout);
        lambda.Set(state.Theta);
        var coefficients = new double[cells.Coefficients];
        lambda.Multiply(state.Spherical, coefficients);
        var terms = Terms(cells, state, lambda, coefficients);
        var singular = SingularComponents.Of(terms, state.Scaling);
        var basis = cells.Basis;
        double[] kept = basis.ToCoefficients(coefficients.AsSpan(cells.Layout.Columns)), beta = new double[basis.Columns];
        Array.Fill(beta, double.NaN);
        for (int j = 0; j < kept.Length; j++) beta[basis.Kept[j]] = kept[j];
        double[] eta = new double[cells.Count], mean = new double[cells.Count];
        cells.LinearPredictor(coefficients, eta);
        observations.Family.Kernel.Means(eta, mean);
        bool converged = state.Convergence.Converged && state.HessianIsPositive;
        string[] aliased = [.. Enumerable.Range(0, basis.Columns).Except(basis.Kept).Select(j => rows.Design.ColumnNames[j])];
        return new MixedModelFit
        {
            Family = observations.Family,
            Engine = state.Engine,
            ResponseName = rows.Response!.Name,
            FixedNames = rows.Design.ColumnNames,
            Beta = beta,
            Estimated = basis.Kept,
            BetaCovariance = state.BetaCovariance,
            Sigma = state.Sigma,
            Theta = state.Theta,
            Terms = terms,
            LogLikelihood = -0.5 * state.Criterion,
            RemlCriterion = state.Engine == "reml" ? state.Criterion : null,
            ConditionalDeviance = state.ConditionalDeviance,
            Rows = observations.WeightedRows,
            RowToCell = observations.RowToCell,
            LinearPredictor = eta,
            Fitted = mean,
            Response = observations.RowY,
            Weights = observations.RowWeight,
            Converged = converged,
            Convergence = state.Convergence,
            GradientNorm = state.Convergence.GradientNorm,
            Evaluations = state.Evaluations,
            SingularComponents = singular,
            LogLikelihoodError = state.LogLikelihoodError,
            Warnings = [.. state.Separation, .. FitWarnings.Of(aliased, singular, converged || state.Separation.Count > 0, state.Convergence), .. state.Notes],
            Joint = state.Joint,
            Marginal = state.Marginal,
            Information = state.Information,
            Data = state.Data,
        };
    }

    private static RandomTermFit[] Terms(MixedModelCells cells, FittedState state, RelativeCovarianceFactor lambda, double[] b)
    {
        double[][] conditional = state.Conditional ?? ConditionalCovariances.Of(cells.Layout, cells.Pattern, state.Factor!, lambda, state.Sigma);
        return [.. cells.Layout.Terms.Select((t, i) => new RandomTermFit(t, state.Theta, state.Sigma, b, conditional[i]))];
    }
}
