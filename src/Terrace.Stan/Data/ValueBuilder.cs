namespace Terrace.Stan.Data;

/// <summary>
/// Collects the numbers of one variable while nested arrays are walked, and sees to it that they are rectangular: the first array at each depth sets the size of that dimension, the others must agree with it.
/// Methods return what is wrong, or null.
/// </summary>
internal sealed class ValueBuilder
{
    private readonly List<int> _sizes = [];
    private readonly List<double> _numbers = [];
    private List<ValueBuilder>? _slots;
    private int _leafDepth = -1;
    private bool _integers = true;

    /// <summary>An array opens at a depth.</summary>
    public string? Open(int depth)
    {
        if (_leafDepth >= 0 && depth >= _leafDepth) return $"an array, where the elements before it are {(_slots is null ? "numbers" : "tuples")}";
        if (depth == _sizes.Count) _sizes.Add(-1);
        return null;
    }

    /// <summary>An array of <paramref name="count"/> elements closes.</summary>
    public string? Close(int depth, int count)
    {
        if (_sizes[depth] == -1) _sizes[depth] = count;
        else if (_sizes[depth] != count) return $"an array of {count} elements, where those before it have {_sizes[depth]}";
        return null;
    }

    /// <summary>A number at a depth.</summary>
    public string? Number(int depth, double value, bool integer)
    {
        if (Leaf(depth) is { } problem) return problem;
        if (_slots is not null) return "a number, where the elements before it are tuples";
        if (_numbers.Count >= DataLimits.Elements) return $"more than {DataLimits.Elements:N0} numbers, which is the limit,";
        _integers &= integer;
        _numbers.Add(value);
        return null;
    }

    /// <summary>A tuple at a depth.</summary>
    public string? Tuple(int depth)
    {
        if (Leaf(depth) is { } problem) return problem;
        if (_numbers.Count > 0) return "a tuple, where the elements before it are numbers";
        _slots ??= [];
        return null;
    }

    /// <summary>The builder of a tuple's part, from 0.</summary>
    public ValueBuilder Slot(int k)
    {
        while (_slots!.Count <= k) _slots.Add(new ValueBuilder());
        return _slots[k];
    }

    /// <summary>The number of parts of a tuple seen so far.</summary>
    public int SlotCount => _slots?.Count ?? 0;

    /// <summary>Whether an empty value counts as integer.</summary>
    public void MarkReal() => _integers = false;

    /// <summary>The value.</summary>
    public StanValue Build(IReadOnlyList<int> outer)
    {
        int[] sizes = [.. outer, .. _sizes.Select(size => Math.Max(size, 0))];
        if (_slots is null) return new StanValue(_integers, sizes, [.. _numbers]);
        return new StanValue(false, sizes, []) { Elements = [.. _slots.Select(slot => slot.Build(sizes))] };
    }

    private string? Leaf(int depth)
    {
        if (_leafDepth < 0 && depth == _sizes.Count) _leafDepth = depth;
        return depth == _leafDepth ? null : "a single element, where those before it are arrays";
    }
}
