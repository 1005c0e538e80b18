using System.Collections.Frozen;
using System.Collections.ObjectModel;
using System.Text;

namespace Terrace.Stan.Data;

/// <summary>Data of a program: values by name, immutable.</summary>
public sealed class StanData
{
    /// <summary>Takes values over, in their order.</summary>
    public StanData(IReadOnlyDictionary<string, StanValue> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Values = new ReadOnlyDictionary<string, StanValue>(new OrderedDictionary<string, StanValue>(values));
    }

    /// <summary>The values.</summary>
    public IReadOnlyDictionary<string, StanValue> Values { get; }

    /// <summary>No data.</summary>
    public static StanData Empty { get; } = new(FrozenDictionary<string, StanValue>.Empty);

    /// <summary>Reads a JSON file.</summary>
    /// <exception cref="StanDataException">The file cannot be read or says something else; the message names the place.</exception>
    public static StanData ReadJson(string path) => JsonDataReader.Read(DataLimits.ReadFile(path), path);

    /// <summary>Reads JSON; <paramref name="source"/> names the text in messages.</summary>
    /// <exception cref="StanDataException">The text says something else; the message names the place.</exception>
    public static StanData ParseJson(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(source);
        return JsonDataReader.Read(Encoding.UTF8.GetBytes(text), source);
    }

    /// <summary>Reads a file in R's dump format.</summary>
    /// <exception cref="StanDataException">The file cannot be read or says something else; the message names the place.</exception>
    public static StanData ReadRDump(string path) => ParseRDump(Encoding.UTF8.GetString(DataLimits.ReadFile(path)), path);

    /// <summary>Reads R's dump format; <paramref name="source"/> names the text in messages.</summary>
    /// <exception cref="StanDataException">The text says something else; the message names the place.</exception>
    public static StanData ParseRDump(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(source);
        return new RDumpReader(text, source).Read();
    }

    /// <summary>Makes data of objects: integers, reals, complex numbers, arrays of any rank, arrays of arrays, lists, and tuples of these.</summary>
    /// <exception cref="StanDataException">A value is of another kind, or ragged.</exception>
    public static StanData FromDictionary(IEnumerable<KeyValuePair<string, object>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var read = new OrderedDictionary<string, StanValue>();
        foreach ((string name, object value) in values)
            if (!read.TryAdd(name, ObjectValues.Read(name, value))) throw new StanDataException("values", 0, 0, $"`{name}` is given twice", "Keep one of them");
        return new StanData(read);
    }

    /// <summary>The data as JSON that <see cref="ParseJson"/> reads back as they are.</summary>
    public string ToJson() => JsonDataWriter.Write(Values);
}
