namespace Terrace.NonlinearModels.SelfStarting;

/// <summary>Asymptotic regression with an offset: f = Asym (1 − exp(−exp(lrc) (x − c0))). Asym: the asymptote; lrc: the log of the rate; c0: the x at which f is 0. Pinheiro and Bates (2000), appendix C.2.</summary>
internal sealed class SSasympOff() : SelfStartingFunction("SSasympOff", ["input"], ["Asym", "lrc", "c0"])
{
    internal override int LinearCount => 2;

    public override double Evaluate(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        double rate = Math.Exp(parameters[1]), along = inputs[0] - parameters[2], decay = Math.Exp(-rate * along);
        if (gradient.Length > 0)
        {
            gradient[0] = 1 - decay;
            gradient[1] = parameters[0] * decay * rate * along;
            gradient[2] = -parameters[0] * decay * rate;
        }
        return parameters[0] * (1 - decay);
    }

    internal override IEnumerable<double[]> Shapes(InputRange range) => SSasymp.Rates(range).Select(rate => new[] { Math.Log(rate) });

    // Asym − D exp(−rate x) with D = Asym exp(rate c0).
    internal override void Basis(ReadOnlySpan<double> inputs, ReadOnlySpan<double> shape, Span<double> basis)
    {
        basis[0] = 1;
        basis[1] = -Math.Exp(-Math.Exp(shape[0]) * inputs[0]);
    }

    internal override double[]? ToParameters(ReadOnlySpan<double> shape, ReadOnlySpan<double> linear)
    {
        double ratio = linear[1] / linear[0];
        return ratio > 0 ? [linear[0], shape[0], Math.Log(ratio) / Math.Exp(shape[0])] : null;
    }
}
