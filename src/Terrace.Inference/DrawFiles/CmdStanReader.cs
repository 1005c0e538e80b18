using System.Globalization;
using System.IO.Compression;
using System.Text;
using Terrace.Inference.Posterior;

namespace Terrace.Inference.DrawFiles;

/// <summary>Reads draws from CmdStan's CSV files, one a chain, by whatever version or program: comments anywhere, warm-up draws saved or not, thinned, gzipped (<c>.gz</c>), or plain CSV of draws without comments.</summary>
/// <remarks>CmdStan User's Guide, "Stan CSV File Format". Warm-up draws, where the comments say that they were saved, and the mean of a variational approximation are left out. Checked in <c>CmdStanCsvTests</c>.</remarks>
public static class CmdStanReader
{
    /// <summary>The chains of some files.</summary>
    /// <exception cref="DrawFileException">A file cannot be read, has no draws, breaks off, has something that is no number, or differs from the first in its columns or its number of draws.</exception>
    public static SavedDraws Read(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0) throw new DrawFileException("No file of draws was named.");
        ChainFile[] chains = [.. paths.Select(ChainFile.Read)];
        ChainFile first = chains[0];
        for (int c = 1; c < chains.Length; c++)
        {
            if (!chains[c].Columns.SequenceEqual(first.Columns))
            {
                string odd = chains[c].Columns.Except(first.Columns).Concat(first.Columns.Except(chains[c].Columns)).FirstOrDefault() ?? "their order";
                throw new DrawFileException($"'{paths[c]}' has other columns than '{paths[0]}' (the first difference: {odd}); chains of one model have the same ones.");
            }
            if (chains[c].Rows.Count != first.Rows.Count) throw new DrawFileException($"'{paths[c]}' has {chains[c].Rows.Count} draws and '{paths[0]}' {first.Rows.Count}; wait until all chains have ended, or leave the shorter one out.");
        }
        return Assemble(chains);
    }

    private static SavedDraws Assemble(ChainFile[] chains)
    {
        ChainFile first = chains[0];
        int iterations = first.Rows.Count;
        int[] variables = [.. Enumerable.Range(0, first.Columns.Count).Where(j => !first.Columns[j].EndsWith("__", StringComparison.Ordinal) || first.Columns[j] == "lp__" && !first.IsVariational)];
        var values = new double[checked(variables.Length * chains.Length * iterations)];
        for (int v = 0; v < variables.Length; v++)
            for (int c = 0; c < chains.Length; c++)
                for (int i = 0; i < iterations; i++) values[(v * chains.Length + c) * iterations + i] = chains[c].Rows[i][variables[v]];
        VariableLayout layout;
        try
        {
            layout = ColumnNames.Layout([.. variables.Select(j => first.Columns[j])]);
        }
        catch (ArgumentException fault)
        {
            throw new DrawFileException($"'{first.Path}' cannot be read: {fault.Message}", fault);
        }
        return new SavedDraws(new Draws(layout, chains.Length, iterations, values), Statistics(chains, iterations)) { Model = first.Setting("model"), MaxTreeDepth = first.Number("max_depth") };
    }

    private static SamplerStatistics? Statistics(ChainFile[] chains, int iterations)
    {
        double[]? Column(string name)
        {
            int column = chains[0].Columns.ToList().IndexOf(name);
            return column < 0 ? null : [.. chains.SelectMany(chain => chain.Rows.Select(row => row[column]))];
        }
        if (Column("energy__") is not { } energy || Column("divergent__") is not { } divergent) return null;
        double[] missing = new double[energy.Length];
        Array.Fill(missing, double.NaN);
        int[] Whole(string name) => [.. (Column(name) ?? new double[energy.Length]).Select(value => (int)value)];
        return new SamplerStatistics(chains.Length, iterations, Column("lp__") ?? missing, Column("accept_stat__") ?? missing, Column("stepsize__") ?? missing, Whole("treedepth__"), Whole("n_leapfrog__"),
            [.. divergent.Select(value => value != 0)], energy);
    }

    /// <summary>One file.</summary>
    private sealed record ChainFile(string Path, IReadOnlyList<string> Columns, List<double[]> Rows, Dictionary<string, string> Settings)
    {
        public string? Setting(string name) => Settings.GetValueOrDefault(name);

        /// <summary>Whether the draws are those of a variational approximation, where lp__ is 0 throughout.</summary>
        public bool IsVariational => Setting("method")?.StartsWith("variational", StringComparison.Ordinal) == true;

        public int? Number(string name) => Setting(name) is { } text && int.TryParse(text.Split(' ')[0], NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : null;

        public static ChainFile Read(string path)
        {
            try
            {
                using FileStream file = File.OpenRead(path);
                using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
                using var reader = new StreamReader(stream, Encoding.UTF8);
                return Read(path, reader);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw new DrawFileException(File.Exists(path) ? $"'{path}' cannot be read: {fault.Message}" : $"There is no file '{path}'.", fault);
            }
        }

        private static ChainFile Read(string path, StreamReader reader)
        {
            var settings = new Dictionary<string, string>();
            var rows = new List<double[]>();
            string[]? columns = null;
            int number = 0;
            while (reader.ReadLine() is { } line)
            {
                number++;
                if (line.StartsWith('#')) Remember(line, settings);
                else if (line.Trim().Length == 0) continue;
                else if (columns is null) columns = [.. Fields(line).Select(ColumnNames.FromFile)];
                else rows.Add(Row(path, number, line, columns));
            }
            if (columns is null) throw new DrawFileException($"'{path}' has no draws: it is empty or holds comments only.");
            if (columns.Any(column => double.TryParse(column, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
                throw new DrawFileException($"'{path}' is no file of draws: its first row has numbers instead of the variables' names.");
            var chain = new ChainFile(path, columns, rows, settings);
            // Warm-up draws come first.
            if (chain.Setting("save_warmup") is { } saved && (saved.StartsWith('1') || saved.StartsWith("true", StringComparison.Ordinal)) && chain.Number("num_warmup") is { } warmup && chain.Number("thin") is > 0 and var thin)
                rows.RemoveRange(0, Math.Min(rows.Count, (warmup + thin - 1) / thin));
            // The first row of a variational approximation is its mean, not a draw.
            if (chain.IsVariational && rows.Count > 1) rows.RemoveAt(0);
            return rows.Count > 0 ? chain : throw new DrawFileException($"'{path}' has no draws after warm-up yet.");
        }

        private static void Remember(string line, Dictionary<string, string> settings)
        {
            int equals = line.IndexOf('=');
            if (equals > 0) settings.TryAdd(line[1..equals].Trim(), line[(equals + 1)..].Trim());
        }

        private static double[] Row(string path, int number, string line, string[] columns)
        {
            string[] fields = line.Split(',');
            if (fields.Length != columns.Length)
                throw new DrawFileException($"'{path}', row {number}: it has {fields.Length} values for {columns.Length} columns; the file breaks off there, or was changed. Remove the row, or run the chain again.");
            var values = new double[fields.Length];
            for (int j = 0; j < values.Length; j++)
            {
                if (!TryNumber(fields[j], out values[j])) throw new DrawFileException($"'{path}', row {number}, column {columns[j]}: '{fields[j].Trim()}' is no number.");
            }
            return values;
        }

        private static bool TryNumber(string text, out double value)
        {
            string trimmed = text.Trim();
            (bool special, value) = trimmed.ToLowerInvariant() switch
            {
                "nan" or "-nan" or "na" => (true, double.NaN),
                "inf" or "+inf" or "infinity" => (true, double.PositiveInfinity),
                "-inf" or "-infinity" => (true, double.NegativeInfinity),
                _ => (false, 0),
            };
            return special || double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }

        /// <summary>The fields of the header, in which names may be quoted.</summary>
        private static List<string> Fields(string line)
        {
            var fields = new List<string>();
            var field = new StringBuilder();
            bool quoted = false;
            for (int i = 0; i < line.Length; i++)
            {
                if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
                else if (line[i] == '"') quoted = !quoted;
                else if (line[i] == ',' && !quoted)
                {
                    fields.Add(field.ToString().Trim());
                    field.Clear();
                }
                else field.Append(line[i]);
            }
            fields.Add(field.ToString().Trim());
            return fields;
        }
    }
}

/// <summary>Draws read from files, <c>lp__</c> among the variables.</summary>
/// <param name="Draws">The draws after warm-up.</param>
/// <param name="Statistics">How the iterations went; null where the files do not say.</param>
public sealed record SavedDraws(Draws Draws, SamplerStatistics? Statistics)
{
    /// <summary>The model's name, or null.</summary>
    public string? Model { get; init; }

    /// <summary>The limit of the tree depth, or null.</summary>
    public int? MaxTreeDepth { get; init; }
}
