using System.Text.Json;

namespace Terrace.SavedFits;

/// <summary>What tells whether one nonlinear model lies inside another: the mean function, and the variances and correlations of its parameters by group.</summary>
/// <param name="Mean">The mean function as text.</param>
/// <param name="Variances">The variances: <c>Asym of Tree</c>.</param>
/// <param name="Correlations">The correlations: <c>Asym and xmid of Tree</c>.</param>
internal sealed record NonlinearStructure(string Mean, IReadOnlyList<string> Variances, IReadOnlyList<string> Correlations)
{
    /// <summary>The structure of a reported fit; null for a linear one.</summary>
    public static NonlinearStructure? Of(FitReport report) => report.MeanFunction is not { } mean ? null : new(mean,
        [.. report.RandomEffects.Select(effect => Variance(effect.Term, effect.Group))], [.. report.Correlations.Select(pair => Correlation(pair.Term1, pair.Term2, pair.Group))]);

    /// <summary>The structure of a fit whose report is JSON; null for a linear one.</summary>
    public static NonlinearStructure? Read(JsonElement report) => !report.TryGetProperty("meanFunction", out JsonElement mean) ? null : new(mean.GetString()!,
        [.. report.GetProperty("random").EnumerateArray().Select(effect => Variance(Text(effect, "term"), Text(effect, "group")))],
        [.. report.GetProperty("correlations").EnumerateArray().Select(pair => Correlation(Text(pair, "term1"), Text(pair, "term2"), Text(pair, "group")))]);

    /// <summary>Whether this model lies inside <paramref name="larger"/>: the same mean, and none but its variances and correlations.</summary>
    public bool IsWithin(NonlinearStructure larger) => Mean == larger.Mean && Variances.All(larger.Variances.Contains) && Correlations.All(larger.Correlations.Contains);

    private static string Variance(string term, string group) => $"{term} of {group}";

    private static string Correlation(string first, string second, string group) => $"{first} and {second} of {group}";

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
