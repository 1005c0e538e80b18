using System.Text.Json;
using Terrace.MixedModels;

namespace Terrace.SavedFits;

/// <summary>The sparse tail of a mixed model's cross-products in JSON: which levels occur together, and the blocks; absent where the tail is dense. The order of elimination is found anew.</summary>
internal static class SparseTailJson
{
    public static void Write(Utf8JsonWriter json, BlockedCrossProduct product)
    {
        if (product.SparseTail is not { } tail) return;
        json.WriteBoolean("tailIsFactored", product.Pattern.Sparse!.IsOrdered);
        NumberArrays.Write(json, "tailStarts", tail.Pattern.Starts);
        NumberArrays.Write(json, "tailPartners", tail.Pattern.Partners);
        NumberArrays.Write(json, "tailDiagonal", tail.Diagonal);
        NumberArrays.Write(json, "tailOffDiagonal", tail.OffDiagonal);
        NumberArrays.Write(json, "tailFixed", tail.Fixed);
        NumberArrays.Write(json, "tailCorner", tail.Corner);
    }

    /// <summary>The sparse tail, or null where there is none.</summary>
    /// <exception cref="FormatException">The parts do not fit together.</exception>
    public static SparseTail? Read(JsonElement element, RandomEffectsLayout layout, int[] couplingStarts, int[] couplingColumns)
    {
        if (!element.TryGetProperty("tailStarts", out _)) return null;
        int nodes = TailPattern.NodeCount(layout);
        int[] starts = NumberArrays.ReadIntegers(element, "tailStarts", nodes + 1), partners = NumberArrays.ReadIntegers(element, "tailPartners", starts[^1]);
        if (starts[0] != 0 || starts.Zip(starts.Skip(1)).Any(pair => pair.First > pair.Second)) throw new FormatException("'tailStarts' does not rise.");
        if (partners.Any(partner => partner < 0 || partner >= nodes)) throw new FormatException("a pair of the tail is out of range.");
        var pattern = new TailPattern(layout, starts, partners);
        if (!element.GetProperty("tailIsFactored").GetBoolean()) return SparseTail.Unordered(pattern);
        return SparseTail.Ordered(pattern, couplingStarts, couplingColumns, double.PositiveInfinity) ?? throw new FormatException("the tail is too large.");
    }

    public static void ReadValues(JsonElement element, BlockedCrossProduct product)
    {
        if (product.SparseTail is not { } tail) return;
        Fill(element, "tailDiagonal", tail.Diagonal);
        Fill(element, "tailOffDiagonal", tail.OffDiagonal);
        Fill(element, "tailFixed", tail.Fixed);
        Fill(element, "tailCorner", tail.Corner);
    }

    private static void Fill(JsonElement element, string name, double[] target) => NumberArrays.ReadDoubles(element, name, target.Length).CopyTo(target, 0);
}
