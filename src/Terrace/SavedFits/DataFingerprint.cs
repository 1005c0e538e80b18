using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Terrace.Design;

namespace Terrace.SavedFits;

/// <summary>
/// What tells whether two fits are of the same data, without the data: the response's name, the number of rows, and a SHA-256 of the response values with their weights and
/// trials in the order of the rows. The covariates are no part of it, since the models that one compares differ in them; the same rows in another order count as other data.
/// </summary>
/// <remarks>
/// Hashed are, as 8 bytes with the low byte first: of each row the response (a factor as the code of its level), the failures of <c>cbind(s, f)</c> (else 0), weight and trials
/// (1 where there are none); then the levels of a categorical response in UTF-8, each followed by a zero byte.
/// </remarks>
/// <param name="Response">The response as the formula writes it.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Hash">SHA-256 in hexadecimal digits.</param>
public sealed record DataFingerprint(string Response, long Rows, string Hash)
{
    private const int RowLength = 4 * sizeof(double);
    private const int BatchRows = 512;

    /// <summary>The fingerprint of the rows that a model is fitted to.</summary>
    /// <exception cref="ArgumentException">The rows have no response.</exception>
    public static DataFingerprint Of(ModelRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ResponseValues response = rows.Response ?? throw new ArgumentException("Rows without a response have no fingerprint.", nameof(rows));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> batch = stackalloc byte[BatchRows * RowLength];
        for (int first = 0; first < rows.Rows; first += BatchRows)
        {
            int count = Math.Min(BatchRows, rows.Rows - first);
            for (int i = 0; i < count; i++) WriteRow(batch[(i * RowLength)..], rows, response, first + i);
            hash.AppendData(batch[..(count * RowLength)]);
        }
        foreach (string level in response.Levels ?? []) hash.AppendData(Encoding.UTF8.GetBytes(level + "\0"));
        return new DataFingerprint(response.Name, rows.Rows, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void WriteRow(Span<byte> bytes, ModelRows rows, ResponseValues response, int row)
    {
        Write(bytes, 0, response.Values[row]);
        Write(bytes, 1, response.Failures?[row] ?? 0);
        Write(bytes, 2, rows.Weights?[row] ?? 1);
        Write(bytes, 3, rows.Trials?[row] ?? 1);
    }

    // Adding zero makes -0 and 0, which are equal, the same bits.
    private static void Write(Span<byte> bytes, int place, double value) => BinaryPrimitives.WriteDoubleLittleEndian(bytes[(place * sizeof(double))..], value + 0.0);
}
