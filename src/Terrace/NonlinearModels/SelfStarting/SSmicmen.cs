namespace Terrace.NonlinearModels.SelfStarting;

/// <summary>Michaelis and Menten's (1913) enzyme kinetics: f = Vm x / (K + x). Vm: the largest rate; K: the x at half of it. Pinheiro and Bates (2000), appendix C.8.</summary>
internal sealed class SSmicmen() : SelfStartingFunction("SSmicmen", ["input"], ["Vm", "K"])
{
    internal override int LinearCount => 1;

    public override double Evaluate(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        double share = inputs[0] / (parameters[1] + inputs[0]);
        if (gradient.Length > 0)
        {
            gradient[0] = share;
            gradient[1] = -parameters[0] * share / (parameters[1] + inputs[0]);
        }
        return parameters[0] * share;
    }

    internal override IEnumerable<double[]> Shapes(InputRange range) => Ratios(0.1 * range.Step, 20 * Math.Max(Math.Abs(range.High), range.Width), 60).Select(k => new[] { k });

    internal override void Basis(ReadOnlySpan<double> inputs, ReadOnlySpan<double> shape, Span<double> basis) => basis[0] = inputs[0] / (shape[0] + inputs[0]);

    internal override double[]? ToParameters(ReadOnlySpan<double> shape, ReadOnlySpan<double> linear) => [linear[0], shape[0]];
}
