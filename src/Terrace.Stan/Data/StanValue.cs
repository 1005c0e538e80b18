namespace Terrace.Stan.Data;

/// <summary>A value of the data: its dimensions and its numbers, the last index running fastest, as nested JSON arrays are read. A complex number has a last dimension of 2.</summary>
/// <param name="IsInteger">Whether every number was written as an integer that fits 32 bits: <c>1</c> is one, <c>1.0</c> is not.</param>
/// <param name="Dimensions">The sizes, outermost first; empty for a single number.</param>
/// <param name="Values">The numbers; none for a tuple.</param>
public sealed record StanValue(bool IsInteger, int[] Dimensions, double[] Values)
{
    /// <summary>The parts of a tuple; null for numbers. For an array of tuples each part holds that part of all tuples, with the dimensions of the array in front of its own.</summary>
    public IReadOnlyList<StanValue>? Elements { get; init; }
}
