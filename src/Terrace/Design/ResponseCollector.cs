using Terrace.Data;
using Terrace.Formulas;

namespace Terrace.Design;

/// <summary>Collects the response of the rows without missing values.</summary>
internal sealed class ResponseCollector
{
    private readonly ModelCoding _coding;
    private readonly LevelCoder? _coder;
    private readonly List<double> _values = [];
    private readonly List<double> _failures = [];

    public ResponseCollector(ModelCoding coding)
    {
        _coding = coding;
        _coder = coding.ResponseLevels is { } levels ? new LevelCoder(levels) : null;
    }

    /// <summary>Takes in a block that begins after <paramref name="rowsBefore"/> rows.</summary>
    /// <exception cref="ModelException">A level is new, or a number infinite.</exception>
    public void Add(BlockValues block, int rowsBefore, string source)
    {
        if (_coder is not null) AddCodes(block, rowsBefore, source);
        else AddNumbers(_values, block.Response[0], block, rowsBefore, source);
        if (block.Response.Length == 2) AddNumbers(_failures, block.Response[1], block, rowsBefore, source);
    }

    /// <summary>The response.</summary>
    public ResponseValues Finish() => new()
    {
        Name = _coding.Formula.Response!.ToString(),
        Kind = _coding.ResponseKind!.Value,
        Values = [.. _values],
        Failures = _coding.ResponseKind == ResponseKind.SuccessesAndFailures ? [.. _failures] : null,
        Levels = _coding.ResponseLevels,
        IsOrdered = _coding.ResponseIsOrdered,
    };

    private void AddCodes(BlockValues block, int rowsBefore, string source)
    {
        int[] codes = _coder!.Code(block.Response[0]);
        for (int i = 0; i < codes.Length; i++)
        {
            if (!block.IsComplete[i]) continue;
            if (codes[i] >= _coder.KnownCount)
            {
                string level = _coder.Levels[codes[i]];
                throw new ModelException($"{source}, row {rowsBefore + i + 1}: the training data have no level '{level}' of the response"
                    + $" '{block.Response[0].Name}'.{NearestName.Hint(level, _coding.ResponseLevels!)}");
            }
            _values.Add(codes[i]);
        }
    }

    private void AddNumbers(List<double> all, Column column, BlockValues block, int rowsBefore, string source)
    {
        ReadOnlySpan<double> numbers = ColumnConversion.Doubles(column, _coding.Formula.Response!);
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!block.IsComplete[i]) continue;
            if (double.IsInfinity(numbers[i])) throw new ModelException($"{source}, row {rowsBefore + i + 1}: the response '{column.Name}' is infinite.");
            all.Add(numbers[i]);
        }
    }
}
