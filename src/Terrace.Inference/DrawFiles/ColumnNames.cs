using System.Text.RegularExpressions;
using Terrace.Inference.Posterior;

namespace Terrace.Inference.DrawFiles;

/// <summary>
/// Names of columns in CmdStan's files and within Terrace: <c>theta.1.2</c> there is <c>theta[1,2]</c> here. Labels that are no positions, as of <c>sd[county,(Intercept)]</c>, stay in brackets in the file, quoted where
/// CSV asks for it.
/// </summary>
internal static partial class ColumnNames
{
    /// <summary>The name in a file.</summary>
    public static string ToFile(Variable variable, int element)
    {
        if (variable.Dimensions.Count == 0) return variable.Name;
        string label = variable.Elements[element];
        return Positions().IsMatch(label) ? $"{variable.Name}.{label.Replace(',', '.')}" : variable.ElementName(element);
    }

    /// <summary>The name within Terrace.</summary>
    public static string FromFile(string name)
    {
        Match match = Dotted().Match(name);
        return match.Success ? $"{match.Groups[1].Value}[{match.Groups[2].Value[1..].Replace('.', ',')}]" : name;
    }

    /// <summary>The layout of columns: neighbours of one name with brackets are one variable.</summary>
    public static VariableLayout Layout(IReadOnlyList<string> columns)
    {
        var variables = new List<(string Name, List<string>? Labels)>();
        foreach (string column in columns)
        {
            int bracket = column.EndsWith(']') ? column.IndexOf('[') : -1;
            if (bracket <= 0) variables.Add((column, null));
            else if (variables.Count > 0 && variables[^1].Labels is { } labels && variables[^1].Name == column[..bracket]) labels.Add(column[(bracket + 1)..^1]);
            else variables.Add((column[..bracket], [column[(bracket + 1)..^1]]));
        }
        return new VariableLayout(variables.Select(v => v.Labels is { } labels ? new Variable(v.Name, labels) : new Variable(v.Name)));
    }

    [GeneratedRegex(@"^\d+(,\d+)*$")]
    private static partial Regex Positions();

    [GeneratedRegex(@"^([A-Za-z]\w*?)((?:\.\d+)+)$")]
    private static partial Regex Dotted();
}
