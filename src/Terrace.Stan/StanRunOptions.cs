namespace Terrace.Stan;

/// <summary>How a compiled program is run.</summary>
public sealed record StanRunOptions
{
    /// <summary>The seed of the random numbers in transformed data.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether terms that do not depend on the parameters are left out of <c>~</c> statements, as Stan's samplers do. Default true.</summary>
    public bool DropConstants { get; init; } = true;

    /// <summary>Takes each line that the program prints; null drops them.</summary>
    public Action<string>? Printed { get; init; }

    /// <summary>The longest time that one evaluation may take; null is unlimited. Loops look at it every 100,000 rounds.</summary>
    public TimeSpan? EvaluationLimit { get; init; }

    /// <summary>The largest number of reals that one evaluation may hold, values and tape each. Default 2²⁷, 1 GB.</summary>
    public long MaximumElements { get; init; } = 1L << 27;

    /// <summary>The clock of the time limit.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Ends loops when it is cancelled.</summary>
    public CancellationToken Cancellation { get; init; }
}
