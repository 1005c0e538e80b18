namespace Terrace.NonlinearModels;

/// <summary>
/// A mean function that finds initial values of its parameters from the data. It is written as f = Σ a_j g_j(x; s): linear in the coefficients a once the shape s (rates,
/// midpoints, scales) is given, so that a coarse search over s alone, with a by least squares, starts the fit (<see cref="StartSearch"/>).
/// </summary>
/// <remarks>Golub and Pereyra (1973), The differentiation of pseudo-inverses and nonlinear least squares problems whose variables separate. The functions' definitions are R's
/// documented ones (Pinheiro and Bates 2000, appendix C).</remarks>
public abstract class SelfStartingFunction : MeanFunction
{
    private protected SelfStartingFunction(string name, IReadOnlyList<string> inputs, IReadOnlyList<string> parameters) : base(name, inputs, parameters) { }

    /// <summary>The number of coefficients in which the function is linear.</summary>
    internal abstract int LinearCount { get; }

    /// <summary>The shapes to try, given what the inputs span.</summary>
    internal abstract IEnumerable<double[]> Shapes(InputRange range);

    /// <summary>g_1 … g_m of one row.</summary>
    internal abstract void Basis(ReadOnlySpan<double> inputs, ReadOnlySpan<double> shape, Span<double> basis);

    /// <summary>The parameters of a shape with its linear coefficients; null where they are none.</summary>
    internal abstract double[]? ToParameters(ReadOnlySpan<double> shape, ReadOnlySpan<double> linear);

    /// <summary>The numbers from <paramref name="from"/> to <paramref name="to"/>, <paramref name="count"/> of them in equal steps.</summary>
    private protected static IEnumerable<double> Steps(double from, double to, int count) => Enumerable.Range(0, count).Select(i => from + (to - from) * i / (count - 1));

    /// <summary>Numbers in equal ratios.</summary>
    private protected static IEnumerable<double> Ratios(double from, double to, int count) => Steps(Math.Log(from), Math.Log(to), count).Select(Math.Exp);
}

/// <summary>What the input that a curve runs along (the last one) spans in the data.</summary>
/// <param name="Low">Its smallest value.</param>
/// <param name="High">Its largest value.</param>
/// <param name="Step">The smallest distance of two different values.</param>
internal sealed record InputRange(double Low, double High, double Step)
{
    /// <summary>The length of the range; 1 where all values are equal.</summary>
    public double Width => High > Low ? High - Low : 1;

    /// <summary>The range of the values of the last of <paramref name="count"/> inputs, which come row by row.</summary>
    public static InputRange Of(ReadOnlySpan<double> inputs, int count)
    {
        var values = new double[inputs.Length / count];
        for (int i = 0; i < values.Length; i++) values[i] = inputs[i * count + count - 1];
        Array.Sort(values);
        double step = double.PositiveInfinity;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[i - 1]) step = Math.Min(step, values[i] - values[i - 1]);
        return new InputRange(values[0], values[^1], double.IsFinite(step) ? step : 1);
    }
}
