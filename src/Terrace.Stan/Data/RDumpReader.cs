namespace Terrace.Stan.Data;

/// <summary>
/// Reads R's dump format as CmdStan's guide describes it (appendix "RDump format"): <c>name &lt;- value</c> with numbers, <c>c(…)</c>, <c>from:to</c>, <c>integer(n)</c>, <c>double(n)</c> and
/// <c>structure(…, .Dim = …)</c>, whose first index runs fastest; here the last one does.
/// </summary>
internal sealed class RDumpReader(string text, string source)
{
    private const string ArrayRemedy = "Write a number, c(...), from:to, integer(n), double(n) or structure(..., .Dim = c(...))";
    private readonly RDumpScanner _scanner = new(text, source);
    private double _implied;

    /// <summary>Reads the whole text.</summary>
    public StanData Read()
    {
        var variables = new OrderedDictionary<string, StanValue>();
        while (true)
        {
            while (_scanner.TryTake(";")) { }
            if (_scanner.AtEnd) return new StanData(variables);
            int place = _scanner.Place;
            string name = _scanner.Name("a variable's name");
            if (variables.ContainsKey(name)) throw _scanner.Fault(place, $"`{name}` is given twice", "Keep one of them");
            if (!_scanner.TryTake("<-") && !_scanner.TryTake("=")) throw _scanner.Fault(_scanner.Place, $"`<-` is expected behind `{name}`", "Write name <- value");
            variables[name] = Value(name);
        }
    }

    private StanValue Value(string name)
    {
        if (!_scanner.TryWord("structure")) return Sequence(name);
        _scanner.Take("(", name);
        int place = _scanner.Place;
        StanValue values = Sequence(name);
        _scanner.Take(",", name);
        int attribute = _scanner.Place;
        string label = _scanner.Name("`.Dim`");
        if (label is not ".Dim" and not "dim") throw _scanner.Fault(attribute, $"`{name}` has the attribute `{label}` where `.Dim` is expected", "Remove attributes other than .Dim");
        _scanner.Take("=", name);
        int sizesPlace = _scanner.Place;
        StanValue sizes = Sequence(name);
        _scanner.Take(")", name);
        return Arranged(name, values, sizes, place, sizesPlace);
    }

    private StanValue Arranged(string name, StanValue values, StanValue sizes, int place, int sizesPlace)
    {
        long count = 1;
        foreach (double size in sizes.Values)
        {
            if (!sizes.IsInteger && size != Math.Floor(size) || !(size >= 0 && size <= int.MaxValue)) throw _scanner.Fault(sizesPlace, $"a dimension of `{name}` is {size}, but must be a whole number of at least 0", "Correct .Dim");
            count = Math.Min(count * (long)size, long.MaxValue / int.MaxValue / 2);
        }
        if (sizes.Values.Length is 0 or > DataLimits.Depth) throw _scanner.Fault(sizesPlace, $"`{name}` has {sizes.Values.Length} dimensions", $"Give 1 to {DataLimits.Depth}");
        if (count != values.Values.Length) throw _scanner.Fault(place, $"`{name}` has {values.Values.Length} numbers, but its dimensions ask for {count}", "Correct .Dim or the numbers");
        int[] dimensions = [.. sizes.Values.Select(size => (int)size)];
        return new StanValue(values.IsInteger, dimensions, RowMajor(values.Values, dimensions));
    }

    /// <summary>From the first index running fastest to the last.</summary>
    private static double[] RowMajor(double[] from, int[] sizes)
    {
        var to = new double[from.Length];
        var index = new int[sizes.Length];
        var strides = new int[sizes.Length];
        int stride = 1;
        for (int d = sizes.Length - 1; d >= 0; stride *= sizes[d], d--) strides[d] = stride;
        int place = 0;
        for (int k = 0; k < from.Length; k++)
        {
            to[place] = from[k];
            for (int d = 0; d < sizes.Length; d++)
            {
                place += strides[d];
                if (++index[d] < sizes[d]) break;
                place -= strides[d] * sizes[d];
                index[d] = 0;
            }
        }
        return to;
    }

    private StanValue Sequence(string name)
    {
        List<double> numbers = [];
        bool integers = true;
        if (_scanner.TryWord("c"))
        {
            Combine(name, numbers, ref integers, 1);
            return new StanValue(integers, [numbers.Count], [.. numbers]);
        }
        if (_scanner.TryWord("integer")) return Zeros(name, true);
        if (_scanner.TryWord("double") || _scanner.TryWord("numeric")) return Zeros(name, false);
        bool range = Element(name, numbers, ref integers);
        return new StanValue(integers, range ? [numbers.Count] : [], [.. numbers]);
    }

    private void Combine(string name, List<double> numbers, ref bool integers, int depth)
    {
        if (depth > DataLimits.Depth) throw _scanner.Fault(_scanner.Place, $"brackets in `{name}` are nested more than {DataLimits.Depth} deep", "Write one c(...)");
        _scanner.Take("(", name);
        if (_scanner.TryTake(")")) return;
        do
        {
            if (_scanner.TryWord("c")) Combine(name, numbers, ref integers, depth + 1);
            else Element(name, numbers, ref integers);
        }
        while (_scanner.TryTake(","));
        _scanner.Take(")", name);
    }

    /// <summary>A number or a range; returns whether it was a range.</summary>
    private bool Element(string name, List<double> numbers, ref bool integers)
    {
        int place = _scanner.Place;
        double from = _scanner.Number(name, ArrayRemedy, out bool integer);
        if (!_scanner.TryTake(":"))
        {
            integers &= integer;
            numbers.Add(from);
            return false;
        }
        double to = _scanner.Number(name, ArrayRemedy, out bool alsoInteger);
        if (!integer || !alsoInteger) throw _scanner.Fault(place, $"the limits of a range in `{name}` must be integers", "Write from:to with integers");
        Imply(place, Math.Abs(to - from) + 1);
        double step = to >= from ? 1 : -1;
        for (double x = from; x != to; x += step) numbers.Add(x);
        numbers.Add(to);
        return true;
    }

    private void Imply(int place, double count)
    {
        _implied += count;
        if (_implied > DataLimits.Implied) throw _scanner.Fault(place, $"ranges and zeros of this file stand for more than {DataLimits.Implied:N0} numbers, which is the limit", "Shorten them, or use JSON");
    }

    private StanValue Zeros(string name, bool integers)
    {
        _scanner.Take("(", name);
        if (_scanner.TryTake(")")) return new StanValue(integers, [0], []);
        int place = _scanner.Place;
        double n = _scanner.Number(name, "Write a length", out bool integer);
        if (!integer || n < 0) throw _scanner.Fault(place, $"`{name}` has the length {n}, but it must be a whole number of at least 0", "Correct the length");
        Imply(place, n);
        _scanner.Take(")", name);
        return new StanValue(integers, [(int)n], new double[(int)n]);
    }
}
