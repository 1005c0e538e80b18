using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>
/// The slopes of one linear predictor under a shrinkage prior, from coordinates z to γ and back.
/// <code>β_j = s_j z_j   (of a coefficient with a prior of its own: β_j = unit |B_jj| z_j)    γ = B⁻¹ β    ∂/∂z_j = s_j (B⁻ᵀ ∂/∂γ)_j − z_j    ∂/∂log s_j = β_j (B⁻ᵀ ∂/∂γ)_j</code>
/// Non-centred, since scales and coefficients depend on each other strongly: Piironen and Vehtari (2017), appendix C. A workspace of one thread. Checked in <c>ShrinkagePriorTests</c>.
/// </summary>
internal sealed class ShrunkenCoefficients
{
    private readonly PredictorDesign _predictor;
    private readonly int[] _shrunken;
    private readonly int _first;
    private readonly int _sigma;
    private readonly double[] _beta;
    private readonly double[] _scale;
    private readonly double[] _byBeta;
    private readonly double[] _byLogScale;
    private readonly double[] _values;

    /// <summary>The slopes of <paramref name="predictor"/>; null where no prior of theirs is a shrinkage prior.</summary>
    /// <param name="predictor">The predictor.</param>
    /// <param name="priors">Its priors, the intercept's first where there is one.</param>
    /// <param name="auxiliary">The parameters that are one number, among which sigma is looked for.</param>
    /// <exception cref="ModelException">There are two different shrinkage priors, or the intercept has one.</exception>
    public static ShrunkenCoefficients? Of(PredictorDesign predictor, IReadOnlyList<Prior> priors, IReadOnlyList<AuxiliaryParameter> auxiliary)
    {
        int[] shrunken = [.. Enumerable.Range(0, priors.Count).Where(j => priors[j] is ShrinkagePrior)];
        if (shrunken.Length == 0) return null;
        if (predictor.HasIntercept && shrunken[0] == 0) throw new ModelException("A shrinkage prior is not for the intercept; give that a normal or student_t prior.");
        var prior = (ShrinkagePrior)priors[shrunken[0]];
        if (shrunken.Any(j => !priors[j].Equals(prior))) throw new ModelException("There are two different shrinkage priors; one shrinks all coefficients that have no other prior.");
        return new ShrunkenCoefficients(predictor, prior, shrunken, prior.Autoscale ? auxiliary.ToList().FindIndex(parameter => parameter.Name == "sigma") : -1);
    }

    private ShrunkenCoefficients(PredictorDesign predictor, ShrinkagePrior prior, int[] shrunken, int sigma)
    {
        (_predictor, _shrunken, _sigma, _first) = (predictor, shrunken, sigma, predictor.HasIntercept ? 1 : 0);
        Scales = prior.CreateScales(shrunken.Length);
        (_beta, _scale, _byBeta, _byLogScale, _values) = (new double[predictor.Count], new double[predictor.Count], new double[predictor.Count], new double[shrunken.Length], new double[Scales.Values]);
    }

    /// <summary>The scales.</summary>
    public ShrinkageScales Scales { get; }

    /// <summary>The component of the predictor.</summary>
    public string Component => _predictor.Component;

    /// <summary>The names of the coefficients that are shrunk.</summary>
    public IEnumerable<string> Names => _shrunken.Select(_predictor.CoefficientNames.ElementAt);

    /// <summary>The values of the prior's parameters in a draw, after <see cref="Set"/>.</summary>
    public ReadOnlySpan<double> Values
    {
        get
        {
            Scales.Write(_values);
            return _values;
        }
    }

    /// <summary>Takes the coordinates of the prior's parameters; returns their log prior density.</summary>
    public double Set(ReadOnlySpan<double> theta, AuxiliaryParameters auxiliary, bool includeJacobian) => Scales.Set(theta, Unit(auxiliary), includeJacobian);

    /// <summary>The coordinates of the prior's parameters from their values in a draw.</summary>
    /// <exception cref="ArgumentException">A value lies outside its support.</exception>
    public void Invert(ReadOnlySpan<double> values, AuxiliaryParameters auxiliary, Span<double> theta) => Scales.Invert(values, Unit(auxiliary), theta);

    /// <summary>The slopes γ of coordinates <paramref name="z"/>; leaves the intercept alone. Both spans are those of the predictor.</summary>
    public void ToCoefficients(ReadOnlySpan<double> z, double unit, Span<double> gamma)
    {
        for (int j = _first; j < _beta.Length; j++) _scale[j] = unit * Math.Abs(_predictor.Back[j, j]);
        for (int k = 0; k < _shrunken.Length; k++) _scale[_shrunken[k]] = Scales.Scale[k];
        for (int j = _first; j < _beta.Length; j++) gamma[j] = _beta[j] = _scale[j] * z[j];
        for (int j = _beta.Length - 1; j >= _first; j--)
        {
            ReadOnlySpan<double> column = _predictor.Back.Column(j);
            gamma[j] /= column[j];
            ContiguousLoops.AddMultiple(-gamma[j], column[_first..j], gamma[_first..j]);
        }
    }

    /// <summary>The coordinates z of slopes γ.</summary>
    public void FromCoefficients(ReadOnlySpan<double> gamma, double unit, Span<double> z)
    {
        _predictor.Coefficients(gamma, _beta);
        for (int j = _first; j < _beta.Length; j++) z[j] = _beta[j] / (unit * Math.Abs(_predictor.Back[j, j]));
        for (int k = 0; k < _shrunken.Length; k++) z[_shrunken[k]] = _beta[_shrunken[k]] / Scales.Scale[k];
    }

    /// <summary>The log density of z; overwrites the slopes' part of <paramref name="gradient"/> by the derivatives in z, given those of the rest in γ.</summary>
    public double Gradient(ReadOnlySpan<double> z, ReadOnlySpan<double> byGamma, Span<double> gradient)
    {
        for (int j = _first; j < _beta.Length; j++)
        {
            ReadOnlySpan<double> column = _predictor.Back.Column(j);
            _byBeta[j] = (byGamma[j] - ContiguousLoops.Dot(column[_first..j], _byBeta.AsSpan(_first..j))) / column[j];
            gradient[j] = _scale[j] * _byBeta[j];
        }
        double squares = 0;
        for (int k = 0; k < _shrunken.Length; k++)
        {
            int j = _shrunken[k];
            squares += z[j] * z[j];
            gradient[j] -= z[j];
            _byLogScale[k] = _beta[j] * _byBeta[j];
        }
        return -0.5 * (squares + _shrunken.Length * Math.Log(2 * Math.PI));
    }

    /// <summary>Overwrites <paramref name="gradient"/> by the derivatives in the coordinates of the prior's parameters, after <see cref="Gradient"/>; adds those in log σ.</summary>
    public void ScaleGradient(bool includeJacobian, Span<double> gradient, Span<double> byPsi)
    {
        double byUnit = Scales.Gradient(_byLogScale, includeJacobian, gradient);
        if (_sigma >= 0) byPsi[_sigma] += byUnit;
    }

    private double Unit(AuxiliaryParameters auxiliary) => _sigma < 0 ? 1 : auxiliary.Values[_sigma];
}
