namespace Terrace.Inference.Posterior;

/// <summary>
/// Where an engine writes its draws as it makes them; <see cref="ToDraws"/> hands them over. Different draws may be written by different threads.
/// </summary>
public sealed class DrawsBuffer
{
    private readonly VariableLayout _layout;
    private readonly int _chains;
    private readonly int _iterations;
    private double[]? _values;

    /// <summary>Makes room for chains × iterations × columns.</summary>
    public DrawsBuffer(VariableLayout layout, int chains, int iterations)
    {
        _layout = layout;
        _chains = chains;
        _iterations = iterations;
        _values = new double[checked(layout.Count * chains * iterations)];
    }

    /// <summary>Stores one draw of all columns.</summary>
    /// <exception cref="InvalidOperationException">The draws were handed over before.</exception>
    public void Write(int chain, int iteration, ReadOnlySpan<double> draw)
    {
        double[] values = _values ?? throw new InvalidOperationException("The draws have been handed over.");
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)chain, (uint)_chains, nameof(chain));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)iteration, (uint)_iterations, nameof(iteration));
        if (draw.Length != _layout.Count) throw new ArgumentException($"A draw has {_layout.Count} values, not {draw.Length}.", nameof(draw));
        int count = _chains * _iterations;
        int row = chain * _iterations + iteration;
        for (int column = 0; column < draw.Length; column++) values[column * count + row] = draw[column];
    }

    /// <summary>Hands the draws over without copying; the buffer takes no more.</summary>
    public Draws ToDraws()
    {
        double[] values = _values ?? throw new InvalidOperationException("The draws have been handed over.");
        _values = null;
        return new Draws(_layout, _chains, _iterations, values);
    }
}
