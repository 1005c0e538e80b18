using System.Globalization;

namespace Terrace.CompareStan;

/// <summary>The files that the two sides exchange, by program: <c>programs/NAME.stan</c>, <c>data/NAME.R</c>, <c>points/NAME.tsv</c>, <c>rstan/NAME.tsv</c>, <c>terrace/NAME.tsv</c>.</summary>
internal sealed class WorkFolder(string root)
{
    /// <summary>The path of a file, whose folder then exists.</summary>
    public string Path(string kind, string program, string extension)
    {
        string folder = System.IO.Path.Combine(root, kind);
        Directory.CreateDirectory(folder);
        return System.IO.Path.Combine(folder, program + extension);
    }

    /// <summary>The points, one a line; none if there are none.</summary>
    public double[][] Points(string program)
    {
        string path = Path("points", program, ".tsv");
        return File.Exists(path) ? [.. File.ReadLines(path).Select(Numbers)] : [];
    }

    /// <summary>Writes lines of numbers.</summary>
    public static string Line(IEnumerable<double> numbers) => string.Join('\t', numbers.Select(x => x.ToString("R", CultureInfo.InvariantCulture)));

    private static double[] Numbers(string line) => line.Length == 0 ? [] : [.. line.Split('\t').Select(Number)];

    /// <summary>A number as either side writes it.</summary>
    public static double Number(string text) => text switch
    {
        "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NA" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    /// <summary>What one side (<c>rstan</c> or <c>terrace</c>) found, by name; empty if there is nothing.</summary>
    public Dictionary<string, double[]> Results(string side, string program)
    {
        string path = Path(side, program, ".tsv");
        if (!File.Exists(path)) return [];
        return File.ReadLines(path).Select(line => line.Split('\t')).ToDictionary(parts => parts[0], parts => parts.Skip(1).Select(Number).ToArray());
    }

    /// <summary>Why a side has nothing for a program, or null.</summary>
    public string? Refusal(string side, string program)
    {
        string path = Path(side, program, ".refused");
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }
}
