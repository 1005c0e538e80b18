namespace Terrace.Bayes;

/// <summary>
/// The parameters θ at one point: covariance factors of the terms, parameters that are one number, their log prior, and the chain rule back to θ. A workspace of one thread, shared by all coordinate systems
/// of a model.
/// </summary>
internal sealed class ParameterState
{
    private readonly ModelStructure _structure;
    private readonly double[][] _byTriangle;
    private double _unused;
    private bool _includeJacobian;

    public ParameterState(ModelStructure structure)
    {
        _structure = structure;
        Covariances = structure.CreateCovariances();
        Auxiliary = new AuxiliaryParameters(structure.Auxiliary);
        Shrinkage = structure.CreateShrinkage();
        _byTriangle = [.. structure.Terms.Select(term => new double[term.Width * term.Width])];
        Factors = [.. structure.Blocks.Select(block => block.Share == BlockShare.Whole ? Covariances[block.Term].Triangle : new double[1])];
        ByFactor = [.. structure.Blocks.Select(block => block.Share == BlockShare.Whole ? _byTriangle[block.Term] : new double[1])];
        ByPsi = new double[structure.Auxiliary.Count];
    }

    /// <summary>The covariance of each term.</summary>
    public TermCovariance[] Covariances { get; }

    /// <summary>The parameters that are one number.</summary>
    public AuxiliaryParameters Auxiliary { get; }

    /// <summary>The shrunken coefficients of each predictor; null where it has none.</summary>
    public ShrunkenCoefficients?[] Shrinkage { get; }

    /// <summary>The covariance factor of each block: T of its term, or its share of the standard deviation.</summary>
    public double[][] Factors { get; }

    /// <summary>The derivatives of the rest in each block's factor, to be filled before <see cref="Gradient"/>.</summary>
    public double[][] ByFactor { get; }

    /// <summary>The share or the autocorrelation of a block; 0 where it has none.</summary>
    public double Parameter(CoefficientBlock block) => block.Parameter < 0 ? 0 : Auxiliary.Values[block.Parameter];

    /// <summary>The derivatives of the rest in ψ, to be filled before <see cref="Gradient"/>.</summary>
    public double[] ByPsi { get; }

    /// <summary>The derivative in the coordinate of a block's parameter, to be added to; a place of no meaning where it has none.</summary>
    public ref double ByParameter(CoefficientBlock block) => ref block.Parameter < 0 ? ref _unused : ref ByPsi[block.Parameter];

    /// <summary>Takes θ and returns its log prior density.</summary>
    public double Set(ReadOnlySpan<double> theta, bool includeJacobian)
    {
        _includeJacobian = includeJacobian;
        double sum = Auxiliary.Set(theta[_structure.AuxiliaryStart..], includeJacobian);
        for (int k = 0; k < Covariances.Length; k++)
            sum += Covariances[k].Set(theta[_structure.CovarianceStart[k]..], Dispersion(k), includeJacobian);
        SetShares();
        int at = _structure.ShrinkageStart;
        foreach (ShrunkenCoefficients? block in Shrinkage)
        {
            if (block is null) continue;
            sum += block.Set(theta[at..], Auxiliary, includeJacobian);
            at += block.Scales.Count;
        }
        return sum;
    }

    /// <summary>Overwrites <paramref name="gradient"/> by the derivatives in θ; changes <see cref="ByPsi"/> where a prior is relative to the dispersion.</summary>
    public void Gradient(Span<double> gradient)
    {
        GatherShares();
        for (int k = 0; k < Covariances.Length; k++)
        {
            double byDispersion = Covariances[k].Gradient(_byTriangle[k], gradient[_structure.CovarianceStart[k]..]);
            if (Covariances[k].IsRelative) ByPsi[0] += byDispersion;
        }
        int at = _structure.ShrinkageStart;
        foreach (ShrunkenCoefficients? block in Shrinkage)
        {
            if (block is null) continue;
            block.ScaleGradient(_includeJacobian, gradient[at..], ByPsi);
            at += block.Scales.Count;
        }
        Auxiliary.Gradient(ByPsi, _includeJacobian, gradient[_structure.AuxiliaryStart..]);
    }

    private void SetShares()
    {
        for (int b = 0; b < Factors.Length; b++)
        {
            CoefficientBlock block = _structure.Blocks[b];
            if (block.Share != BlockShare.Whole) Factors[b][0] = Covariances[block.Term].Triangle[0] * Share(block);
        }
    }

    /// <summary>Derivatives in the term's standard deviation and in the logit of the share: d log √(1 − φ) = −½ φ, d log √φ = ½ (1 − φ).</summary>
    private void GatherShares()
    {
        for (int b = 0; b < Factors.Length; b++)
        {
            CoefficientBlock block = _structure.Blocks[b];
            if (block.Share == BlockShare.Whole) continue;
            double share = Parameter(block);
            if (block.Share == BlockShare.Independent) _byTriangle[block.Term][0] = 0;
            _byTriangle[block.Term][0] += ByFactor[b][0] * Share(block);
            ByPsi[block.Parameter] += ByFactor[b][0] * Factors[b][0] * (block.Share == BlockShare.Independent ? -0.5 * share : 0.5 * (1 - share));
        }
    }

    private double Share(CoefficientBlock block) => Math.Sqrt(block.Share == BlockShare.Independent ? 1 - Parameter(block) : Parameter(block));

    /// <summary>What the prior of term k is relative to: the first parameter of the family, or 1.</summary>
    public double Dispersion(int k) => Covariances[k].IsRelative ? Auxiliary.Values[0] : 1;
}
