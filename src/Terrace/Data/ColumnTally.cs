using System.Globalization;
using System.Runtime.InteropServices;

namespace Terrace.Data;

/// <summary>Counts and sums the values of one column, block after block.</summary>
internal sealed class ColumnTally(Column header, int maxTextLevels)
{
    private readonly Dictionary<string, long> _texts = new(StringComparer.Ordinal);
    private readonly long[] _levels = new long[header is Factor factor ? factor.Levels.Count : 2];
    private readonly SortedDictionary<long, long> _integers = [];
    private long _missing;
    private long _present;
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;
    private double _sum;
    private double _lost;
    private DateOnly? _earliest;
    private DateOnly? _latest;
    private bool _tooManyTexts;

    /// <summary>Takes the values of a block into account.</summary>
    public void Add(Column column)
    {
        long missing = 0;
        for (int row = 0; row < column.Count; row++)
        {
            if (column.IsMissing(row)) missing++;
            else AddValue(column, row);
        }
        _missing += missing;
        _present += column.Count - missing;
    }

    /// <summary>The summary of everything added.</summary>
    public ColumnSummary Summary()
    {
        var summary = new ColumnSummary(header.Name, ColumnTypes.Of(header), header.Label, _missing) { Levels = Levels(), DistinctAtLeast = Distinct() };
        if (_present == 0) return summary;
        return header switch
        {
            NumericColumn or IntegerColumn => summary with { Min = _min, Max = _max, Mean = Mean(), Values = Values() },
            LogicalColumn => summary with { Mean = (double)_levels[1] / _present },
            DateColumn => summary with { Earliest = _earliest, Latest = _latest },
            _ => summary,
        };
    }

    private void AddValue(Column column, int row)
    {
        switch (column)
        {
            case NumericColumn numbers: AddNumber(numbers.Values[row]); break;
            case IntegerColumn integers: AddInteger(integers.Values[row]); break;
            case LogicalColumn truths: _levels[truths.Values[row] == true ? 1 : 0]++; break;
            case Factor factor: _levels[factor.Codes[row]]++; break;
            case DateColumn dates: AddDate(dates.Values[row]!.Value); break;
            case TextColumn texts: AddText(texts.Values[row]!); break;
        }
    }

    private void AddInteger(long value)
    {
        AddNumber(value);
        if (_integers.Count <= DataSummary.MaxIntegerValues) _integers[value] = _integers.GetValueOrDefault(value) + 1;
    }

    // Neumaier (1974): the digits that a sum loses are summed beside it.
    private void AddNumber(double value)
    {
        _min = Math.Min(_min, value);
        _max = Math.Max(_max, value);
        double sum = _sum + value;
        if (double.IsFinite(sum)) _lost += Math.Abs(_sum) >= Math.Abs(value) ? _sum - sum + value : value - sum + _sum;
        _sum = sum;
    }

    private double? Mean()
    {
        double mean = (double.IsFinite(_sum) ? _sum + _lost : _sum) / _present;
        return double.IsNaN(mean) ? null : mean;
    }

    private void AddDate(DateOnly date)
    {
        if (_earliest is null || date < _earliest) _earliest = date;
        if (_latest is null || date > _latest) _latest = date;
    }

    private void AddText(string text)
    {
        if (_tooManyTexts) return;
        CollectionsMarshal.GetValueRefOrAddDefault(_texts, text, out _)++;
        _tooManyTexts = _texts.Count > maxTextLevels;
    }

    private LevelCount[]? Levels() => header switch
    {
        Factor factor => [.. factor.Levels.Select((level, code) => new LevelCount(level, _levels[code]))],
        LogicalColumn => [new LevelCount("FALSE", _levels[0]), new LevelCount("TRUE", _levels[1])],
        TextColumn when !_tooManyTexts => [.. _texts.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new LevelCount(entry.Key, entry.Value))],
        _ => null,
    };

    private LevelCount[]? Values() => _integers.Count is > 0 and <= DataSummary.MaxIntegerValues
        ? [.. _integers.Select(entry => new LevelCount(entry.Key.ToString(CultureInfo.InvariantCulture), entry.Value))] : null;

    private int? Distinct() => header switch { Factor factor => factor.Levels.Count, TextColumn => _texts.Count, _ => null };
}
