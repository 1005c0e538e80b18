using Terrace.Families;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Bayes;

/// <summary>
/// Responses of an exponential dispersion model, from cell means: binomial and Poisson (no ψ), gamma and inverse Gaussian (ψ₀ = log shape, the inverse of the dispersion), Gaussian with another link than
/// identity (ψ₀ = log σ).
/// <code>
/// D = deviance of the rows, W = Σ w, ν = shape
/// gamma             ℓ = W (ν log ν − ν − log Γ(ν)) − Σ w log y − ½ ν D           ∂ℓ/∂log ν = ν [W (log ν − digamma(ν)) − ½ D]
/// inverse Gaussian  ℓ = ½ W log ν − ½ (W log 2π + 3 Σ w log y) − ½ ν D           ∂ℓ/∂log ν = ½ (W − ν D)
/// </code>
/// Jørgensen (1987), Exponential dispersion models, section 2. Checked in <c>BayesianDensityTests</c>.
/// </summary>
internal sealed class ExponentialFamilyResponses(Observations observations) : ResponseModel
{
    private readonly Distribution _distribution = observations.Family.Distribution;
    private readonly double[] _information = new double[observations.Y.Length];

    /// <summary>Weight times proportion of each cell where the kernel takes successes; empty for other families.</summary>
    private readonly double[] _successes = observations.Family.Kernel is LogisticFamilyKernel ? [.. observations.Y.Zip(observations.Weight, (y, w) => y * w)] : [];

    private readonly double[] _unused = new double[observations.Y.Length];

    public override double Evaluate(double[][] eta, ReadOnlySpan<double> psi, double[][] score, Span<double> psiScore)
    {
        double kernel = _successes.Length > 0
            ? -2 * BinomialLogitKernel.Evaluate(eta[0], _successes, observations.Weight, score[0], [], [])
            : observations.Family.Kernel.Evaluate(eta[0], observations.Y, observations.Weight, Information.Observed, score[0], _information, []);
        double deviance = observations.DevianceOfRows(kernel + observations.KernelConstant);
        if (_distribution is Distribution.Binomial or Distribution.Poisson) return observations.LogLikelihood(deviance);
        double dispersion = Math.Exp(_distribution == Distribution.Gaussian ? 2 * psi[0] : -psi[0]), shape = 1 / dispersion;
        double[] slope = score[0];
        for (int i = 0; i < slope.Length; i++) slope[i] *= shape;
        psiScore[0] = _distribution switch
        {
            Distribution.Gaussian => deviance * shape - observations.WeightedRows,
            Distribution.Gamma => shape * (observations.WeightSum * (psi[0] - GammaFunction.Digamma(shape)) - 0.5 * deviance),
            _ => 0.5 * (observations.WeightSum - shape * deviance),
        };
        return observations.LogLikelihood(deviance, dispersion);
    }

    public override bool TryInformation(double[][] eta, ReadOnlySpan<double> psi, Span<double> information)
    {
        observations.Family.Kernel.Evaluate(eta[0], observations.Y, observations.Weight, Information.Observed, _unused, information, []);
        if (_distribution is Distribution.Binomial or Distribution.Poisson) return true;
        double shape = Math.Exp(_distribution == Distribution.Gaussian ? -2 * psi[0] : psi[0]);
        foreach (ref double value in information) value *= shape;
        return true;
    }
}
