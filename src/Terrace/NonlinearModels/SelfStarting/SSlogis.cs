namespace Terrace.NonlinearModels.SelfStarting;

/// <summary>Logistic growth: f = Asym / (1 + exp((xmid − x) / scal)). Asym: the asymptote; xmid: the x at half of it; scal: the scale of x. Pinheiro and Bates (2000), appendix C.7.</summary>
internal sealed class SSlogis() : SelfStartingFunction("SSlogis", ["input"], ["Asym", "xmid", "scal"])
{
    internal override int LinearCount => 1;

    public override double Evaluate(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        double z = (parameters[1] - inputs[0]) / parameters[2], p = 1 / (1 + Math.Exp(z));
        if (gradient.Length > 0)
        {
            double slope = parameters[0] * LogisticSlope.At(z);
            gradient[0] = p;
            gradient[1] = -slope / parameters[2];
            gradient[2] = slope * z / parameters[2];
        }
        return parameters[0] * p;
    }

    internal override IEnumerable<double[]> Shapes(InputRange range) => LogisticSlope.Shapes(range);

    internal override void Basis(ReadOnlySpan<double> inputs, ReadOnlySpan<double> shape, Span<double> basis) => basis[0] = 1 / (1 + Math.Exp((shape[0] - inputs[0]) / shape[1]));

    internal override double[]? ToParameters(ReadOnlySpan<double> shape, ReadOnlySpan<double> linear) => [linear[0], shape[0], shape[1]];
}
