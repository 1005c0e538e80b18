using System.Globalization;
using System.Runtime.InteropServices;
using Terrace.Inference.Posterior;

namespace Terrace.Data;

/// <summary>Counts and sums of one column, block after block.</summary>
internal sealed class VariableTally(Column header)
{
    private readonly long[] _levelCounts = new long[header is Factor factor ? factor.Levels.Count : 2];
    private readonly Dictionary<string, long> _texts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, long> _integers = [];
    private long _missing;
    private long _present;
    private CompensatedSum _sum;
    private double _minimum = double.PositiveInfinity;
    private double _maximum = double.NegativeInfinity;
    private DateOnly _earliest = DateOnly.MaxValue;
    private DateOnly _latest = DateOnly.MinValue;
    private bool _tooManyTexts;

    /// <summary>Adds the rows of a block.</summary>
    public void Add(Column column)
    {
        for (int i = 0; i < column.Count; i++)
        {
            if (column.IsMissing(i))
            {
                _missing++;
                continue;
            }
            _present++;
            switch (column)
            {
                case NumericColumn numbers: AddNumber(numbers.Values[i]); break;
                case IntegerColumn integers: AddInteger(integers.Values[i]); break;
                case LogicalColumn logical: AddLogical(logical.Values[i] == true); break;
                case Factor categories: _levelCounts[categories.Codes[i]]++; break;
                case DateColumn dates: AddDate(dates.Values[i]!.Value); break;
                case TextColumn texts: AddText(texts.Values[i]!); break;
            }
        }
    }

    /// <summary>The description of all rows added.</summary>
    public VariableDescription Describe()
    {
        bool numbers = header is NumericColumn or IntegerColumn or LogicalColumn && _present > 0;
        bool dates = header is DateColumn && _present > 0;
        return new VariableDescription
        {
            Name = header.Name,
            Type = ColumnTypes.Of(header),
            Label = header.Label,
            Levels = Levels(),
            Values = header is IntegerColumn && _integers.Count is > 0 and <= DataDescription.MaximumIntegers
                ? [.. _integers.Select(pair => new LevelCount(pair.Key.ToString(CultureInfo.InvariantCulture), pair.Value))] : null,
            Missing = _missing,
            Minimum = numbers ? _minimum : null,
            Maximum = numbers ? _maximum : null,
            Mean = numbers ? _sum.Value / _present : null,
            Earliest = dates ? _earliest : null,
            Latest = dates ? _latest : null,
        };
    }

    private IReadOnlyList<LevelCount>? Levels() => header switch
    {
        Factor factor => [.. factor.Levels.Select((level, code) => new LevelCount(level, _levelCounts[code]))],
        LogicalColumn => [new LevelCount("FALSE", _levelCounts[0]), new LevelCount("TRUE", _levelCounts[1])],
        TextColumn when !_tooManyTexts => [.. _texts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair =>
            new LevelCount(pair.Key, pair.Value))],
        _ => null,
    };

    private void AddNumber(double value)
    {
        _sum.Add(value);
        _minimum = Math.Min(_minimum, value);
        _maximum = Math.Max(_maximum, value);
    }

    private void AddInteger(long value)
    {
        AddNumber(value);
        if (_integers.Count <= DataDescription.MaximumIntegers) _integers[value] = _integers.GetValueOrDefault(value) + 1;
    }

    private void AddLogical(bool value)
    {
        _levelCounts[value ? 1 : 0]++;
        AddNumber(value ? 1 : 0);
    }

    private void AddDate(DateOnly value)
    {
        if (value < _earliest) _earliest = value;
        if (value > _latest) _latest = value;
    }

    private void AddText(string value)
    {
        if (_tooManyTexts) return;
        CollectionsMarshal.GetValueRefOrAddDefault(_texts, value, out _)++;
        if (_texts.Count <= DataDescription.MaximumTexts) return;
        _tooManyTexts = true;
        _texts.Clear();
    }
}
