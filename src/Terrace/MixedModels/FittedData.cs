using Terrace.Design;
using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>What a fit was made of, for everything that fits it again: the rows with their response, and the curvature in a generalised model's Laplace approximation.</summary>
internal sealed record FittedData(ModelRows Rows, Information Information)
{
    /// <summary>The data of <paramref name="fit"/>; <paramref name="purpose"/> says what needs them, as in "a bootstrap".</summary>
    /// <exception cref="ModelException">The fit was read from a file, which holds no data.</exception>
    public static FittedData Of(MixedModelFit fit, string purpose) =>
        fit.Data ?? throw new ModelException($"This fit does not hold what {purpose} needs: it is of a nonlinear model, or was read from a file. Of a nonlinear model there are Wald intervals; otherwise fit the model again.");
}
