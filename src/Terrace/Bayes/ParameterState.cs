namespace Terrace.Bayes;

/// <summary>
/// The parameters θ at one point: covariance factors of the terms, parameters that are one number, their log prior, and the chain rule back to θ. A workspace of one thread, shared by all coordinate systems
/// of a model.
/// </summary>
internal sealed class ParameterState
{
    private readonly ModelStructure _structure;
    private bool _includeJacobian;

    public ParameterState(ModelStructure structure)
    {
        _structure = structure;
        Covariances = structure.CreateCovariances();
        Auxiliary = new AuxiliaryParameters(structure.Auxiliary);
        ByTriangle = [.. structure.Terms.Select(term => new double[term.Width * term.Width])];
        Shrinkage = structure.CreateShrinkage();
        ByPsi = new double[structure.Auxiliary.Count];
    }

    /// <summary>The covariance of each term.</summary>
    public TermCovariance[] Covariances { get; }

    /// <summary>The parameters that are one number.</summary>
    public AuxiliaryParameters Auxiliary { get; }

    /// <summary>The shrunken coefficients of each predictor; null where it has none.</summary>
    public ShrunkenCoefficients?[] Shrinkage { get; }

    /// <summary>The derivatives of the rest in each term's T, to be filled before <see cref="Gradient"/>.</summary>
    public double[][] ByTriangle { get; }

    /// <summary>The derivatives of the rest in ψ, to be filled before <see cref="Gradient"/>.</summary>
    public double[] ByPsi { get; }

    /// <summary>Takes θ and returns its log prior density.</summary>
    public double Set(ReadOnlySpan<double> theta, bool includeJacobian)
    {
        _includeJacobian = includeJacobian;
        double sum = Auxiliary.Set(theta[_structure.AuxiliaryStart..], includeJacobian);
        for (int k = 0; k < Covariances.Length; k++)
            sum += Covariances[k].Set(theta[_structure.CovarianceStart[k]..], Dispersion(k), includeJacobian);
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
        for (int k = 0; k < Covariances.Length; k++)
        {
            double byDispersion = Covariances[k].Gradient(ByTriangle[k], gradient[_structure.CovarianceStart[k]..]);
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

    /// <summary>What the prior of term k is relative to: the first parameter of the family, or 1.</summary>
    public double Dispersion(int k) => Covariances[k].IsRelative ? Auxiliary.Values[0] : 1;
}
