using System.Globalization;
using System.Text.Json;
using Terrace.Data;

namespace Terrace.Tests.LinearModels;

/// <summary>
/// Model-matrix columns worked out from the names that R gave them in the reference results, without the formula code: a second way to the same matrix.
/// </summary>
internal sealed class NamedColumns
{
    private static readonly string[] Tension = ["L", "M", "H"];
    private readonly Dictionary<string, string[]> _text = [];
    private readonly JsonElement _reference;

    private NamedColumns(JsonElement reference, int rows)
    {
        _reference = reference;
        Rows = rows;
    }

    public int Rows { get; }

    public static NamedColumns Of(Frame frame, JsonElement reference)
    {
        var columns = new NamedColumns(reference, frame.RowCount);
        foreach (Column column in frame.Columns)
            columns._text[column.Name] = [.. Enumerable.Range(0, frame.RowCount).Select(i => column.TextAt(i) ?? "NA")];
        return columns;
    }

    /// <summary>The rows of the reference's <c>newdata</c>.</summary>
    public static NamedColumns OfNewData(JsonElement reference)
    {
        JsonElement[] rows = [.. reference.GetProperty("newdata").EnumerateArray()];
        var columns = new NamedColumns(reference, rows.Length);
        foreach (JsonProperty property in rows[0].EnumerateObject())
            columns._text[property.Name] = [.. rows.Select(r => r.GetProperty(property.Name).ToString())];
        return columns;
    }

    public string[] Text(string name) => _text[name];

    public double[] Numbers(string name) => [.. _text[name].Select(t => double.Parse(t, CultureInfo.InvariantCulture))];

    /// <summary>The column that R calls <paramref name="name"/>.</summary>
    public double[] Column(string name)
    {
        if (name.Contains(':', StringComparison.Ordinal))
            return [.. name.Split(':').Select(Column).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x * y)])];
        if (name == "(Intercept)") return [.. Enumerable.Repeat(1.0, Rows)];
        if (name == "wt2") return [.. Numbers("wt").Select(v => 2 * v)];
        if (_text.ContainsKey(name)) return Numbers(name);
        if (name.StartsWith("log(", StringComparison.Ordinal)) return [.. Numbers(name[4..^1]).Select(v => Math.Log(v))];
        if (name.StartsWith("I(", StringComparison.Ordinal)) return [.. Numbers(name[2..name.IndexOf('^')]).Select(v => v * v)];
        if (name.StartsWith("factor(cyl)", StringComparison.Ordinal)) return [.. Text("cyl").Select(t => t == name[11..] ? 1.0 : 0)];
        if (name.StartsWith("poly(wt, 3)", StringComparison.Ordinal)) return Polynomial(name[^1] - '0');
        return Contrast(name);
    }

    private double[] Contrast(string name) => name switch
    {
        "wool1" => [.. Text("wool").Select(t => t == "A" ? 1.0 : -1)],
        "tension1" => ByTension([-1, 1, 0]),
        "tension2" => ByTension([-1, -1, 2]),
        "factor(tension, ordered = TRUE).L" => ByTension([-Math.Sqrt(0.5), 0, Math.Sqrt(0.5)]),
        "factor(tension, ordered = TRUE).Q" => ByTension([Math.Sqrt(1 / 6.0), -Math.Sqrt(4 / 6.0), Math.Sqrt(1 / 6.0)]),
        _ => Treatment(name),
    };

    private double[] ByTension(double[] values) => [.. Text("tension").Select(t => values[Array.IndexOf(Tension, t)])];

    private double[] Treatment(string name)
    {
        string variable = _text.Keys.Where(k => name.StartsWith(k, StringComparison.Ordinal)).MaxBy(k => k.Length)!;
        return [.. Text(variable).Select(t => t == name[variable.Length..] ? 1.0 : 0)];
    }

    // The three-term recurrence of orthogonal polynomials with R's constants.
    private double[] Polynomial(int degree)
    {
        JsonElement constants = _reference.GetProperty("poly_coefs");
        double[] alpha = Numbers(constants.GetProperty("alpha")), norm2 = Numbers(constants.GetProperty("norm2"));
        double[] x = Numbers("wt"), before = new double[Rows], now = [.. Enumerable.Repeat(1.0, Rows)];
        for (int k = 0; k < degree; k++)
        {
            double ratio = k == 0 ? 0 : norm2[k + 1] / norm2[k];
            double[] next = [.. Enumerable.Range(0, Rows).Select(i => (x[i] - alpha[k]) * now[i] - ratio * before[i])];
            (before, now) = (now, next);
        }
        return [.. now.Select(v => v / Math.Sqrt(norm2[degree + 1]))];
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetDouble())];
}
