using Terrace.Data;
using Terrace.Formulas;

namespace Terrace.Design;

/// <summary>Collects rows block by block: each complete row becomes words (codes and bits of numbers) that name its cell; response, weights and trials stay per row.</summary>
internal sealed class RowEncoder
{
    private readonly ModelCoding _coding;
    private readonly RowExpressions _expressions;
    private readonly EncodeOptions _options;
    private readonly string _source;
    private readonly LevelCoder?[] _variables;
    private readonly LevelCoder[] _groupVariables;
    private readonly CellTable _cells;
    private readonly List<int> _rowToCell = [];
    private readonly List<int> _sourceRows = [];
    private readonly List<double> _weights = [];
    private readonly List<double> _trials = [];
    private readonly ResponseCollector _response;
    private readonly int _rowsBefore;
    private int _rowsRead;

    public RowEncoder(ModelCoding coding, RowExpressions expressions, EncodeOptions options, string source, int rowsBefore = 0)
    {
        _rowsRead = _rowsBefore = rowsBefore;
        _coding = coding;
        _expressions = expressions;
        _options = options;
        _source = source;
        _variables = [.. coding.Variables.Select(variable => variable.Levels is { } levels ? new LevelCoder(levels) : null)];
        _groupVariables = [.. coding.GroupVariableLevels.Select(levels => new LevelCoder(levels))];
        _cells = new CellTable(coding.Variables.Sum(variable => variable.Parts) + _groupVariables.Length + (expressions.Offsets.Count > 0 ? 1 : 0));
        _response = new ResponseCollector(coding);
    }

    /// <summary>The cells found so far.</summary>
    public CellTable Cells => _cells;

    /// <summary>The coders of the grouping variables, which know the new levels.</summary>
    public IReadOnlyList<LevelCoder> GroupVariables => _groupVariables;

    /// <summary>Takes in a block.</summary>
    /// <exception cref="ModelException">A level is new, a number infinite, a weight negative, or a value missing though that is refused.</exception>
    public void Add(BlockValues block)
    {
        MissingValues missing = _options.MissingValues ?? _coding.Options.MissingValues;
        if (missing == MissingValues.Fail && block.FirstMissing is { } first)
        {
            throw new ModelException($"{_source}: '{first.Name}' is missing in row {_rowsRead + first.Row + 1}, and missing values are to fail;"
                + " leave such rows out, or omit them (the default).");
        }
        AddCells(Words(block), block.IsComplete);
        if (block.Response.Length > 0) _response.Add(block, _rowsRead, _source);
        AddNumbers(_weights, block.Weights, block.IsComplete, "weight");
        AddNumbers(_trials, block.Trials, block.IsComplete, "number of trials");
        _rowsRead += block.Rows;
    }

    /// <summary>The rows with the matrices of their cells.</summary>
    public ModelRows Finish(DesignMatrices design) => new()
    {
        Design = design,
        RowToCell = [.. _rowToCell],
        SourceRows = [.. _sourceRows],
        OmittedRows = _rowsRead - _rowsBefore - _rowToCell.Count,
        Response = _expressions.Response.Count > 0 ? _response.Finish() : null,
        Weights = _expressions.Weights is null ? null : [.. _weights],
        Trials = _expressions.Trials is null ? null : [.. _trials],
    };

    private void AddCells(ulong[][] words, bool[] isComplete)
    {
        var row = new ulong[words.Length];
        for (int i = 0; i < isComplete.Length; i++)
        {
            if (!isComplete[i]) continue;
            for (int s = 0; s < row.Length; s++) row[s] = words[s][i];
            _rowToCell.Add(_options.Collapse ? _cells.FindOrAdd(row) : _cells.Append(row));
            _sourceRows.Add(_rowsRead + i);
        }
    }

    // The words of the block, slot by slot.
    private ulong[][] Words(BlockValues block)
    {
        var slots = new List<ulong[]>(_cells.Width);
        for (int v = 0; v < _variables.Length; v++)
        {
            Column column = block.Variables[v];
            string name = _coding.Variables[v].Name;
            if (_variables[v] is { } coder) slots.Add(Codes(column, coder, block.IsComplete, name, rejectNew: true));
            else if (column is MatrixColumn matrix) slots.AddRange(matrix.Parts.Select(part => Bits(part, block.IsComplete, name)));
            else slots.Add(Bits(ColumnConversion.Doubles(column, _coding.Variables[v].Expression), block.IsComplete, name));
        }
        for (int g = 0; g < _groupVariables.Length; g++)
            slots.Add(Codes(block.GroupVariables[g], _groupVariables[g], block.IsComplete, block.GroupVariables[g].Name, rejectNew: _options.NewLevels == NewLevels.Reject));
        if (block.Offset is { } offset) slots.Add(Bits(offset, block.IsComplete, "offset"));
        return [.. slots];
    }

    private ulong[] Codes(Column column, LevelCoder coder, bool[] isComplete, string name, bool rejectNew)
    {
        int[] codes = coder.Code(column);
        var words = new ulong[codes.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            words[i] = (ulong)codes[i];
            if (rejectNew && codes[i] >= coder.KnownCount && isComplete[i]) throw NewLevel(coder, codes[i], name, i);
        }
        return words;
    }

    private ModelException NewLevel(LevelCoder coder, int code, string name, int row)
    {
        IEnumerable<string> known = coder.Levels.Take(coder.KnownCount);
        string level = coder.Levels[code];
        return new ModelException($"{_source}, row {_rowsRead + row + 1}: the training data have no level '{level}' of '{name}'.{NearestName.Hint(level, known)}"
            + $" It has {coder.KnownCount} levels: {string.Join(", ", known.Take(10))}{(coder.KnownCount > 10 ? ", …" : "")}.");
    }

    private ulong[] Bits(ReadOnlySpan<double> values, bool[] isComplete, string name)
    {
        var words = new ulong[values.Length];
        for (int i = 0; i < words.Length; i++)
        {
            // Adding 0 makes one number of 0 and −0.
            words[i] = BitConverter.DoubleToUInt64Bits(values[i] + 0.0);
            if (double.IsInfinity(values[i]) && isComplete[i])
                throw new ModelException($"{_source}, row {_rowsRead + i + 1}: '{name}' is infinite; leave the row out or transform the variable otherwise.");
        }
        return words;
    }

    private void AddNumbers(List<double> all, double[]? block, bool[] isComplete, string what)
    {
        if (block is null) return;
        for (int i = 0; i < block.Length; i++)
        {
            if (!isComplete[i]) continue;
            if (!(block[i] >= 0 && double.IsFinite(block[i])))
                throw new ModelException($"{_source}, row {_rowsRead + i + 1}: the {what} is {Deparser.Number(block[i])}; it must be a finite number of at least 0.");
            all.Add(block[i]);
        }
    }
}
