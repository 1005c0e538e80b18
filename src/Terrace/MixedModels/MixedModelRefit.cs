using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>
/// Fits the model of a fit to other responses of the same rows (lme4's <c>refit</c>): the design, the order of the unknowns and the basis of the fixed effects are kept, and each search begins at the
/// original estimates. May be used by several threads at once.
/// </summary>
public sealed class MixedModelRefit
{
    private readonly RefitModel _model;
    private readonly WorkspacePool<RefitWorkspace> _spaces;

    /// <summary>Prepares to refit <paramref name="fit"/>.</summary>
    /// <exception cref="ModelException">The fit was read from a file, which does not hold the data.</exception>
    public MixedModelRefit(MixedModelFit fit)
    {
        _model = RefitModel.Of(fit, "a refit");
        _spaces = new WorkspacePool<RefitWorkspace>(_model.CreateWorkspace);
    }

    /// <summary>The parameters in the order of <see cref="RefittedModel.ParameterValues"/>.</summary>
    public IReadOnlyList<ModelParameter> Parameters => _model.Parameters.All;

    /// <summary>The estimates for another response, without standard errors.</summary>
    /// <param name="response">One value for each row, in the units of <see cref="MixedModelFit.Response"/>: of a binomial the proportion of successes.</param>
    /// <param name="cancellation">Ends the search early.</param>
    /// <exception cref="ModelException">The response has another length or values that the family does not have, or it does not vary.</exception>
    public RefittedModel Fit(ReadOnlySpan<double> response, CancellationToken cancellation = default)
    {
        Check(response);
        RefitWorkspace space = _spaces.Take();
        space.Observations.ReplaceRows(response);
        RefittedModel result = space.Fit(cancellation);
        _spaces.Return(space);
        return result;
    }

    /// <summary>The whole fit of another response, standard errors and all, searched from the beginning.</summary>
    /// <param name="response">As for <see cref="Fit"/>.</param>
    /// <param name="cancellation">Ends the search early.</param>
    /// <exception cref="ModelException">As for <see cref="Fit"/>.</exception>
    public MixedModelFit FitCompletely(ReadOnlySpan<double> response, CancellationToken cancellation = default)
    {
        Check(response);
        var rows = _model.Observations.WithResponse(_model.Data.Rows, response.ToArray());
        return Refitting.Refit(_model.Fit, rows, cancellation);
    }

    private void Check(ReadOnlySpan<double> response)
    {
        Observations original = _model.Observations;
        if (response.Length != original.Rows) throw new ModelException($"The response for a refit has {response.Length} values, but the fit has {original.Rows} rows.");
        for (int i = 0; i < response.Length; i++)
        {
            if (original.RowWeight[i] > 0 && Fault(original.Family, response[i], original.RowWeight[i]) is { } fault)
                throw new ModelException($"The response for a refit is {RowResponses.Show(response[i])} in row {i + 1}, but {fault}");
        }
    }

    private static string? Fault(Family family, double y, double weight) => family.Distribution switch
    {
        _ when !double.IsFinite(y) => "it must be finite.",
        Distribution.Binomial when y is < 0 or > 1 => "of a binomial it is the proportion of successes, from 0 to 1.",
        Distribution.Binomial when weight == Math.Round(weight) && Math.Abs(y * weight - Math.Round(y * weight)) > 1e-6 => FormattableString.Invariant($"{weight} trials cannot give that proportion of successes."),
        Distribution.Poisson when y < 0 || Math.Abs(y - Math.Round(y)) > 1e-7 * Math.Max(1, y) => "counts are whole numbers not below 0.",
        Distribution.Gamma or Distribution.InverseGaussian when y <= 0 => $"the {family.Name} family needs positive values.",
        _ => null,
    };
}
