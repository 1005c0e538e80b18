namespace Terrace.NonlinearModels.SelfStarting;

/// <summary>Gompertz's (1825) growth: f = Asym exp(−b2 b3^x). Asym: the asymptote; b2: related to f at x = 0; b3: related to the scale of x, between 0 and 1 for growth. R's definition.</summary>
internal sealed class SSgompertz() : SelfStartingFunction("SSgompertz", ["x"], ["Asym", "b2", "b3"])
{
    internal override int LinearCount => 1;

    public override double Evaluate(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        double x = inputs[0], power = Math.Pow(parameters[2], x), e = Math.Exp(-parameters[1] * power), value = parameters[0] * e;
        if (gradient.Length > 0)
        {
            gradient[0] = e;
            gradient[1] = -value * power;
            gradient[2] = -value * parameters[1] * x * power / parameters[2];
        }
        return value;
    }

    // b3 = exp(−k), b2 = exp(k i): the curve bends at x = i, its scale is 1 / k.
    internal override IEnumerable<double[]> Shapes(InputRange range)
    {
        double[] scales = [.. Ratios(0.02 * range.Width, 2 * range.Width, 16)];
        return from i in Enumerable.Range(0, 31)
               from scale in scales
               select new[] { Math.Exp((range.Low + range.Width * (i - 10) / 15.0) / scale), Math.Exp(-1 / scale) };
    }

    internal override void Basis(ReadOnlySpan<double> inputs, ReadOnlySpan<double> shape, Span<double> basis) => basis[0] = Math.Exp(-shape[0] * Math.Pow(shape[1], inputs[0]));

    internal override double[]? ToParameters(ReadOnlySpan<double> shape, ReadOnlySpan<double> linear) => double.IsFinite(shape[0]) ? [linear[0], shape[0], shape[1]] : null;
}
