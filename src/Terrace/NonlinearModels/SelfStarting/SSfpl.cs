namespace Terrace.NonlinearModels.SelfStarting;

/// <summary>
/// The four-parameter logistic: f = A + (B − A) / (1 + exp((xmid − x) / scal)). A, B: the asymptotes to the left and right (for scal &gt; 0); xmid: the x halfway; scal: the
/// scale of x. Pinheiro and Bates (2000), appendix C.6.
/// </summary>
internal sealed class SSfpl() : SelfStartingFunction("SSfpl", ["input"], ["A", "B", "xmid", "scal"])
{
    internal override int LinearCount => 2;

    public override double Evaluate(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        double z = (parameters[2] - inputs[0]) / parameters[3], p = 1 / (1 + Math.Exp(z)), rise = parameters[1] - parameters[0];
        if (gradient.Length > 0)
        {
            double slope = rise * LogisticSlope.At(z);
            gradient[0] = 1 / (1 + Math.Exp(-z));
            gradient[1] = p;
            gradient[2] = -slope / parameters[3];
            gradient[3] = slope * z / parameters[3];
        }
        return parameters[0] + rise * p;
    }

    // A sign of the scale is a swap of the asymptotes, so the positive half is enough.
    internal override IEnumerable<double[]> Shapes(InputRange range) => LogisticSlope.Shapes(range).Where(shape => shape[1] > 0);

    internal override void Basis(ReadOnlySpan<double> inputs, ReadOnlySpan<double> shape, Span<double> basis)
    {
        double z = (shape[0] - inputs[0]) / shape[1];
        basis[0] = 1 / (1 + Math.Exp(-z));
        basis[1] = 1 / (1 + Math.Exp(z));
    }

    internal override double[]? ToParameters(ReadOnlySpan<double> shape, ReadOnlySpan<double> linear) => [linear[0], linear[1], shape[0], shape[1]];
}
