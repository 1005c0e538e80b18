namespace Terrace.Data;

/// <summary>
/// Rows that can be read again and again, block by block, so that a source larger than memory passes through the same code as a <see cref="Frame"/>
/// (which is one block). Every block has the same columns with the same types, and a factor has the same levels in every block.
/// </summary>
public interface IRowBlocks
{
    /// <summary>Where the rows come from, for messages: a file name, or a word such as <c>data</c>.</summary>
    string Source { get; }

    /// <summary>A frame without rows that has the columns, types and levels of every block.</summary>
    Frame Header { get; }

    /// <summary>Reads the rows from the beginning, in order.</summary>
    IEnumerable<Frame> Blocks();
}
