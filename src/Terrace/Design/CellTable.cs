using System.Numerics;

namespace Terrace.Design;

/// <summary>
/// A set of distinct rows of 64-bit words, numbered in order of appearance: codes of factors and bits of doubles. One flat array of words and one of slots,
/// open addressing, nothing allocated per row.
/// </summary>
internal sealed class CellTable
{
    private readonly int _width;
    private ulong[] _words;
    private int[] _slots = new int[64];

    /// <summary>Creates an empty table of rows of <paramref name="width"/> words.</summary>
    public CellTable(int width)
    {
        _width = width;
        _words = new ulong[Math.Max(1, width) * 32];
    }

    /// <summary>The number of distinct rows.</summary>
    public int Count { get; private set; }

    /// <summary>The number of words in a row.</summary>
    public int Width => _width;

    /// <summary>The words of row <paramref name="row"/>.</summary>
    public ReadOnlySpan<ulong> Row(int row) => _words.AsSpan(row * _width, _width);

    /// <summary>The number of the row with these words, which is added if there is none.</summary>
    public int FindOrAdd(ReadOnlySpan<ulong> words)
    {
        int mask = _slots.Length - 1;
        int slot = (int)Hash(words) & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
            if (words.SequenceEqual(Row(_slots[slot] - 1))) return _slots[slot] - 1;
        int row = Append(words);
        _slots[slot] = row + 1;
        if (Count * 2 > _slots.Length) Rehash();
        return row;
    }

    /// <summary>Adds a row without looking whether it is there; not to be mixed with <see cref="FindOrAdd"/>.</summary>
    /// <exception cref="ModelException">The rows are more than an array can hold.</exception>
    public int Append(ReadOnlySpan<ulong> words)
    {
        long needed = (long)(Count + 1) * _width;
        if (needed > Array.MaxLength || Count >= 1 << 29)
            throw new ModelException($"More than {Count} distinct covariate patterns are too many to hold; round or group the numbers among the covariates.");
        if (needed > _words.Length) Array.Resize(ref _words, (int)Math.Min(Math.Max(needed, _words.Length * 2L), Array.MaxLength));
        words.CopyTo(_words.AsSpan(Count * _width));
        return Count++;
    }

    private static ulong Hash(ReadOnlySpan<ulong> words)
    {
        ulong hash = 0x9E3779B97F4A7C15;
        foreach (ulong word in words) hash = BitOperations.RotateLeft((hash ^ word) * 0xFF51AFD7ED558CCD, 31) * 0xC4CEB9FE1A85EC53;
        return hash ^ (hash >> 32);
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        int mask = _slots.Length - 1;
        for (int row = 0; row < Count; row++)
        {
            int slot = (int)Hash(Row(row)) & mask;
            while (_slots[slot] != 0) slot = (slot + 1) & mask;
            _slots[slot] = row + 1;
        }
    }
}
