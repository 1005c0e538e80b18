using System.Globalization;
using System.Text.RegularExpressions;

namespace Terrace.Bayes;

/// <summary>A prior that the user gave, such as <c>normal(0, 1) on b:floor</c>. Immutable.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Distribution">The name of the distribution.</param>
/// <param name="Arguments">Its numbers.</param>
/// <param name="Target">What it is on: <c>b</c>, <c>b:NAME</c>, <c>intercept</c>, <c>sd</c>, <c>sd:GROUP</c>, <c>sd:GROUP:TERM</c>, <c>cor</c>, <c>cor:GROUP</c>, or a parameter of the family.</param>
public sealed partial record UserPrior(string Text, string Distribution, IReadOnlyList<double> Arguments, string Target)
{
    private static readonly Dictionary<string, (int Count, string Usage)> Known = new(StringComparer.Ordinal)
    {
        ["flat"] = (0, "flat()"),
        ["uniform"] = (2, "uniform(lower, upper)"),
        ["normal"] = (2, "normal(mean, sd)"),
        ["student_t"] = (3, "student_t(df, location, scale)"),
        ["cauchy"] = (2, "cauchy(location, scale)"),
        ["logistic"] = (2, "logistic(location, scale)"),
        ["exponential"] = (1, "exponential(rate)"),
        ["gamma"] = (2, "gamma(shape, rate)"),
        ["inv_gamma"] = (2, "inv_gamma(shape, scale)"),
        ["beta"] = (2, "beta(a, b)"),
        ["lkj"] = (1, "lkj(shape)"),
        ["decov"] = (4, "decov(regularization, concentration, shape, scale)"),
    };

    /// <summary>The distributions that there are, with their arguments.</summary>
    public static IReadOnlyList<string> Usages => [.. Known.Values.Select(known => known.Usage), .. ShrinkageArguments.Usages];

    /// <summary>Reads a prior.</summary>
    /// <exception cref="ModelException">The text is no prior; the message has a caret under the fault and says what there is.</exception>
    public static UserPrior Parse(string text)
    {
        Match match = Shape().Match(text);
        if (!match.Success) throw Fault(text, 0, "is no prior: write a distribution, 'on' and what it is for, as in 'normal(0, 1) on b:age'");
        string name = match.Groups["name"].Value;
        Group list = match.Groups["arguments"];
        if (ShrinkageArguments.Has(name))
            return new UserPrior(text, name, ShrinkageArguments.Parse(name, list.Value, (place, problem) => Fault(text, list.Index + place, problem)), match.Groups["target"].Value.Trim());
        if (!Known.TryGetValue(name, out var known)) throw Fault(text, 0, $"names no known distribution; there are {string.Join(", ", Usages)}");
        string[] parts = list.Value.Trim().Length == 0 ? [] : list.Value.Split(',');
        if (parts.Length != known.Count) throw Fault(text, list.Index, $"gives {parts.Length} number{(parts.Length == 1 ? "" : "s")} where {known.Usage} needs {known.Count}");
        var arguments = new double[parts.Length];
        for (int i = 0, at = list.Index; i < parts.Length; at += parts[i].Length + 1, i++)
        {
            int place = at + parts[i].Length - parts[i].TrimStart().Length;
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out arguments[i]) || !double.IsFinite(arguments[i])) throw Fault(text, place, $"has '{parts[i].Trim()}' where {known.Usage} needs a number");
            bool location = name == "student_t" ? i == 1 : name == "uniform" || i == 0 && name is ("normal" or "cauchy" or "logistic");
            if (!location && arguments[i] <= 0) throw Fault(text, place, $"has {parts[i].Trim()} where {known.Usage} needs a positive number");
        }
        if (name == "uniform" && !(arguments[0] < arguments[1])) throw Fault(text, list.Index, "has a lower bound that is not below the upper one");
        return new UserPrior(text, name, arguments, match.Groups["target"].Value.Trim());
    }

    /// <summary>Whether it is a prior of all coefficients together.</summary>
    public bool IsShrinkage => ShrinkageArguments.Has(Distribution);

    /// <summary>The prior of one real parameter.</summary>
    /// <exception cref="ModelException">It is one of covariances, or of all coefficients together.</exception>
    internal Prior Univariate() => Distribution switch
    {
        "flat" => new FlatPrior(),
        "uniform" => new UniformPrior(Arguments[0], Arguments[1]),
        "normal" => new NormalPrior(Arguments[0], Arguments[1]),
        "student_t" => new StudentTPrior(Arguments[0], Arguments[1], Arguments[2]),
        "cauchy" => new CauchyPrior(Arguments[0], Arguments[1]),
        "logistic" => new LogisticPrior(Arguments[0], Arguments[1]),
        "exponential" => new ExponentialPrior(Arguments[0]),
        "gamma" => new GammaPrior(Arguments[0], Arguments[1]),
        "inv_gamma" => new InverseGammaPrior(Arguments[0], Arguments[1]),
        "beta" => new BetaPrior(Arguments[0], Arguments[1]),
        _ when IsShrinkage => throw Misplaced($"{Distribution} shrinks all coefficients together; put it on b"),
        _ => throw Misplaced($"{Distribution} is a prior of {(Distribution == "lkj" ? "correlations; put it on cor or cor:GROUP" : "the standard deviations and correlations of a group; put it on sd or sd:GROUP")}"),
    };

    /// <summary>A fault of the target, with a caret under it.</summary>
    internal ModelException Misplaced(string problem) => Fault(Text, Text.LastIndexOf(Target, StringComparison.Ordinal), $"does not fit: {problem}");

    private static ModelException Fault(string text, int place, string problem) => new($"The prior '{text}' {problem}.\n  {text}\n  {new string(' ', Math.Max(0, place))}^");

    [GeneratedRegex(@"^\s*(?<name>[A-Za-z0-9_]+)\s*(\((?<arguments>[^()]*)\)|(?<arguments>))\s+on\s+(?<target>\S.*)$")]
    private static partial Regex Shape();
}
