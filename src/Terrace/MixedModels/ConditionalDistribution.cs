using Terrace.Numerics.RandomNumbers;

namespace Terrace.MixedModels;

/// <summary>
/// The normal distribution of the coefficients (β, b) given the variance parameters: its mean, the variance of linear combinations, and draws. A workspace of one thread.
/// </summary>
/// <remarks>
/// <para>(u, γ) ~ N(H⁻¹(Λ, I)'r, σ²H⁻¹), b = Λu, β = R⁻¹(γ + γ₀). A draw is H⁻¹(Λ, I)'r + σ L'⁻¹ξ, ξ standard normal; Var(c'(β, b)) = σ²|L⁻¹(Λ, I)'c|². Rue and Held (2005),
/// section 2.3. Check: JointPrecisionTests.</para>
/// </remarks>
public sealed class ConditionalDistribution
{
    private readonly JointPrecision _joint;
    private readonly RelativeCovarianceFactor _lambda;
    private readonly BlockedCholesky _factor;
    private readonly double[] _mean;
    private readonly double[] _work;
    private readonly double[] _coefficients;
    private readonly double[] _theta;
    private double _sigma;
    private bool _isFactored;
    private bool _meanIsForward;

    internal ConditionalDistribution(JointPrecision joint)
    {
        _joint = joint;
        _lambda = new RelativeCovarianceFactor(joint.Layout);
        _factor = new BlockedCholesky(joint.Layout, joint.Product.Pattern, joint.Basis.Rank);
        _mean = new double[joint.Layout.Columns + joint.Basis.Rank];
        _work = new double[_mean.Length];
        _coefficients = new double[_mean.Length];
        _theta = new double[joint.Layout.ThetaCount];
        FixedEffects = [];
        RandomEffects = new double[joint.Layout.Columns];
    }

    /// <summary>β of the last mean or draw, one for each column of the model matrix; NaN where aliased.</summary>
    public double[] FixedEffects { get; private set; }

    /// <summary>b of the last mean or draw; a term's effects are found by <see cref="RandomEffect"/>.</summary>
    public double[] RandomEffects { get; }

    /// <summary>r² = z'Wz − mean'H mean at θ.</summary>
    internal double PenalisedSumOfSquares { get; private set; }

    internal BlockedCholesky Factor => _factor;

    /// <summary>The mean of (u, γ), γ less its centre.</summary>
    internal double[] Mean
    {
        get
        {
            if (_meanIsForward) _factor.SolveBackward(_mean);
            _meanIsForward = false;
            return _mean;
        }
    }

    /// <summary>The effect of a level in the last mean or draw.</summary>
    public double RandomEffect(RandomTermFit term, int level, int component) => RandomEffects[term.Layout.Index(level, component)];

    /// <summary>Moves to other variance parameters; false if the precision is not positive definite there.</summary>
    public bool Set(ReadOnlySpan<double> theta, double sigma)
    {
        if (!Move(theta, sigma)) return false;
        SetToMean();
        return true;
    }

    /// <summary>Moves to other variance parameters without computing the coefficients; at the same θ as before that costs nothing.</summary>
    internal bool Move(ReadOnlySpan<double> theta, double sigma)
    {
        _sigma = sigma;
        if (_isFactored && theta.SequenceEqual(_theta)) return true;
        theta.CopyTo(_theta);
        _lambda.Set(theta);
        _isFactored = _factor.TryFactor(_joint.Product, _lambda);
        if (!_isFactored) return false;
        _lambda.MultiplyTransposed(_joint.Product.RightSide, _mean);
        _factor.SolveForward(_mean);
        double explained = 0;
        foreach (double c in _mean) explained += c * c;
        PenalisedSumOfSquares = _joint.Product.SumOfSquares - explained;
        _meanIsForward = true;
        return true;
    }

    /// <summary>Changes σ at the same θ.</summary>
    public void Rescale(double sigma) => _sigma = sigma;

    /// <summary>Sets the coefficients to their mean.</summary>
    public void SetToMean() => Export(Mean);

    /// <summary>Sets the coefficients to a draw.</summary>
    public void Draw(Rng rng)
    {
        for (int i = 0; i < _work.Length; i++) _work[i] = rng.NextNormal();
        _factor.SolveBackward(_work);
        double[] mean = Mean;
        for (int i = 0; i < _work.Length; i++) _work[i] = mean[i] + _sigma * _work[i];
        Export(_work);
    }

    /// <summary>The variance of a combination.</summary>
    public double Variance(LinearCombination combination)
    {
        _lambda.MultiplyTransposed(combination.Weights, _work);
        _factor.SolveForward(_work);
        double sum = 0;
        foreach (double c in _work) sum += c * c;
        return _sigma * _sigma * sum;
    }

    private void Export(double[] spherical)
    {
        _lambda.Multiply(spherical, _coefficients);
        _coefficients.AsSpan(0, RandomEffects.Length).CopyTo(RandomEffects);
        var gamma = _coefficients.AsSpan(RandomEffects.Length);
        for (int j = 0; j < gamma.Length; j++) gamma[j] += _joint.Centre[j];
        double[] kept = _joint.Basis.ToCoefficients(gamma);
        var beta = new double[_joint.Basis.Columns];
        Array.Fill(beta, double.NaN);
        for (int j = 0; j < kept.Length; j++) beta[_joint.Basis.Kept[j]] = kept[j];
        FixedEffects = beta;
    }
}
