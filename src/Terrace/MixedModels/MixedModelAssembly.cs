using Terrace.Design;
using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>Turns the state at the optimum into the public result.</summary>
internal static class MixedModelAssembly
{
    public static MixedModelFit Build(ModelRows rows, MixedModelCells cells, Observations observations, FittedState state)
    {
        var shape = new MixedModelShape(cells.Layout, cells.Pattern, cells.Basis, rows.Design.ColumnNames, rows.Response!.Name, observations.Family, observations.WeightedRows);
        return Build(shape, new MixedModelRows(cells, observations), state);
    }

    public static MixedModelFit Build(MixedModelShape cells, MixedModelRows observations, FittedState state)
    {
        var lambda = new RelativeCovarianceFactor(cells.Layout);
        lambda.Set(state.Theta);
        var coefficients = new double[cells.Layout.Columns + cells.Basis.Rank];
        lambda.Multiply(state.Spherical, coefficients);
        var terms = Terms(cells, state, lambda, coefficients);
        var singular = SingularComponents.Of(terms, state.Scaling);
        var basis = cells.Basis;
        double[] kept = basis.ToCoefficients(coefficients.AsSpan(cells.Layout.Columns)), beta = new double[basis.Columns];
        Array.Fill(beta, double.NaN);
        for (int j = 0; j < kept.Length; j++) beta[basis.Kept[j]] = kept[j];
        double[] eta = observations.LinearPredictor(coefficients), mean = new double[eta.Length];
        cells.Family.Kernel.Means(eta, mean);
        bool converged = state.Convergence.Converged && state.HessianIsPositive;
        string[] aliased = [.. Enumerable.Range(0, basis.Columns).Except(basis.Kept).Select(j => cells.ColumnNames[j])];
        return new MixedModelFit
        {
            Family = cells.Family,
            Engine = state.Engine,
            ResponseName = cells.ResponseName,
            FixedNames = cells.ColumnNames,
            Beta = beta,
            Estimated = basis.Kept,
            BetaCovariance = state.BetaCovariance,
            Sigma = state.Sigma,
            Theta = state.Theta,
            Terms = terms,
            LogLikelihood = -0.5 * state.Criterion,
            RemlCriterion = state.Engine == "reml" ? state.Criterion : null,
            ConditionalDeviance = state.ConditionalDeviance,
            Rows = cells.WeightedRows,
            RowToCell = observations.RowToCell,
            LinearPredictor = eta,
            Fitted = mean,
            Response = observations.RowResponse,
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
            Data = state.Data,
        };
    }

    private static RandomTermFit[] Terms(MixedModelShape cells, FittedState state, RelativeCovarianceFactor lambda, double[] b)
    {
        double[][] conditional = state.Conditional ?? ConditionalCovariances.Of(cells.Layout, cells.Pattern, state.Factor!, lambda, state.Sigma, state.Inverse);
        return [.. cells.Layout.Terms.Select((t, i) => new RandomTermFit(t, state.Theta, state.Sigma, b, conditional[i]))];
    }
}

/// <summary>What every fit knows of its model, with or without rows at hand.</summary>
internal sealed record MixedModelShape(
    RandomEffectsLayout Layout, CouplingPattern Pattern, FixedEffectsBasis Basis, IReadOnlyList<string> ColumnNames, string ResponseName, Family Family, int WeightedRows);

/// <summary>The rows of a fit, or none where they were streamed.</summary>
internal sealed class MixedModelRows(MixedModelCells? cells, Observations? observations)
{
    public static MixedModelRows None { get; } = new(null, null);

    public int[] RowToCell => observations?.RowToCell ?? [];

    public double[] RowResponse => observations?.RowY ?? [];

    public double[] RowWeight => observations?.RowWeight ?? [];

    /// <summary>The linear predictor of each cell.</summary>
    public double[] LinearPredictor(double[] coefficients)
    {
        if (cells is null) return [];
        var eta = new double[cells.Count];
        cells.LinearPredictor(coefficients, eta);
        return eta;
    }
}
