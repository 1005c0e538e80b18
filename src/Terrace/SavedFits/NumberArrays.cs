using System.Runtime.InteropServices;
using System.Text.Json;

namespace Terrace.SavedFits;

/// <summary>
/// Long arrays of numbers in JSON: a list of base64 texts, each of up to 65,536 numbers as 8 bytes with the low byte first (IEEE 754 doubles) or 4 bytes (integers).
/// Every bit is kept, and the file is a third of its size in digits.
/// </summary>
internal static class NumberArrays
{
    private const int ChunkLength = 65_536;

    public static void Write(Utf8JsonWriter json, string name, ReadOnlySpan<double> values) => WriteBytes(json, name, MemoryMarshal.AsBytes(LittleEndian(values)), sizeof(double));

    public static void Write(Utf8JsonWriter json, string name, ReadOnlySpan<int> values) => WriteBytes(json, name, MemoryMarshal.AsBytes(LittleEndian(values)), sizeof(int));

    /// <summary>Reads an array of exactly <paramref name="length"/> numbers, or of any length if it is negative.</summary>
    /// <exception cref="FormatException">It has another length.</exception>
    public static double[] ReadDoubles(JsonElement parent, string name, long length) => LittleEndian<double>(Read(parent, name, length, sizeof(double))).ToArray();

    /// <summary>Reads an array of exactly <paramref name="length"/> integers, or of any length if it is negative.</summary>
    /// <exception cref="FormatException">It has another length.</exception>
    public static int[] ReadIntegers(JsonElement parent, string name, long length) => LittleEndian<int>(Read(parent, name, length, sizeof(int))).ToArray();

    private static void WriteBytes(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes, int size)
    {
        json.WriteStartArray(name);
        for (int first = 0; first < bytes.Length; first += ChunkLength * size)
            json.WriteBase64StringValue(bytes.Slice(first, Math.Min(ChunkLength * size, bytes.Length - first)));
        json.WriteEndArray();
    }

    private static byte[] Read(JsonElement parent, string name, long length, int size)
    {
        using var bytes = new MemoryStream();
        foreach (JsonElement chunk in parent.GetProperty(name).EnumerateArray()) bytes.Write(chunk.GetBytesFromBase64());
        if (length >= 0 ? bytes.Length != length * size : bytes.Length % size != 0) throw new FormatException($"'{name}' has {bytes.Length / size} numbers, not {length}.");
        return bytes.ToArray();
    }

    private static ReadOnlySpan<double> LittleEndian(ReadOnlySpan<double> values) => BitConverter.IsLittleEndian ? values : Swapped<double>(MemoryMarshal.AsBytes(values));

    private static ReadOnlySpan<int> LittleEndian(ReadOnlySpan<int> values) => BitConverter.IsLittleEndian ? values : Swapped<int>(MemoryMarshal.AsBytes(values));

    private static ReadOnlySpan<T> LittleEndian<T>(byte[] bytes) where T : unmanaged =>
        BitConverter.IsLittleEndian ? MemoryMarshal.Cast<byte, T>(bytes) : Swapped<T>(bytes);

    private static ReadOnlySpan<T> Swapped<T>(ReadOnlySpan<byte> bytes) where T : unmanaged
    {
        byte[] swapped = bytes.ToArray();
        int size = Marshal.SizeOf<T>();
        for (int first = 0; first < swapped.Length; first += size) Array.Reverse(swapped, first, size);
        return MemoryMarshal.Cast<byte, T>(swapped);
    }
}
