using Terrace.Cli.Options;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Predictions;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary>Linear mixed models of files with many rows, which are read block by block instead of being held in memory.</summary>
internal static class Streaming
{
    /// <summary>From this many rows on a file is streamed.</summary>
    public const long ManyRows = 1_000_000;

    private const int MostOtherLevels = 1000;

    /// <summary>Whether the model needs no more than sums over rows, and there are many of them: a Gaussian mixed model with the identity link that is not to be saved.</summary>
    public static bool Suits(ModelFrame frame, IRowBlocks data, Family family, ModelSettings settings) =>
        FewOtherLevels(frame) && frame.TrainingRows >= ManyRows && data is not Frame && settings.SaveFile is null && !settings.NeedsRows && settings.Factorisation == Factorisation.Automatic && family.IsGaussian && family.Link == Link.Identity && frame.Formula.RandomTerms.Count > 0;

    // Beside the largest grouping factor all levels make one dense matrix, which is filled for each block.
    private static bool FewOtherLevels(ModelFrame frame)
    {
        int[] levels = [.. frame.GroupLevels.Values.Select(group => group.Count)];
        return levels.Sum() - levels.DefaultIfEmpty(0).Max() <= MostOtherLevels;
    }

    /// <summary>Fits the model and reports it.</summary>
    /// <exception cref="ModelException">The data cannot carry the model.</exception>
    public static ModelRun Fit(ModelFrame frame, IRowBlocks data, ModelSettings settings, string engine, CancellationToken cancellation)
    {
        StreamedFit streamed = LinearMixedModel.FitStreamed(frame, data, new LinearMixedModelOptions { Reml = engine == "reml" }, cancellation);
        MixedModelFit fit = streamed.Fit;
        CoefficientTests? tests = DegreesOfFreedomChoice.Tests(fit, settings.DegreesOfFreedom, cancellation);
        var context = new FitContext(frame.Formula.ToString(), settings.Engine ?? engine, fit.Rows, streamed.Rows, streamed.OmittedRows);
        FitReport report = MixedFitReport.Of(fit, context, settings.Level, tests);
        ModelWarning[] warnings = [.. ModelRun.Omissions(streamed.Rows, streamed.OmittedRows), Note(streamed), .. report.Warnings];
        return new ModelRun(frame, PredictionModel.Of(fit), report with { Warnings = warnings }, null, fit, tests);
    }

    private static ModelWarning Note(StreamedFit streamed) => new("streamed",
        FormattableString.Invariant($"The {streamed.Rows} rows were read block by block and summed up; the estimates are the same, but the fit has no residuals and rows with equal covariates were not counted."));
}
