namespace Terrace.NonlinearModels.SelfStarting;

/// <summary>Asymptotic regression: f = Asym + (R0 − Asym) exp(−exp(lrc) x). Asym: the asymptote; R0: f at x = 0; lrc: the log of the rate. Pinheiro and Bates (2000), appendix C.1.</summary>
internal sealed class SSasymp() : SelfStartingFunction("SSasymp", ["input"], ["Asym", "R0", "lrc"])
{
    internal override int LinearCount => 2;

    public override double Evaluate(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        double rate = Math.Exp(parameters[2]), decay = Math.Exp(-rate * inputs[0]), fall = parameters[1] - parameters[0];
        if (gradient.Length > 0)
        {
            gradient[0] = 1 - decay;
            gradient[1] = decay;
            gradient[2] = -fall * decay * rate * inputs[0];
        }
        return parameters[0] + fall * decay;
    }

    internal override IEnumerable<double[]> Shapes(InputRange range) => Rates(range).Select(rate => new[] { Math.Log(rate) });

    internal override void Basis(ReadOnlySpan<double> inputs, ReadOnlySpan<double> shape, Span<double> basis)
    {
        basis[1] = Math.Exp(-Math.Exp(shape[0]) * inputs[0]);
        basis[0] = 1 - basis[1];
    }

    internal override double[]? ToParameters(ReadOnlySpan<double> shape, ReadOnlySpan<double> linear) => [linear[0], linear[1], shape[0]];

    /// <summary>Rates from one that hardly bends over the data to one that is done after their smallest step.</summary>
    internal static IEnumerable<double> Rates(InputRange range) => Ratios(0.05 / range.Width, Math.Max(5 / range.Step, 50 / range.Width), 60);
}
