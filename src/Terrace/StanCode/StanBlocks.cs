using System.Globalization;
using System.Text;

namespace Terrace.StanCode;

/// <summary>The blocks of a Stan program as lists of lines, in the order of the language, and the data that go with it.</summary>
internal sealed class StanBlocks(StanSyntax syntax)
{
    /// <summary>Functions.</summary>
    public List<string> Functions { get; } = [];

    /// <summary>Adds a function unless it is there.</summary>
    public void Use(IReadOnlyList<string> function)
    {
        if (!Functions.Contains(function[0])) Functions.AddRange(function);
    }

    /// <summary>What is computed once from the data.</summary>
    public List<string> TransformedData { get; } = [];

    /// <summary>The parameters.</summary>
    public List<string> Parameters { get; } = [];

    /// <summary>What is computed from the parameters.</summary>
    public List<string> TransformedParameters { get; } = [];

    /// <summary>Priors.</summary>
    public List<string> Priors { get; } = [];

    /// <summary>The likelihood.</summary>
    public List<string> Likelihood { get; } = [];

    /// <summary>Quantities on the user's scale.</summary>
    public List<string> GeneratedQuantities { get; } = [];

    /// <summary>The data by name.</summary>
    public StanDataFile Data { get; } = new();

    private readonly List<string> _data = [];

    /// <summary>Declares a number.</summary>
    public void Number(string bounds, string name, int value, string comment = "")
    {
        _data.Add($"int{bounds} {name};{Comment(comment)}");
        Data.Add(name, value);
    }

    /// <summary>Declares a vector.</summary>
    public void Vector(string bounds, string size, string name, double[] values, string comment = "")
    {
        _data.Add($"vector{bounds}[{size}] {name};{Comment(comment)}");
        Data.Add(name, values);
    }

    /// <summary>Declares an array of whole numbers.</summary>
    public void Integers(string bounds, string size, string name, int[] values, string comment = "")
    {
        _data.Add(syntax == StanSyntax.Modern ? $"array[{size}] int{bounds} {name};{Comment(comment)}" : $"int{bounds} {name}[{size}];{Comment(comment)}");
        Data.Add(name, values);
    }

    /// <summary>Declares a matrix, given row by row.</summary>
    public void Matrix(string rows, string columns, string name, double[][] values, string comment = "")
    {
        _data.Add($"matrix[{rows}, {columns}] {name};{Comment(comment)}");
        Data.Add(name, values);
    }

    /// <summary>The program.</summary>
    public string Program(IEnumerable<string> head)
    {
        var text = new StringBuilder();
        foreach (string line in head) text.Append("// ").Append(line).Append('\n');
        Block(text, "functions", Functions);
        Block(text, "data", _data);
        Block(text, "transformed data", TransformedData);
        Block(text, "parameters", Parameters);
        Block(text, "transformed parameters", TransformedParameters);
        Block(text, "model", Likelihood.Count == 0 ? ["// priors alone: the data are left out", .. Priors] : ["// priors", .. Priors, "// likelihood", .. Likelihood]);
        Block(text, "generated quantities", GeneratedQuantities);
        return text.ToString();
    }

    /// <summary>A number in the language: shortest text that reads back, always with a point or an exponent.</summary>
    public static string Text(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "e", StringComparison.Ordinal).Replace('E', 'e');
        return text;
    }

    private static string Comment(string comment) => comment.Length == 0 ? "" : $"  // {comment}";

    private static void Block(StringBuilder text, string name, List<string> lines)
    {
        if (lines.Count == 0 && name != "model") return;
        text.Append(name).Append(" {\n");
        int depth = 1;
        foreach (string line in lines)
        {
            if (line.StartsWith('}')) depth--;
            text.Append(' ', 2 * depth).Append(line).Append('\n');
            if (line.EndsWith('{')) depth++;
        }
        text.Append("}\n");
    }
}
