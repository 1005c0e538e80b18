namespace Terrace.Bayes;

/// <summary>
/// The likelihood of Gaussian responses with identity link from their moments, at a cost that does not depend on the number of rows: ψ₀ = log σ.
/// <code>ℓ = C − ½ S(x)/σ² − n log σ    ∂ℓ/∂x = (g − Ad)/σ²    ∂ℓ/∂ψ = S(x)/σ² − n</code>
/// The formulas are those of <see cref="GaussianMoments"/>. Checked in <c>GaussianMomentsTests</c> against the sum over cells.
/// </summary>
internal sealed class GaussianQuadratic(GaussianMoments moments) : CoefficientLikelihood
{
    private readonly double[] _d = new double[moments.Centre.Length];

    public override double Evaluate(ReadOnlySpan<double> x, ReadOnlySpan<double> psi, Span<double> gradient, Span<double> psiGradient)
    {
        double precision = Math.Exp(-2 * psi[0]), squares = moments.Squares;
        double[] d = _d, score = moments.Score, centre = moments.Centre;
        for (int i = 0; i < d.Length; i++) d[i] = x[i] - centre[i];
        for (int i = 0; i < d.Length; i++)
        {
            double product = moments.Information.Element(i, d);
            squares += d[i] * (product - 2 * score[i]);
            gradient[i] = (score[i] - product) * precision;
        }
        psiGradient[0] = squares * precision - moments.Rows;
        return moments.Constant - 0.5 * squares * precision - moments.Rows * psi[0];
    }
}
