using System.Globalization;
using Terrace.Data;

namespace Terrace.MarginalMeans;

/// <summary>Which comparisons of means are wanted.</summary>
public enum MeanContrastKind
{
    /// <summary>Every two: A − B, A − C, B − C.</summary>
    Pairwise,

    /// <summary>Each against one, the first unless another is named: B − A, C − A.</summary>
    Treatment,

    /// <summary>Each against the one before: B − A, C − B.</summary>
    Consecutive,

    /// <summary>Orthogonal polynomials in the order of the means, with whole numbers as weights: linear, quadratic, … up to degree 6.</summary>
    Polynomial,

    /// <summary>Given weights.</summary>
    Custom,
}

/// <summary>A set of comparisons of means.</summary>
/// <param name="Kind">Which comparisons.</param>
/// <param name="Reference">The mean against which <see cref="MeanContrastKind.Treatment"/> compares, by its label; null for the first.</param>
/// <param name="Weights">The weights of <see cref="MeanContrastKind.Custom"/> by the comparison's name, one for each mean.</param>
public sealed record MeanContrast(MeanContrastKind Kind, string? Reference = null, IReadOnlyList<KeyValuePair<string, IReadOnlyList<double>>>? Weights = null)
{
    private static readonly string[] Words = ["pairwise", "treatment", "consecutive", "polynomial"];

    /// <summary>Reads <c>pairwise</c>, <c>treatment</c>, <c>treatment:LEVEL</c>, <c>consecutive</c>, <c>polynomial</c>, or weights <c>NAME=1,-0.5,-0.5</c>, several of these joined by <c>;</c>.</summary>
    /// <exception cref="ModelException">The text is none of them.</exception>
    public static MeanContrast Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains('=')) return new MeanContrast(MeanContrastKind.Custom, null, [.. text.Split(';').Select(ParseWeights)]);
        if (text.StartsWith("treatment:", StringComparison.Ordinal)) return new MeanContrast(MeanContrastKind.Treatment, text["treatment:".Length..]);
        int place = Array.IndexOf(Words, text);
        return place >= 0 ? new MeanContrast((MeanContrastKind)place)
            : throw new ModelException($"There is no comparison '{text}' of means.{NearestName.Hint(text, Words)} It is one of {string.Join(", ", Words)}, treatment:LEVEL, or weights as NAME=1,-0.5,-0.5.");
    }

    /// <summary>The comparison as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Kind switch
    {
        MeanContrastKind.Custom => string.Join(';', Weights!.Select(pair => $"{pair.Key}={string.Join(',', pair.Value.Select(w => w.ToString("R", CultureInfo.InvariantCulture)))}")),
        MeanContrastKind.Treatment when Reference is not null => $"treatment:{Reference}",
        _ => Words[(int)Kind],
    };

    private static KeyValuePair<string, IReadOnlyList<double>> ParseWeights(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        var weights = new List<double>();
        foreach (string word in equals < 1 ? [] : text[(equals + 1)..].Split(','))
        {
            if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double weight) || !double.IsFinite(weight)) throw new ModelException($"'{word.Trim()}' in the comparison '{text}' is no number; write NAME=1,-0.5,-0.5, a weight for each mean.");
            weights.Add(weight);
        }
        if (weights.Count == 0 || weights.TrueForAll(weight => weight == 0)) throw new ModelException($"The comparison '{text}' has no weights; write NAME=1,-0.5,-0.5, one for each mean.");
        return KeyValuePair.Create(text[..equals].Trim(), (IReadOnlyList<double>)weights);
    }
}
