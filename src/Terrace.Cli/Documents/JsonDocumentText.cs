using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Terrace.Cli.Documents;

/// <summary>Makes the text of one JSON document, whole, before any of it is printed.</summary>
internal static class JsonDocumentText
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document that <paramref name="write"/> writes.</summary>
    public static string Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Layout)) write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
