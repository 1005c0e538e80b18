namespace Terrace.MixedModels;

/// <summary>A linear mixed model fitted to a stream of rows.</summary>
/// <param name="Fit">The fit, without values of rows (<see cref="MixedModelFit.HasRowValues"/> is false).</param>
/// <param name="Rows">The number of rows used, those of weight 0 included.</param>
/// <param name="OmittedRows">The number of rows left out because a value is missing.</param>
public sealed record StreamedFit(MixedModelFit Fit, long Rows, long OmittedRows);
