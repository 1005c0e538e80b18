using Terrace.Design;
using Terrace.Families;

namespace Terrace.LinearModels;

/// <summary>Generalised linear models, fitted by maximum likelihood (<see cref="Irls"/>).</summary>
public static class GeneralizedLinearModel
{
    /// <summary>Fits <paramref name="family"/> to <paramref name="rows"/>, collapsed to cells or not: the results are those of the original rows.</summary>
    /// <exception cref="ModelException">The response does not suit the family, the model has group-level terms, or no valid start is found.</exception>
    public static GeneralizedLinearModelFit Fit(ModelRows rows, Family family, GlmOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new GlmOptions();
        DesignCheck.Require(rows);
        Observations observations = Observations.Resolve(rows, family);
        var irls = new Irls(observations, rows.Design.X, rows.Design.Offset, options);
        IrlsResult result = irls.Run(cancellation: cancellation);
        var warnings = new List<ModelWarning>(FitWarnings.Of(result, rows.Design, options));
        if (Separation.Find(irls, result, observations, rows.Design) is { } separation) warnings.Add(separation);
        double nullDeviance = NullModel.Deviance(observations, rows.Design, options, result.Mean);
        return new GeneralizedLinearModelFit(observations, rows.Design, result, nullDeviance, warnings);
    }
}
