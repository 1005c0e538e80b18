namespace Terrace.Bayes;

/// <summary>
/// The scales s of shrunken coefficients as functions of the parameters of their prior, with the log prior of those and the chain rule back. A workspace of one thread.
/// </summary>
internal abstract class ShrinkageScales(int count)
{
    /// <summary>How many coefficients there are.</summary>
    public int Coefficients { get; } = count;

    /// <summary>s of each coefficient.</summary>
    public double[] Scale { get; } = new double[count];

    /// <summary>The number of coordinates.</summary>
    public abstract int Count { get; }

    /// <summary>The variables in draws, in the order that <see cref="Write"/> has: one number, or one for each coefficient.</summary>
    public abstract IReadOnlyList<(string Name, bool PerCoefficient)> Variables { get; }

    /// <summary>The number of values in a draw.</summary>
    public int Values => Variables.Sum(variable => variable.PerCoefficient ? Coefficients : 1);

    /// <summary>Takes the coordinates and the unit of the common scale (σ or 1), fills <see cref="Scale"/> and returns the log prior density.</summary>
    public abstract double Set(ReadOnlySpan<double> theta, double unit, bool includeJacobian);

    /// <summary>Overwrites <paramref name="gradient"/> by the derivatives in the coordinates, given those of the rest in log s; returns the derivative in the log of the unit.</summary>
    public abstract double Gradient(ReadOnlySpan<double> byLogScale, bool includeJacobian, Span<double> gradient);

    /// <summary>The values in a draw.</summary>
    public abstract void Write(Span<double> values);

    /// <summary>The coordinates of values.</summary>
    /// <exception cref="ArgumentException">A value lies outside its support.</exception>
    public abstract void Invert(ReadOnlySpan<double> values, double unit, Span<double> theta);

    /// <summary>Refuses coordinates of values at or beyond the bounds.</summary>
    private protected void RequireFinite(ReadOnlySpan<double> theta)
    {
        for (int i = 0; i < Count; i++)
            if (!double.IsFinite(theta[i])) throw new ArgumentException($"The values of {string.Join(", ", Variables.Select(variable => variable.Name))} lie at or outside their bounds.", nameof(theta));
    }
}
