using System.Text;
using Terrace.Cli.Documents;
using Terrace.Cli.Options;
using Terrace.Cli.Output;
using Terrace.Cli.Printing;
using Terrace.Inference.Tables;
using Terrace.Poststratification;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary>The files of one run of <c>terrace mrp</c>.</summary>
internal sealed record MrpOutput
{
    /// <summary>The proposed recoding.</summary>
    public Stream? SuggestedMap { get; private init; }

    private Stream? Fit { get; init; }

    private Stream? Estimates { get; init; }

    private Stream? Model { get; init; }

    private Stream? Draws { get; init; }

    /// <summary>Opens all files that the command line asks for.</summary>
    /// <exception cref="OutputException">One of them cannot be written.</exception>
    public static MrpOutput Reserve(OutputFiles files, MrpSettings settings, ModelSettings model)
    {
        if (settings.SuggestMapFile is { } map) return new MrpOutput { SuggestedMap = files.Reserve(map) };
        var output = new MrpOutput { Fit = model.SaveFile is null ? null : files.Reserve(model.SaveFile) };
        if (settings.OutDirectory is not { } directory) return output;
        files.ReserveDirectory(directory);
        return output with
        {
            Estimates = files.Reserve(Path.Combine(directory, "estimates.csv")),
            Model = files.Reserve(Path.Combine(directory, "model.json")),
            Draws = files.Reserve(Path.Combine(directory, "draws.csv.gz")),
        };
    }

    /// <summary>Writes what was asked for.</summary>
    public void Write(MrpResult result, MrpModel model, Func<SavedFit> fit)
    {
        if (Fit is not null) SavedFitFile.Write(fit(), Fit);
        if (Estimates is not null) WriteEstimates(result, Estimates);
        Model?.Write(Encoding.UTF8.GetBytes(JsonDocumentText.Of(json => model.Write(json)) + "\n"));
        if (Draws is not null) DrawsFile.Write(result, Draws);
    }

    private static void WriteEstimates(MrpResult result, Stream stream)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        CsvTable.Write(EstimatesTable.Of(result), writer);
    }
}
