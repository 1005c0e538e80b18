using System.CommandLine;
using Terrace.HypothesisTests;
using Terrace.MarginalMeans;
using static Terrace.Cli.Options.OptionValues;

namespace Terrace.Cli.Options;

/// <summary>The options of <c>fit</c> that ask for tests of terms, marginal means and their comparisons.</summary>
internal sealed class TestOptions
{
    /// <summary>The tests of terms by name; <c>drop1</c> and <c>ranova</c> beside them.</summary>
    public static readonly IReadOnlyDictionary<string, TermTestKind> TermKinds = new Dictionary<string, TermTestKind>
    {
        ["type1"] = TermTestKind.Sequential,
        ["type2"] = TermTestKind.Marginal,
        ["type3"] = TermTestKind.Averaged,
        ["type3-as-coded"] = TermTestKind.AsCoded,
    };

    /// <summary>The adjustments by name.</summary>
    public static readonly IReadOnlyDictionary<string, MultiplicityAdjustment> Adjustments = new Dictionary<string, MultiplicityAdjustment>
    {
        ["none"] = MultiplicityAdjustment.None,
        ["tukey"] = MultiplicityAdjustment.Tukey,
        ["bonferroni"] = MultiplicityAdjustment.Bonferroni,
        ["holm"] = MultiplicityAdjustment.Holm,
        ["sidak"] = MultiplicityAdjustment.Sidak,
        ["bh"] = MultiplicityAdjustment.FalseDiscoveryRate,
    };

    private static readonly string[] Kinds = [.. TermKinds.Keys, "drop1", "ranova"];

    private readonly Option<string[]> _test = Repeated("--test", "KIND", "tests of all terms: type1 (in sequence), type2, type3, type3-as-coded, drop1 (likelihood ratio, AIC), ranova (random terms)");
    private readonly Option<string[]> _means = Repeated("--means", "A*B|C", "marginal means of factors, within the levels of C");
    private readonly Option<string[]> _contrastsOf = Repeated("--contrasts-of", "KIND", "compare the means: pairwise, treatment[:LEVEL], consecutive, polynomial, or weights NAME=1,-0.5,-0.5");
    private readonly Option<string> _adjust = Text("--adjust", "METHOD", "none, tukey, bonferroni, holm, sidak or bh (default: tukey for pairwise, holm for treatment and consecutive, else none)");
    private readonly Option<string> _weights = Text("--means-weights", "KIND", "how other factors' levels count in a mean: equal or proportional (default equal)");
    private readonly Option<string[]> _at = Repeated("--at", "NAME=V1,V2,…", "values of a predictor for the means; otherwise all levels, and the mean of a number");

    /// <summary>The options under their heading.</summary>
    public OptionGroup Group() => new("Tests and means", [_test, _means, _contrastsOf, _adjust, _weights, _at]);

    /// <summary>What the command line asks for.</summary>
    public TestSettings Read(ParseResult parsed)
    {
        string[] tests = [.. parsed.Read(_test)];
        foreach (string kind in tests)
            if (!Kinds.Contains(kind)) throw new UsageException($"--test '{kind}' is not known{Suggestion.For(kind, Kinds)}; it is one of {string.Join(", ", Kinds)}.");
        MeanSpecification[] means = [.. parsed.Read(_means).Select(text => Understood("--means", text, MeanSpecification.Parse))];
        MeanContrast[] contrasts = [.. parsed.Read(_contrastsOf).Select(text => Understood("--contrasts-of", text, MeanContrast.Parse))];
        string? adjust = parsed.ReadChoice(_adjust, [.. Adjustments.Keys]), weights = parsed.ReadChoice(_weights, ["equal", "proportional"]);
        Dictionary<string, IReadOnlyList<string>> at = ReadValues(parsed.Read(_at));
        if (means.Length == 0 && (contrasts.Length > 0 || weights is not null || at.Count > 0))
            throw new UsageException("--contrasts-of, --means-weights and --at say how means are taken; say of what by --means FACTOR.");
        if (contrasts.Length == 0 && adjust is not null) throw new UsageException("--adjust is for comparisons of means; ask for them by --contrasts-of pairwise, for example.");
        return new TestSettings(tests.Distinct().ToArray(), means, contrasts, adjust is null ? null : Adjustments[adjust], weights == "proportional" ? MarginWeights.Proportional : MarginWeights.Equal, new ReferenceGridOptions { At = at });
    }

    private static T Understood<T>(string option, string text, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (ModelException fault)
        {
            throw new UsageException($"{option}: {fault.Message}");
        }
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadValues(IReadOnlyList<string> given)
    {
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (string text in given)
        {
            (string name, string? list) = ListText.Assignment(text);
            if (string.IsNullOrWhiteSpace(list)) throw new UsageException($"--at '{text}' gives no values; write NAME=V1,V2.");
            IReadOnlyList<string> split = [.. ListText.Split(list)];
            if (split.Distinct().Count() < split.Count) throw new UsageException($"--at '{text}' gives a value twice.");
            if (!values.TryAdd(name, split)) throw new UsageException($"--at is given twice for '{name}'.");
        }
        return values;
    }
}

/// <summary>The tests and means that the command line asks for.</summary>
internal sealed record TestSettings(
    IReadOnlyList<string> Tests, IReadOnlyList<MeanSpecification> Means, IReadOnlyList<MeanContrast> Contrasts, MultiplicityAdjustment? Adjustment, MarginWeights Weights, ReferenceGridOptions Grid)
{
    /// <summary>Whether anything is asked for.</summary>
    public bool Any => Tests.Count > 0 || Means.Count > 0;
}
