namespace Terrace.NonlinearModels.SelfStarting;

/// <summary>
/// Weibull growth: f = Asym − Drop exp(−exp(lrc) x^pwr). Asym: the asymptote to the right; Drop: from there to f at x = 0; lrc: the log of the rate; pwr: the power of x.
/// Defined for x ≥ 0. Ratkowsky (1983), section 4.4; R's definition.
/// </summary>
internal sealed class SSweibull() : SelfStartingFunction("SSweibull", ["x"], ["Asym", "Drop", "lrc", "pwr"])
{
    internal override int LinearCount => 2;

    public override double Evaluate(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        double x = inputs[0], hazard = Math.Exp(parameters[2]) * Math.Pow(x, parameters[3]), decay = Math.Exp(-hazard);
        if (gradient.Length > 0)
        {
            gradient[0] = 1;
            gradient[1] = -decay;
            gradient[2] = parameters[1] * decay * hazard;
            gradient[3] = x > 0 ? gradient[2] * Math.Log(x) : 0;
        }
        return parameters[0] - parameters[1] * decay;
    }

    // The curve has lost 1 − 1/e of its drop at x = s: lrc = −pwr log s.
    internal override IEnumerable<double[]> Shapes(InputRange range)
    {
        double high = range.High > 0 ? range.High : 1, low = Math.Min(Math.Max(range.Low, 0.01 * high), 0.5 * high);
        return from s in Ratios(low, 2 * high, 24) from power in Ratios(0.25, 12, 24) select new[] { -power * Math.Log(s), power };
    }

    internal override void Basis(ReadOnlySpan<double> inputs, ReadOnlySpan<double> shape, Span<double> basis)
    {
        basis[0] = 1;
        basis[1] = -Math.Exp(-Math.Exp(shape[0]) * Math.Pow(inputs[0], shape[1]));
    }

    internal override double[]? ToParameters(ReadOnlySpan<double> shape, ReadOnlySpan<double> linear) => [linear[0], linear[1], shape[0], shape[1]];
}
