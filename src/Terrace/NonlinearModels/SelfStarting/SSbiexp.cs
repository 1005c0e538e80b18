namespace Terrace.NonlinearModels.SelfStarting;

/// <summary>A sum of two exponentials: f = A1 exp(−exp(lrc1) x) + A2 exp(−exp(lrc2) x), lrc1 the log of the faster rate. Pinheiro and Bates (2000), appendix C.4.</summary>
internal sealed class SSbiexp() : SelfStartingFunction("SSbiexp", ["input"], ["A1", "lrc1", "A2", "lrc2"])
{
    internal override int LinearCount => 2;

    public override double Evaluate(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        double x = inputs[0], first = Math.Exp(parameters[1]), second = Math.Exp(parameters[3]), e1 = Math.Exp(-first * x), e2 = Math.Exp(-second * x);
        if (gradient.Length > 0)
        {
            gradient[0] = e1;
            gradient[1] = -parameters[0] * e1 * first * x;
            gradient[2] = e2;
            gradient[3] = -parameters[2] * e2 * second * x;
        }
        return parameters[0] * e1 + parameters[2] * e2;
    }

    internal override IEnumerable<double[]> Shapes(InputRange range)
    {
        double[] rates = [.. Ratios(0.05 / range.Width, Math.Max(5 / range.Step, 50 / range.Width), 32)];
        return from fast in rates from slow in rates where fast > slow select new[] { Math.Log(fast), Math.Log(slow) };
    }

    internal override void Basis(ReadOnlySpan<double> inputs, ReadOnlySpan<double> shape, Span<double> basis)
    {
        basis[0] = Math.Exp(-Math.Exp(shape[0]) * inputs[0]);
        basis[1] = Math.Exp(-Math.Exp(shape[1]) * inputs[0]);
    }

    internal override double[]? ToParameters(ReadOnlySpan<double> shape, ReadOnlySpan<double> linear) => [linear[0], shape[0], linear[1], shape[1]];
}
