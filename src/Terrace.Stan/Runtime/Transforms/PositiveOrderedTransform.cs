namespace Terrace.Stan.Runtime.Transforms;

/// <summary>Vectors of positive elements that increase: x₁ = exp(y₁), xₖ = xₖ₋₁ + exp(yₖ), log |J| = Σ yₖ. Source: Stan reference manual, "Positive ordered vector".</summary>
internal static class PositiveOrderedTransform
{
    /// <summary>The number of free values.</summary>
    public static int FreeSize(int size) => size;

    /// <summary>The ordered values of free ones.</summary>
    public static Block Constrain(Workspace w, Block free, bool jacobian) => OrderedTransform.Accumulate(w, free, jacobian, 0);

    /// <summary>The free values: logarithms of the differences.</summary>
    /// <exception cref="ArgumentException">The values do not increase.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free)
    {
        if (Violation(constrained) is { } violation) throw new ArgumentException(violation, nameof(constrained));
        OrderedTransform.Differences(constrained, free);
    }

    /// <summary>Refuses values that are negative or do not increase.</summary>
    public static void Check(ReadOnlySpan<double> x, string name)
    {
        if (Violation(x) is { } violation) Workspace.Reject($"{name}: {violation}");
    }

    private static string? Violation(ReadOnlySpan<double> x)
    {
        for (int k = 0; k < x.Length; k++)
            if (k == 0 ? !(x[0] >= 0) : !(x[k] > x[k - 1])) return k == 0 ? $"element 1 is {x[0]}, but must be positive" : $"element {k + 1} is {x[k]}, but must be larger than the one before it, {x[k - 1]}";
        return null;
    }
}
