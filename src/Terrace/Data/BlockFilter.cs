namespace Terrace.Data;

/// <summary>The rows of another source for which a condition holds, block by block.</summary>
public sealed class BlockFilter : IRowBlocks
{
    private readonly IRowBlocks _rows;
    private readonly Func<Frame, bool[]> _keep;

    /// <summary>Filters <paramref name="rows"/> by <paramref name="keep"/>, which gives one element a row of the block it gets.</summary>
    public BlockFilter(IRowBlocks rows, Func<Frame, bool[]> keep)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(keep);
        _rows = rows;
        _keep = keep;
    }

    /// <inheritdoc/>
    public string Source => _rows.Source;

    /// <inheritdoc/>
    public Frame Header => _rows.Header;

    /// <inheritdoc/>
    public IEnumerable<Frame> Blocks() => _rows.Blocks().Select(block => block.Where(_keep(block))).Where(block => block.RowCount > 0);
}
