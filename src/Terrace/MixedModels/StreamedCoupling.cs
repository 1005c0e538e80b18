using System.Runtime.InteropServices;

namespace Terrace.MixedModels;

/// <summary>The products of lead levels with columns of the tail, summed up while the pairs that occur are still being found.</summary>
internal sealed class StreamedCoupling
{
    private readonly Dictionary<(int Level, int Column), int> _places = [];
    private readonly List<double> _values = [];

    /// <summary>Adds the products of one lead level with one column of the tail.</summary>
    public void Add(int level, int column, ReadOnlySpan<double> products)
    {
        ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, (level, column), out bool exists);
        if (!exists)
        {
            place = _values.Count;
            _values.AddRange(products);
            return;
        }
        var sums = CollectionsMarshal.AsSpan(_values).Slice(place, products.Length);
        for (int r = 0; r < sums.Length; r++) sums[r] += products[r];
    }

    /// <summary>The pairs that occurred.</summary>
    public CouplingPattern Pattern(RandomEffectsLayout layout)
    {
        var starts = new int[layout.LeadLevels + 1];
        foreach ((int level, _) in _places.Keys) starts[level + 1]++;
        for (int l = 0; l < layout.LeadLevels; l++) starts[l + 1] += starts[l];
        int[] columns = [.. _places.Keys.Order().Select(pair => pair.Column)];
        return new CouplingPattern(starts, columns);
    }

    /// <summary>Writes the sums into a product of the pattern.</summary>
    public void CopyTo(BlockedCrossProduct product)
    {
        int width = product.Layout.LeadWidth;
        var values = CollectionsMarshal.AsSpan(_values);
        for (int l = 0; l < product.Layout.LeadLevels; l++)
        {
            int start = product.CouplingStart(l), first = product.Pattern.Starts[l];
            for (int a = 0; a < product.Pattern.Count(l); a++)
                values.Slice(_places[(l, product.Pattern.Columns[first + a])], width).CopyTo(product.Coupling.AsSpan(start + a * width));
        }
    }
}
