namespace Terrace.Families.Densities;

/// <summary>ℓ and its derivatives in the mean μ for one cell; of up to two further parameters those that a gradient needs.</summary>
internal struct MeanDerivatives
{
    public double Value;
    public double First;
    public double Second;
    public double Third;
    public double Own0;
    public double OwnFirst0;
    public double OwnSecond0;
    public double Own1;
    public double OwnFirst1;
    public double OwnSecond1;
}

/// <summary>A distribution by its mean: ℓ(μ, ψ) cell by cell. A structure, so that loops over cells call nothing virtually.</summary>
internal interface IMeanDistribution
{
    /// <summary>The number of further parameters, at most two.</summary>
    static abstract int Parameters { get; }

    /// <summary>Takes the further parameters and computes what does not depend on μ.</summary>
    void SetParameters(ReadOnlySpan<double[]> psi);

    /// <summary>ℓ, ∂ℓ/∂μ, ∂²ℓ/∂μ² of a cell.</summary>
    void Modes(int cell, double mean, ref MeanDerivatives into);

    /// <summary>∂³ℓ/∂μ³, and for each ψ ∂ℓ/∂ψ, ∂²ℓ/∂μ∂ψ, ∂³ℓ/∂μ²∂ψ of a cell, after <see cref="Modes"/>.</summary>
    void Gradient(int cell, double mean, ref MeanDerivatives into);

    /// <summary>Whether <see cref="Expected"/> is known.</summary>
    static abstract bool HasExpectedInformation { get; }

    /// <summary>The expected information of μ of a cell and its derivatives in μ and in the first ψ.</summary>
    (double Information, double Slope, double Own) Expected(int cell, double mean);
}

/// <summary>
/// A distribution by its mean, with a link: derivatives in η by the chain rule.
/// <code>
/// ∂ℓ/∂η = ℓ′g₁    ∂²ℓ/∂η² = ℓ″g₁² + ℓ′g₂    ∂³ℓ/∂η³ = ℓ‴g₁³ + 3ℓ″g₁g₂ + ℓ′g₃    ∂²ℓ/∂η∂ψ = ℓ′_ψ g₁    ∂³ℓ/∂η²∂ψ = ℓ″_ψ g₁² + ℓ′_ψ g₂
/// </code>
/// Primes are derivatives in μ, g₁, g₂, g₃ those of μ in η: McCullagh and Nelder (1989), section 2.5, continued. Checked by finite differences in <c>ResponseDensityTests</c>.
/// </summary>
internal sealed class MeanDensity<TDistribution, TLink>(TDistribution distribution) : ResponseDensity
    where TDistribution : struct, IMeanDistribution
    where TLink : struct, ILinkFunction
{
    private readonly TDistribution _distribution = distribution;

    public override int Parameters => TDistribution.Parameters;

    public override bool SetParameters(ReadOnlySpan<double[]> psi)
    {
        _distribution.SetParameters(psi);
        return true;
    }

    public override void Evaluate(ReadOnlySpan<double> eta, DensityDetail detail, DensityDerivatives into)
    {
        var row = new MeanDerivatives();
        for (int i = 0; i < eta.Length; i++)
        {
            if (!TLink.IsValidEta(eta[i]))
            {
                into.Value[i] = double.NegativeInfinity;
                continue;
            }
            double mean = TLink.Mean(eta[i]), g1 = TLink.Slope(eta[i]), g2 = TLink.Second(eta[i]);
            _distribution.Modes(i, mean, ref row);
            into.Value[i] = row.Value;
            into.First[i] = row.First * g1;
            into.Second[i] = row.Second * g1 * g1 + row.First * g2;
            if (detail == DensityDetail.Modes) continue;
            _distribution.Gradient(i, mean, ref row);
            into.Third[i] = row.Third * g1 * g1 * g1 + 3 * row.Second * g1 * g2 + row.First * TLink.Third(eta[i]);
            if (TDistribution.Parameters > 0) Store(into, 0, i, row.Own0, row.OwnFirst0, row.OwnSecond0, g1, g2);
            if (TDistribution.Parameters > 1) Store(into, 1, i, row.Own1, row.OwnFirst1, row.OwnSecond1, g1, g2);
        }
    }

    public override bool HasExpectedInformation => TDistribution.HasExpectedInformation;

    /// <summary>W = I g₁², dW/dη = I′ g₁³ + 2 I g₁ g₂, ∂W/∂ψ = I_ψ g₁².</summary>
    public override void ExpectedInformation(ReadOnlySpan<double> eta, double[] information, double[] slope, double[][] own)
    {
        for (int i = 0; i < eta.Length; i++)
        {
            double mean = TLink.Mean(eta[i]), g1 = TLink.Slope(eta[i]), square = g1 * g1;
            var (value, first, parameter) = _distribution.Expected(i, mean);
            information[i] = value * square;
            slope[i] = first * square * g1 + 2 * value * g1 * TLink.Second(eta[i]);
            if (TDistribution.Parameters > 0) own[0][i] = parameter * square;
        }
    }

    private static void Store(DensityDerivatives into, int k, int i, double own, double first, double second, double g1, double g2)
    {
        into.Own[k][i] = own;
        into.OwnFirst[k][i] = first * g1;
        into.OwnSecond[k][i] = second * g1 * g1 + first * g2;
    }
}
