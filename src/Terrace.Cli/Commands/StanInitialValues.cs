using Terrace.Cli.Options;
using Terrace.Stan;
using Terrace.Stan.Data;
using Terrace.Stan.Diagnostics;

namespace Terrace.Cli.Commands;

/// <summary>Initial values of <c>terrace stan</c> from files: one for all chains, a list with one for each, or numbered files as CmdStan looks for them.</summary>
internal static class StanInitialValues
{
    /// <summary>The files for a number of chains: as many, or one for all; none when initial values are drawn.</summary>
    /// <exception cref="UsageException">Their number does not fit.</exception>
    /// <exception cref="StanInputException">A file is missing.</exception>
    public static IReadOnlyList<string> Files(IReadOnlyList<string> named, int chains)
    {
        if (named.Count == 1 && chains > 1)
        {
            string[] numbered = [.. Enumerable.Range(1, chains).Select(chain => Numbered(named[0], chain))];
            if (File.Exists(numbered[0])) named = numbered;
        }
        if (named.Count > 1 && named.Count != chains) throw new UsageException($"--init names {named.Count} files for {chains} chain{(chains == 1 ? "" : "s")}; give one for each, or one for all.");
        foreach (string file in named)
        {
            if (File.Exists(file)) continue;
            bool isNumbered = named.Count > 1 && named[0] != file && File.Exists(named[0]);
            throw new StanInputException($"there is no file '{file}' of initial values{(isNumbered ? $", though there is '{named[0]}': each of {chains} chains needs its own" : "")}.");
        }
        return named;
    }

    /// <summary><c>init.json</c> of chain 2 is <c>init_2.json</c>.</summary>
    private static string Numbered(string file, int chain) => Path.Combine(Path.GetDirectoryName(file) ?? "", $"{Path.GetFileNameWithoutExtension(file)}_{chain}{Path.GetExtension(file)}");

    /// <summary>The position of each chain; null when they are drawn.</summary>
    /// <exception cref="StanDataException">Values do not fit the parameters.</exception>
    public static double[][]? Positions(StanRunSettings settings, BoundStanModel bound, int chains, Invocation invocation)
    {
        IReadOnlyList<string> files = Files(settings.InitFiles, chains);
        if (files.Count == 0) return null;
        StanData[] values = [.. files.Select(file => file.EndsWith(".R", StringComparison.OrdinalIgnoreCase) ? StanData.ReadRDump(file) : StanData.ReadJson(file))];
        for (int k = 0; k < files.Count; k++) Remark(files[k], values[k], bound, invocation);
        return [.. Enumerable.Range(0, chains).Select(chain => bound.InitialPosition(values[files.Count == 1 ? 0 : chain], files[files.Count == 1 ? 0 : chain], invocation.Options.Seed, chain, settings.Sampling.InitialRange))];
    }

    /// <summary>Tells of names that are no parameters, which are not looked at: files with all variables of a draw are common.</summary>
    private static void Remark(string file, StanData values, BoundStanModel bound, Invocation invocation)
    {
        string[] parameters = bound.ParameterNames, all = [.. bound.Layout.Variables.Select(variable => variable.Name)];
        foreach (string name in values.Values.Keys)
        {
            if (all.Contains(name)) continue;
            string? near = Nearest.Name(name, parameters);
            invocation.Remark($"'{file}': `{name}` is no parameter and is not used{(near is null ? "" : $"; did you mean `{near}`?")}");
        }
    }
}
