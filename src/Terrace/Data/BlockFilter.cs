namespace Terrace.Data;

/// <summary>The rows of another source for which a condition holds, block by block.</summary>
public sealed class BlockFilter : IRowBlocks
{
    private readonly IRowBlocks _rows;
    private readonly Func<Frame, bool[]> _keep;
    private readonly string? _condition;

    /// <summary>Filters <paramref name="rows"/> by <paramref name="keep"/>, which gives one element a row of the block it gets.</summary>
    /// <param name="rows">The rows to choose from.</param>
    /// <param name="keep">Chooses.</param>
    /// <param name="condition">The condition as text: with it, it is an error that no row meets it.</param>
    public BlockFilter(IRowBlocks rows, Func<Frame, bool[]> keep, string? condition = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(keep);
        _rows = rows;
        _keep = keep;
        _condition = condition;
    }

    /// <inheritdoc/>
    public string Source => _rows.Source;

    /// <inheritdoc/>
    public Frame Header => _rows.Header;

    /// <inheritdoc/>
    /// <exception cref="DataException">No row meets the condition.</exception>
    public IEnumerable<Frame> Blocks()
    {
        bool any = false;
        foreach (Frame block in _rows.Blocks().Select(block => block.Where(_keep(block))).Where(block => block.RowCount > 0))
        {
            any = true;
            yield return block;
        }
        if (!any && _condition is not null) throw new DataException($"No row of {Source} meets the condition '{_condition}'.");
    }
}
