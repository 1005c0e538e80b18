using Terrace.Design;
using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>Fits other rows, or another right-hand side, in the way a fit was made.</summary>
internal static class Refitting
{
    /// <summary>The fit of <paramref name="rows"/> by family, engine and kind of information of <paramref name="fit"/>.</summary>
    /// <exception cref="ModelException">The rows cannot carry the model.</exception>
    public static MixedModelFit Refit(MixedModelFit fit, ModelRows rows, CancellationToken cancellation) => Refit(fit, rows, fit.Engine == "reml", fit.Information, cancellation);

    /// <summary>The same with the kind of information given, and, for a linear model, by REML or by maximum likelihood.</summary>
    /// <exception cref="ModelException">The rows cannot carry the model.</exception>
    public static MixedModelFit Refit(MixedModelFit fit, ModelRows rows, bool reml, Information information, CancellationToken cancellation) => QuadratureEngine.PointsOf(fit.Engine) is { } points
        ? GeneralizedLinearMixedModel.Fit(rows, fit.Family, new GeneralizedLinearMixedModelOptions { QuadraturePoints = points, Information = information }, cancellation)
        : LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = reml }, cancellation);
}
