namespace Terrace.NonlinearModels;

/// <summary>A mean function that is a delegate of the user's.</summary>
/// <remarks>
/// Derivatives that are not given are central differences extrapolated once (Richardson 1911): (4 D(h) − D(2h)) / 3 with D(h) = (f(φ + h) − f(φ − h)) / 2h, whose
/// error is of order h⁴, at h = 10⁻³ max(|φ|, 10⁻³). Check: NonlinearMeanTests, against the derivatives of the built-in functions.
/// </remarks>
internal sealed class DelegateMeanFunction(string name, IReadOnlyList<string> inputs, IReadOnlyList<string> parameters, MeanValueWithGradient value)
    : MeanFunction(name, inputs, parameters)
{
    private const double RelativeStep = 1e-3;

    public override double Evaluate(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> gradient) => value(inputs, parameters, gradient);

    /// <summary>The value and, unless <paramref name="gradient"/> is empty, its derivatives by differences.</summary>
    public static double Differentiate(MeanValue value, ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        if (gradient.Length > 0)
        {
            double[] moved = parameters.ToArray();
            for (int k = 0; k < gradient.Length; k++) gradient[k] = Derivative(value, inputs, moved, k);
        }
        return value(inputs, parameters);
    }

    private static double Derivative(MeanValue value, ReadOnlySpan<double> inputs, double[] parameters, int k)
    {
        double h = RelativeStep * Math.Max(Math.Abs(parameters[k]), RelativeStep);
        return (4 * Difference(value, inputs, parameters, k, h) - Difference(value, inputs, parameters, k, 2 * h)) / 3;
    }

    private static double Difference(MeanValue value, ReadOnlySpan<double> inputs, double[] parameters, int k, double h)
    {
        double at = parameters[k], above = at + h, below = at - h;
        parameters[k] = above;
        double high = value(inputs, parameters);
        parameters[k] = below;
        double low = value(inputs, parameters);
        parameters[k] = at;
        return (high - low) / (above - below);
    }
}
