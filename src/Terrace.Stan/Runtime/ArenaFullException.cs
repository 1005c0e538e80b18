namespace Terrace.Stan.Runtime;

/// <summary>The arenas of a workspace.</summary>
internal enum Arena
{
    /// <summary>Values and adjoints.</summary>
    Values,

    /// <summary>Integers.</summary>
    Integers,
}

/// <summary>An arena is too small: the evaluator grows it and evaluates again.</summary>
internal sealed class ArenaFullException(Arena arena, long needed) : Exception
{
    /// <summary>Which one.</summary>
    public Arena Arena { get; } = arena;

    /// <summary>The number of places that would have sufficed up to here.</summary>
    public long Needed { get; } = needed;
}

internal sealed unsafe partial class Workspace
{
    /// <summary>The largest number of values, adjoints or tape entries; 2²⁷ values are 1 GB with a second for the adjoints.</summary>
    public long MaximumElements { get; set; } = 1L << 27;

    /// <summary>Grows the arena that was full, keeping what lies below the places in use.</summary>
    /// <exception cref="StanFaultException">The limit is reached.</exception>
    public void Grow(ArenaFullException full)
    {
        ArgumentNullException.ThrowIfNull(full);
        if (full.Arena == Arena.Integers)
        {
            Array.Resize(ref I, Grown(I.Length, full.Needed));
            return;
        }
        int length = Grown(V.Length, full.Needed);
        Array.Resize(ref V, length);
        Array.Resize(ref A, length);
    }

    private int Grown(int length, long needed)
    {
        if (needed > MaximumElements) throw new StanFaultException(StanFaultKind.Limit, $"the program needs more than {MaximumElements:N0} numbers of memory, which is the limit");
        return (int)Math.Min(MaximumElements, Math.Max(needed, 2L * length));
    }
}
