namespace Terrace.Numerics.Tests;

internal static class Closeness
{
    /// <summary>Fails unless the relative difference is at most the tolerance.</summary>
    public static void Close(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"{actual:R} is not {expected:R} within {tolerance}; relative {Math.Abs(actual / expected - 1):g3}.");
}
