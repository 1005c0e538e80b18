using Terrace.Design;
using Terrace.Families;
using Terrace.MixedModels;

namespace Terrace.DistributionalModels;

/// <summary>Fits the model of a distributional fit to other responses of the same rows (lme4's <c>refit</c>). May be used by several threads at once.</summary>
/// <remarks>
/// Rows are collapsed with their responses, so the search is that of a fit; with group-level terms it goes on from the original variances. Standard errors are left out, as for a bootstrap (Bates et al. 2015, section 5.2). Check:
/// DistributionalRefitTests (complete fits of the same responses).
/// </remarks>
public sealed class DistributionalRefit
{
    private readonly DistributionalModelFit _fit;
    private readonly DistributionalParameterList _parameters;

    /// <summary>Prepares to refit <paramref name="fit"/>.</summary>
    public DistributionalRefit(DistributionalModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        _fit = fit;
        _parameters = DistributionalParameterList.Of(fit);
    }

    /// <summary>The parameters in the order of <see cref="RefittedDistributionalModel.ParameterValues"/>.</summary>
    public IReadOnlyList<ModelParameter> Parameters => _parameters.All;

    /// <summary>The estimates for another response, without standard errors.</summary>
    /// <param name="response">One value for each row, in the units of <see cref="DistributionalModelFit.Response"/>: of trials the share of successes, of ordered categories the position from 1.</param>
    /// <param name="cancellation">Ends the search early.</param>
    /// <exception cref="ModelException">The response has another length or values that the family does not have, or the model cannot be fitted to it.</exception>
    public RefittedDistributionalModel Fit(ReadOnlySpan<double> response, CancellationToken cancellation = default)
    {
        DistributionalSearch search = DistributionalSearch.Prepare(With(response), _fit.Family, _fit.Data.Options, cancellation);
        DistributionalOptimum optimum = search.Minimize(Start(search));
        double[] natural = search.Natural(optimum.Point);
        int thetas = search.Layout.ThetaCount;
        return new RefittedDistributionalModel(_parameters, natural[..thetas], DistributionalAssembly.Components(search.Likelihood, search.Basis, natural.AsSpan(thetas)))
        {
            LogLikelihood = -0.5 * optimum.Value,
            Evaluations = optimum.Evaluations,
            Converged = optimum.Converged && double.IsFinite(optimum.Value),
            Singular = search.Scaling is { } scaling && search.Layout.IsSingular(natural, scaling),
        };
    }

    /// <summary>The whole fit of another response, standard errors and all.</summary>
    /// <param name="response">As for <see cref="Fit"/>.</param>
    /// <param name="cancellation">Ends the search early.</param>
    /// <exception cref="ModelException">As for <see cref="Fit"/>.</exception>
    public DistributionalModelFit FitCompletely(ReadOnlySpan<double> response, CancellationToken cancellation = default) =>
        DistributionalModel.Fit(With(response), _fit.Family, _fit.Data.Options, cancellation);

    /// <summary>The original variances with the coefficients where the model without random effects has them; null without group-level terms.</summary>
    private double[]? Start(DistributionalSearch search)
    {
        if (search.Scaling is not { } scaling) return null;
        double[] start = [.. _fit.Theta, .. search.Start[search.Layout.ThetaCount..]];
        scaling.FromTheta(start);
        foreach (RandomTermLayout term in search.Layout.Terms)
        {
            // At a standard deviation of 0 the criterion is even, so a search would never leave it.
            for (int j = 0; j < term.Width; j++) start[term.ThetaIndex(j, j)] = Math.Max(start[term.ThetaIndex(j, j)], 0.05);
        }
        return start;
    }

    private ComponentRows With(ReadOnlySpan<double> response)
    {
        ModelRows rows = _fit.Data.Rows.Conditional;
        if (response.Length != rows.Rows) throw new ModelException($"The response for a refit has {response.Length} values, but the fit has {rows.Rows} rows.");
        ResponseValues own = rows.Response!;
        double[] values = response.ToArray(), trials = _fit.Family.Kind == ResponseType.Trials ? OutcomeValues.Resolve(rows, _fit.Family).Trials! : [];
        for (int row = 0; row < trials.Length; row++) values[row] = Math.Round(values[row] * trials[row]);
        if (_fit.Family.IsOrdered) values = [.. values.Select((value, row) => Code(value, row, own))];
        ResponseValues replaced = trials.Length == 0
            ? own with { Values = values }
            : new ResponseValues { Name = own.Name, Kind = ResponseKind.SuccessesAndFailures, Values = values, Failures = [.. trials.Zip(values, (m, successes) => m - successes)] };
        return _fit.Data.Rows with { Conditional = rows with { Response = replaced, Trials = null } };
    }

    private static double Code(double position, int row, ResponseValues own) => position == Math.Round(position) && position >= 1 && position <= own.Levels!.Count
        ? position - 1
        : throw new ModelException($"The response for a refit is {RowResponses.Show(position)} in row {row + 1}, but of ordered categories it is the position, from 1 to {own.Levels!.Count}.");
}

/// <summary>The model of a distributional fit with the estimates for another response: what a bootstrap replicate needs. Immutable.</summary>
public sealed class RefittedDistributionalModel
{
    private readonly DistributionalParameterList _parameters;

    internal RefittedDistributionalModel(DistributionalParameterList parameters, double[] theta, IReadOnlyList<ComponentFit> components)
    {
        (_parameters, Theta, Components) = (parameters, theta, components);
    }

    /// <summary>The covariance parameters, as <see cref="DistributionalModelFit.Theta"/>.</summary>
    public IReadOnlyList<double> Theta { get; }

    /// <summary>The linear predictors: the conditional one first, then those of the other parameters.</summary>
    public IReadOnlyList<ComponentFit> Components { get; }

    /// <summary>The log likelihood with all constants.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>How often the criterion was evaluated.</summary>
    public required int Evaluations { get; init; }

    /// <summary>Whether the optimiser met its conditions.</summary>
    public required bool Converged { get; init; }

    /// <summary>Whether a variance is 0 or a correlation ±1.</summary>
    public required bool Singular { get; init; }

    /// <summary>The standard deviations, correlations, coefficients and parameters of the distribution in the order of <see cref="DistributionalRefit.Parameters"/>.</summary>
    public double[] ParameterValues() => _parameters.Values([.. Theta], Components);
}
