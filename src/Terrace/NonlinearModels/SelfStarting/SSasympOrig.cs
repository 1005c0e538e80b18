namespace Terrace.NonlinearModels.SelfStarting;

/// <summary>Asymptotic regression through the origin: f = Asym (1 − exp(−exp(lrc) x)). Asym: the asymptote; lrc: the log of the rate. Pinheiro and Bates (2000), appendix C.3.</summary>
internal sealed class SSasympOrig() : SelfStartingFunction("SSasympOrig", ["input"], ["Asym", "lrc"])
{
    internal override int LinearCount => 1;

    public override double Evaluate(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        double rate = Math.Exp(parameters[1]), decay = Math.Exp(-rate * inputs[0]);
        if (gradient.Length > 0)
        {
            gradient[0] = 1 - decay;
            gradient[1] = parameters[0] * decay * rate * inputs[0];
        }
        return parameters[0] * (1 - decay);
    }

    internal override IEnumerable<double[]> Shapes(InputRange range) => SSasymp.Rates(range).Select(rate => new[] { Math.Log(rate) });

    internal override void Basis(ReadOnlySpan<double> inputs, ReadOnlySpan<double> shape, Span<double> basis) => basis[0] = 1 - Math.Exp(-Math.Exp(shape[0]) * inputs[0]);

    internal override double[]? ToParameters(ReadOnlySpan<double> shape, ReadOnlySpan<double> linear) => [linear[0], shape[0]];
}
