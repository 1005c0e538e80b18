using System.Globalization;

namespace Terrace.Bayes;

/// <summary>
/// The shrinkage priors that a user can write, with the names and defaults of their arguments: <c>horseshoe</c> and <c>R2D2</c> as in brms 2.18, <c>hs</c> and <c>hs_plus</c> as in rstanarm 2.21. Arguments come in their order or by
/// name, as in R. Checked in <c>UserPriorsTests</c>.
/// </summary>
internal static class ShrinkageArguments
{
    private const string Autoscale = "autoscale", Ratio = "par_ratio", Mean = "mean_R2";

    private static readonly Dictionary<string, (string Name, double Default)[]> Signatures = new(StringComparer.Ordinal)
    {
        ["horseshoe"] = [("df", 1), ("scale_global", 1), ("df_global", 1), ("scale_slab", 2), ("df_slab", 4), (Ratio, double.NaN), (Autoscale, 1)],
        ["R2D2"] = [(Mean, 0.5), ("prec_R2", 2), ("cons_D2", 1), (Autoscale, 1)],
        ["hs"] = [("df", 1), ("global_df", 1), ("global_scale", 0.01), ("slab_df", 4), ("slab_scale", 2.5)],
        ["hs_plus"] = [("df1", 1), ("df2", 1), ("global_df", 1), ("global_scale", 0.01), ("slab_df", 4), ("slab_scale", 2.5)],
    };

    /// <summary>How each is written.</summary>
    public static IEnumerable<string> Usages => Signatures.Keys.Select(Usage);

    /// <summary>Whether there is a shrinkage prior of that name.</summary>
    public static bool Has(string name) => Signatures.ContainsKey(name);

    /// <summary>The values of all arguments in the order of the signature; NaN where there is none, 1 and 0 for true and false.</summary>
    /// <param name="name">The prior.</param>
    /// <param name="list">What stands between its parentheses.</param>
    /// <param name="fault">Makes the exception of a fault at a place within <paramref name="list"/>.</param>
    public static double[] Parse(string name, string list, Func<int, string, ModelException> fault)
    {
        (string Name, double Default)[] signature = Signatures[name];
        double[] values = [.. signature.Select(argument => argument.Default)];
        if (list.Trim().Length == 0) return values;
        var given = new bool[values.Length];
        int place = 0, position = 0;
        foreach (string part in list.Split(','))
        {
            int own = place + part.Length - part.TrimStart().Length;
            string[] sides = part.Split('=', 2);
            int k = sides.Length == 2 ? Array.FindIndex(signature, argument => argument.Name == sides[0].Trim()) : position++;
            if (k < 0 || k >= values.Length) throw fault(own, $"has '{part.Trim()}' where {Usage(name)} has no such argument");
            if (given[k]) throw fault(own, $"gives {signature[k].Name} twice");
            given[k] = true;
            values[k] = Value(signature[k].Name, sides[^1].Trim()) ?? throw fault(own, $"has '{part.Trim()}' where {Usage(name)} needs {Needed(signature[k].Name)}");
            place += part.Length + 1;
        }
        return values;
    }

    /// <summary>The prior for a model of <paramref name="rows"/> observations.</summary>
    public static ShrinkagePrior Create(string name, IReadOnlyList<double> a, int rows) => name switch
    {
        "R2D2" => new R2D2Prior(a[0], a[1], a[2]) { Autoscale = a[3] != 0 },
        "hs" => new HorseshoePrior(a[0], a[2], a[1], a[4], a[3]),
        "hs_plus" => new HorseshoePrior(a[0], a[3], a[2], a[5], a[4]) { SecondDf = a[1] },
        _ => new HorseshoePrior(a[0], double.IsNaN(a[5]) ? a[1] : HorseshoePrior.ScaleOfRatio(a[5], rows), a[2], a[3], a[4]) { Autoscale = a[6] != 0 },
    };

    /// <summary>The prior with all its arguments, as it was specified.</summary>
    public static string Show(string name, IReadOnlyList<double> arguments)
    {
        (string Name, double Default)[] signature = Signatures[name];
        bool ratio = signature.Select((argument, k) => argument.Name == Ratio && !double.IsNaN(arguments[k])).Any(has => has);
        IEnumerable<string> shown = signature.Select((argument, k) => (argument.Name, Value: arguments[k]))
            .Where(argument => argument.Name switch { Ratio => ratio, "scale_global" => !ratio, Autoscale => argument.Value == 0, _ => true })
            .Select(argument => argument.Name == Autoscale ? "autoscale = false" : string.Create(CultureInfo.InvariantCulture, $"{argument.Name} = {argument.Value}"));
        return $"{name}({string.Join(", ", shown)})";
    }

    private static string Usage(string name) => $"{name}({string.Join(", ", Signatures[name].Select(argument => argument.Name))})";

    private static string Needed(string argument) => argument switch
    {
        Autoscale => "true or false",
        Mean => "a number between 0 and 1",
        _ => "a positive number",
    };

    private static double? Value(string argument, string text)
    {
        if (argument == Autoscale) return text.ToUpperInvariant() switch { "TRUE" or "T" or "1" => 1, "FALSE" or "F" or "0" => 0, _ => null };
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && value > 0;
        return isNumber && (argument != Mean || value < 1) ? value : null;
    }
}
