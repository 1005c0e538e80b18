using System.Text;
using Terrace.Bayes;
using Terrace.Cli.Output;
using Terrace.Inference.DrawFiles;

namespace Terrace.Cli.Documents;

/// <summary>The folder of <c>--draws-out</c>: <c>model-1.csv</c> … , one file of CmdStan CSV for each chain.</summary>
internal static class DrawsDirectory
{
    /// <summary>Opens the files before the work; none where no folder is named.</summary>
    /// <exception cref="OutputException">The folder or a file cannot be written.</exception>
    public static Stream[] Reserve(OutputFiles files, string? directory, int chains)
    {
        if (directory is null) return [];
        files.ReserveDirectory(directory);
        return [.. Enumerable.Range(1, chains).Select(chain => files.Reserve(Path.Combine(directory, $"model-{chain}.csv")))];
    }

    /// <summary>Writes the draws.</summary>
    public static void Write(Stream[] files, BayesianFit fit)
    {
        for (int chain = 0; chain < files.Length; chain++)
        {
            using var writer = new StreamWriter(files[chain], new UTF8Encoding(false), leaveOpen: true);
            CmdStanWriter.Write(writer, fit.Model.Name, fit.Sampling, fit.Options, chain);
        }
    }
}
