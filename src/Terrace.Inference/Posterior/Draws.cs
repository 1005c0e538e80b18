namespace Terrace.Inference.Posterior;

/// <summary>
/// Draws of named variables: chains × iterations × columns, immutable, each column contiguous (chain after chain). Every engine ends here, simulation from a
/// maximum-likelihood fit and the bootstrap as well as samplers, and everything downstream reads it.
/// </summary>
public sealed class Draws
{
    private readonly double[] _values;

    /// <summary>Takes over <paramref name="values"/>, which must not be changed afterwards: column by column, within it chain by chain.</summary>
    /// <exception cref="ArgumentException">The number of values is not chains × iterations × columns.</exception>
    public Draws(VariableLayout layout, int chains, int iterations, double[] values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chains);
        ArgumentOutOfRangeException.ThrowIfNegative(iterations);
        if (values.Length != (long)layout.Count * chains * iterations)
            throw new ArgumentException($"{layout.Count} columns of {chains} x {iterations} draws need {(long)layout.Count * chains * iterations} values, not {values.Length}.", nameof(values));
        Layout = layout;
        Chains = chains;
        Iterations = iterations;
        _values = values;
    }

    /// <summary>The names of the columns.</summary>
    public VariableLayout Layout { get; }

    /// <summary>The number of chains; independent draws are one chain.</summary>
    public int Chains { get; }

    /// <summary>The number of iterations of each chain.</summary>
    public int Iterations { get; }

    /// <summary>The number of draws of each column: chains × iterations.</summary>
    public int Count => Chains * Iterations;

    /// <summary>All draws of column <paramref name="column"/>, chain after chain.</summary>
    public ReadOnlySpan<double> Column(int column) => _values.AsSpan(column * Count, Count);

    /// <summary>The draws of one chain of column <paramref name="column"/>.</summary>
    public ReadOnlySpan<double> Column(int column, int chain) => Column(column).Slice(chain * Iterations, Iterations);

    /// <summary>All draws of the column called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public ReadOnlySpan<double> Column(string name)
    {
        int column = Layout.IndexOf(name);
        return column >= 0 ? Column(column) : throw new ArgumentException($"There is no variable '{name}' among these draws.", nameof(name));
    }

    /// <summary>Copies the values of all columns in one draw (counted through the chains) to <paramref name="destination"/>.</summary>
    public void CopyDraw(int draw, Span<double> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)draw, (uint)Count, nameof(draw));
        for (int column = 0; column < Layout.Count; column++) destination[column] = _values[column * Count + draw];
    }
}
