namespace Terrace.Stan.Runtime;

/// <summary>Builds the list of absolute places that several indexes pick, one dimension after the other, in the order in which the result lies in memory.</summary>
internal sealed unsafe partial class Workspace
{
    private readonly int[] _selection = new int[6 * MaximumDimensions];
    private int _dimensions;
    private const int MaximumDimensions = 16;

    /// <summary>Begins a selection at a place.</summary>
    public void BeginSelection() => _dimensions = 0;

    /// <summary>Adds a dimension, slowest first: one place.</summary>
    public void SelectSingle(int size, int stride, int place)
    {
        if ((uint)(place - 1) >= (uint)size) Faults.Index(place, size);
        AddDimension(stride, 1, place - 1, -1);
    }

    /// <summary>A range, both ends included; empty when the upper end lies below the lower.</summary>
    public int SelectRange(int size, int stride, int first, int last)
    {
        if (last < first) first = last + 1;
        else
        {
            if ((uint)(first - 1) >= (uint)size) Faults.Index(first, size);
            if ((uint)(last - 1) >= (uint)size) Faults.Index(last, size);
        }
        AddDimension(stride, last - first + 1, first - 1, -1);
        return last - first + 1;
    }

    /// <summary>The places of an array.</summary>
    public int SelectMultiple(int size, int stride, IntBlock places)
    {
        for (int i = 0; i < places.Count; i++) if ((uint)(I[places.Offset + i] - 1) >= (uint)size) Faults.Index(I[places.Offset + i], size);
        AddDimension(stride, places.Count, 0, places.Offset);
        return places.Count;
    }

    private void AddDimension(int stride, int count, int first, int places)
    {
        if (_dimensions == MaximumDimensions) Fail($"more than {MaximumDimensions} dimensions");
        int at = 4 * _dimensions++;
        _selection[at] = stride;
        _selection[at + 1] = count;
        _selection[at + 2] = first;
        _selection[at + 3] = places;
    }

    /// <summary>The absolute places, in the order of the result.</summary>
    public IntBlock EndSelection(int offset)
    {
        long total = 1;
        for (int k = 0; k < _dimensions; k++) total *= _selection[(4 * k) + 1];
        if (total > MaximumElements) throw new StanFaultException(StanFaultKind.Limit, "the selection is too large");
        IntBlock result = AllocateInts((int)total);
        if (total == 0) return result;
        I[result.Offset] = offset;
        int filled = 1;
        for (int k = 0; k < _dimensions; k++)
        {
            int stride = _selection[4 * k], count = _selection[(4 * k) + 1], first = _selection[(4 * k) + 2], places = _selection[(4 * k) + 3];
            for (int i = filled - 1; i >= 0; i--)
            {
                int origin = I[result.Offset + i];
                for (int j = count - 1; j >= 0; j--) I[result.Offset + (i * count) + j] = origin + (stride * (places < 0 ? first + j : I[places + j] - 1));
            }
            filled *= count;
        }
        return result;
    }
}
