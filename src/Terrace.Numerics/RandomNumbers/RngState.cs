namespace Terrace.Numerics.RandomNumbers;

/// <summary>Where a <see cref="Rng"/> stands: enough to go on from there, in another process too.</summary>
/// <param name="Seed">The key of the generator.</param>
/// <param name="Stream">The stream of the generator.</param>
/// <param name="Position">How many 64-bit words the generator has given out.</param>
public readonly record struct RngState(ulong Seed, ulong Stream, ulong Position);
