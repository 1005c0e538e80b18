namespace Terrace.NonlinearModels.SelfStarting;

/// <summary>
/// The first-order compartment model: f = Dose exp(lKe + lKa − lCl) (exp(−exp(lKe) t) − exp(−exp(lKa) t)) / (exp(lKa) − exp(lKe)). lKe, lKa, lCl: the logs of the rates of
/// elimination and absorption and of the clearance. Pinheiro and Bates (2000), appendix C.5. Where the rates are nearly equal the quotient is its limit, by expm1.
/// </summary>
internal sealed class SSfol() : SelfStartingFunction("SSfol", ["Dose", "input"], ["lKe", "lKa", "lCl"])
{
    internal override int LinearCount => 1;

    public override double Evaluate(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        double ke = Math.Exp(parameters[0]), ka = Math.Exp(parameters[1]), t = inputs[1], scale = inputs[0] * ke * ka * Math.Exp(-parameters[2]);
        double q = Quotient(ke, ka, t), value = scale * q;
        if (gradient.Length > 0)
        {
            gradient[0] = value + scale * ke * SlopeInFirst(ke, ka, t, q);
            gradient[1] = value + scale * ka * SlopeInFirst(ka, ke, t, q);
            gradient[2] = -value;
        }
        return value;
    }

    internal override IEnumerable<double[]> Shapes(InputRange range)
    {
        double[] rates = [.. Ratios(0.05 / range.Width, Math.Max(5 / range.Step, 50 / range.Width), 32)];
        return from ke in rates from ka in rates where ka > ke select new[] { Math.Log(ke), Math.Log(ka) };
    }

    internal override void Basis(ReadOnlySpan<double> inputs, ReadOnlySpan<double> shape, Span<double> basis)
    {
        double ke = Math.Exp(shape[0]), ka = Math.Exp(shape[1]);
        basis[0] = inputs[0] * ke * ka * Quotient(ke, ka, inputs[1]);
    }

    internal override double[]? ToParameters(ReadOnlySpan<double> shape, ReadOnlySpan<double> linear) => linear[0] > 0 ? [shape[0], shape[1], -Math.Log(linear[0])] : null;

    /// <summary>(e^(−at) − e^(−bt)) / (b − a), symmetric in a and b: e^(−mt) t sinh(d)/d with m their mean and d = (b − a) t / 2.</summary>
    private static double Quotient(double a, double b, double t)
    {
        double d = 0.5 * (b - a) * t;
        if (Math.Abs(d) > 0.1) return (Math.Exp(-a * t) - Math.Exp(-b * t)) / (b - a);
        double square = d * d;
        return Math.Exp(-0.5 * (a + b) * t) * t * (1 + square / 6 * (1 + square / 20 * (1 + square / 42 * (1 + square / 72))));
    }

    /// <summary>∂/∂a of the quotient q: (q − t e^(−at)) / (b − a), near a = b by the derivative of the series.</summary>
    private static double SlopeInFirst(double a, double b, double t, double q)
    {
        double d = 0.5 * (b - a) * t;
        if (Math.Abs(d) > 0.1) return (q - t * Math.Exp(-a * t)) / (b - a);
        double square = d * d, inner = d / 3 * (1 + square / 10 * (1 + square / 28 * (1 + square / 54)));
        return -0.5 * t * q - 0.5 * t * t * Math.Exp(-0.5 * (a + b) * t) * inner;
    }
}
