using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Terrace.Data;
using Terrace.Design;

namespace Terrace.SavedFits;

/// <summary>
/// Fits in files: one JSON document, <c>{"format": "terrace-fit", "version": 2, "checksum": …, "fit": …, "frame": …, "model": …, "data": …}</c>, with the report of the fit, the
/// coding of the training data, the estimates and the <see cref="DataFingerprint"/>. It holds no rows of data and nothing of the machine that wrote it. The checksum (SHA-256 of
/// the bytes of the parts in their order) lets no changed digit pass for an estimate. Version 1 had no <c>data</c>; it is read as a fit without a fingerprint.
/// </summary>
public static class SavedFitFile
{
    private const string Format = "terrace-fit";
    private const int Version = 2;
    private static readonly string[] PartNames = ["fit", "frame", "model", "data"];
    private static readonly JsonWriterOptions Layout = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes <paramref name="fit"/> to a stream.</summary>
    /// <exception cref="ArgumentException">The fit has no report.</exception>
    public static void Write(SavedFit fit, Stream stream)
    {
        if (fit.Report is null && fit.BayesianReport is null) throw new ArgumentException("A fit is saved with its report.", nameof(fit));
        byte[][] parts = Parts(fit);
        using var json = new Utf8JsonWriter(stream, Layout);
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteString("checksum", Checksum(parts));
        for (int i = 0; i < parts.Length; i++)
        {
            json.WritePropertyName(PartNames[i]);
            json.WriteRawValue(parts[i], skipInputValidation: true);
        }
        json.WriteEndObject();
    }

    /// <summary>Writes <paramref name="fit"/> to a file, whole or not at all.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Write(SavedFit fit, string path) => WholeFile.Write(path, stream => Write(fit, stream));

    /// <summary>Reads a fit from a file.</summary>
    /// <exception cref="DataException">The file cannot be read, is no saved fit, is damaged, or was written by a newer version.</exception>
    public static SavedFit Read(string path) => Read(path, root =>
        ReadModel(ModelFrameJson.Read(root.GetProperty("frame")), root.GetProperty("model"), ReadFingerprint(root)));

    /// <summary>Whether a file holds a Bayesian fit.</summary>
    /// <exception cref="DataException">The file cannot be read, is no saved fit, is damaged, or was written by a newer version.</exception>
    public static bool IsBayesian(string path) => Read(path, root => PosteriorCoefficientsJson.IsOne(root.GetProperty("model")));

    /// <summary>Reads of a fit in a file what the comparison with others needs; <paramref name="name"/> is what the model is called there.</summary>
    /// <exception cref="DataException">The file cannot be read, is no saved fit, is damaged, or was written by a newer version.</exception>
    public static ComparedModel ReadForComparison(string path, string name) => Read(path, root =>
        ComparedModel.Read(name, root.GetProperty("fit"), ModelFrameJson.Read(root.GetProperty("frame")), ReadFingerprint(root)));

    private static T Read<T>(string path, Func<JsonElement, T> read)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream);
            RequireFormat(document.RootElement, path);
            RequireUnchanged(document.RootElement);
            return read(document.RootElement);
        }
        catch (JsonException fault)
        {
            throw new DataException($"'{path}' is no whole saved fit: it is not JSON, or breaks off (line {fault.LineNumber + 1}). Save the fit again with 'terrace fit … --save'.", fault);
        }
        catch (Exception fault) when (fault is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException or IndexOutOfRangeException or ModelException)
        {
            throw new DataException($"'{path}' is a damaged saved fit: {fault.Message} Save the fit again with 'terrace fit … --save'.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DataException(File.Exists(path) || Directory.Exists(path) ? $"'{path}' cannot be read: {fault.Message}" : $"There is no file '{path}'.", fault);
        }
    }

    /// <summary>The parts in the order of <see cref="PartNames"/>; the last one only where there is a fingerprint.</summary>
    private static byte[][] Parts(SavedFit fit)
    {
        byte[][] parts =
        [
            Part(json => WriteReport(json, fit)),
            Part(json => ModelFrameJson.Write(json, fit.Frame)),
            Part(json => WriteModel(json, fit)),
        ];
        return fit.Data is { } data ? [.. parts, Part(json => WriteFingerprint(json, data))] : parts;
    }

    private static void WriteReport(Utf8JsonWriter json, SavedFit fit)
    {
        if (fit.BayesianReport is { } bayesian) BayesianFitDocument.Write(json, bayesian);
        else FitDocument.Write(json, fit.Report!);
    }

    private static void WriteModel(Utf8JsonWriter json, SavedFit fit)
    {
        if (fit.Posterior is { } posterior)
        {
            PosteriorCoefficientsJson.Write(json, posterior);
            return;
        }
        if (fit.Distributional is { } distributional) DistributionalPredictionJson.Write(json, distributional);
        else PredictionModelJson.Write(json, fit.Model ?? throw new ArgumentException("A fit is saved with its estimates.", nameof(fit)));
    }

    private static SavedFit ReadModel(ModelFrame frame, JsonElement model, DataFingerprint? data) => PosteriorCoefficientsJson.IsOne(model)
        ? new SavedFit(frame, null, null, data) { Posterior = PosteriorCoefficientsJson.Read(model) }
        : DistributionalPredictionJson.IsOne(model)
        ? new SavedFit(frame, null, null, data) { Distributional = DistributionalPredictionJson.Read(model, frame) }
        : new SavedFit(frame, PredictionModelJson.Read(model), null, data);

    private static void WriteFingerprint(Utf8JsonWriter json, DataFingerprint data)
    {
        json.WriteStartObject();
        json.WriteString("response", data.Response);
        json.WriteNumber("rows", data.Rows);
        json.WriteString("sha256", data.Hash);
        json.WriteEndObject();
    }

    private static DataFingerprint? ReadFingerprint(JsonElement root) => root.TryGetProperty("data", out JsonElement data)
        ? new DataFingerprint(data.GetProperty("response").GetString()!, data.GetProperty("rows").GetInt64(), data.GetProperty("sha256").GetString()!)
        : null;

    private static byte[] Part(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(bytes, Layout)) write(json);
        return bytes.WrittenSpan.ToArray();
    }

    private static string Checksum(byte[][] parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] part in parts) hash.AppendData(part);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void RequireUnchanged(JsonElement root)
    {
        IEnumerable<string> names = root.TryGetProperty("data", out _) ? PartNames : PartNames.SkipLast(1);
        byte[][] parts = [.. names.Select(name => JsonMarshal.GetRawUtf8Value(root.GetProperty(name)).ToArray())];
        if (root.GetProperty("checksum").GetString() != Checksum(parts)) throw new FormatException("its checksum does not fit its content, so that something in it was changed.");
    }

    private static void RequireFormat(JsonElement root, string path)
    {
        bool isFit = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("format", out JsonElement format) && format.ValueKind == JsonValueKind.String && format.ValueEquals(Format);
        if (!isFit) throw new DataException($"'{path}' is no saved fit; 'terrace fit … --save FIT' writes one.");
        int version = root.GetProperty("version").GetInt32();
        if (version > Version)
            throw new DataException($"'{path}' was written by a newer Terrace (format {version}, this one reads up to {Version}); update Terrace, or save the fit again with this version.");
        if (version < 1) throw new FormatException($"version {version} was never written.");
    }
}
