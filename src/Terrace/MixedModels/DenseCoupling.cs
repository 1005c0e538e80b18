using System.Runtime.CompilerServices;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The coupling of the lead factor with the tail as dense blocks of columns, for data in which most lead levels meet most tail columns: matrix products are then many times faster than
/// updates entry by entry, in spite of the zeros.
/// </summary>
/// <remarks>
/// <para>With B = (B_1'; B_2'; ...), tail × lead columns: S −= B B' for the Schur complement, and N B for the selected inverse, 192 or so lead columns at a time.</para>
/// <para>Symbols: a block of B -> <see cref="Block"/>. It pays from a share of about one entry in seven on, where one gather and scatter cost as much as 7² multiplications in registers.</para>
/// <para>Check: BlockedCholeskyTests, on dense and on sparse patterns.</para>
/// </remarks>
internal sealed class DenseCoupling
{
    private const double SmallestShare = 0.15;
    private const double SmallestWork = 20_000;
    private const int Target = 192;
    private readonly CouplingPattern _pattern;
    private readonly int _width;
    private readonly int _randomColumns;
    private readonly int _fixedColumns;

    private DenseCoupling(RandomEffectsLayout layout, CouplingPattern pattern, int fixedColumns)
    {
        _pattern = pattern;
        _width = layout.LeadWidth;
        _randomColumns = layout.TailColumns;
        _fixedColumns = fixedColumns;
        Levels = layout.LeadLevels;
        LevelsPerBlock = Math.Min(Levels, Math.Max(1, Target / _width));
        Block = new Matrix(_randomColumns + fixedColumns, LevelsPerBlock * _width);
    }

    /// <summary>The number of lead levels.</summary>
    public int Levels { get; }

    /// <summary>How many lead levels <see cref="Block"/> holds.</summary>
    public int LevelsPerBlock { get; }

    /// <summary>The last block that was filled.</summary>
    public Matrix Block { get; }

    /// <summary>Makes room, or returns null where the pattern is too sparse or the work too little.</summary>
    public static DenseCoupling? IfItPays(RandomEffectsLayout layout, CouplingPattern pattern, int fixedColumns)
    {
        double rows = layout.TailColumns + fixedColumns, entries = pattern.Columns.Length + (double)layout.LeadLevels * fixedColumns;
        if (rows * rows * layout.LeadColumns < SmallestWork) return null;
        return rows > 0 && entries >= SmallestShare * rows * layout.LeadLevels ? new DenseCoupling(layout, pattern, fixedColumns) : null;
    }

    /// <summary>Fills <see cref="Block"/> with the levels from <paramref name="first"/> on; <paramref name="storedFixed"/> fixed effects follow each level's random columns in <paramref name="coupling"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(double[] coupling, int storedFixed, int first)
    {
        Array.Clear(Block.Values);
        for (int l = first; l < Math.Min(first + LevelsPerBlock, Levels); l++)
        {
            int start = _pattern.Starts[l], random = _pattern.Count(l), column = (l - first) * _width * Block.Rows;
            var values = coupling.AsSpan(_width * (start + l * storedFixed), _width * (random + _fixedColumns));
            for (int a = 0; a < random; a++) Put(values.Slice(a * _width, _width), column + _pattern.Columns[start + a]);
            for (int j = 0; j < _fixedColumns; j++) Put(values.Slice((random + j) * _width, _width), column + _randomColumns + j);
        }
    }

    /// <summary>Subtracts B B' from the lower triangle of the tail.</summary>
    public void SubtractSquare(double[] coupling, Matrix tail)
    {
        for (int first = 0; first < Levels; first += LevelsPerBlock)
        {
            Fill(coupling, _fixedColumns, first);
            Syrk.AddLower(tail, -1, Block, transpose: false);
        }
    }

    private void Put(ReadOnlySpan<double> entry, int index)
    {
        for (int r = 0; r < entry.Length; r++) Block.Values[index + r * Block.Rows] = entry[r];
    }
}
