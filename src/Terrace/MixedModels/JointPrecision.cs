using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// All that a fit keeps of its data: the blocked cross-products from which the conditional distribution of (β, b) follows for any θ. For a linear model it is exact; for a
/// generalised one it is that of the quadratic approximation of the log likelihood at the estimates.
/// </summary>
/// <remarks>
/// <para>Given θ and σ, (u, γ) is normal with covariance σ² H(θ)⁻¹ and mean H(θ)⁻¹(Λ, I)'r, H as in <see cref="BlockedCholesky"/>, r = A'Wz. For a generalised model r is chosen so that at
/// the estimated θ the mean is the estimate itself. Rue and Held (2005), <em>Gaussian Markov Random Fields</em>, section 2.3, for draws by back-substitution.</para>
/// <para>Symbols: A'WA and r -> <see cref="Product"/>; X = QR and β = R⁻¹(γ + γ₀) -> <see cref="Basis"/>, <see cref="Centre"/>. Check: JointPrecisionTests.</para>
/// </remarks>
public sealed class JointPrecision
{
    internal JointPrecision(BlockedCrossProduct product, FixedEffectsBasis basis, double[] centre, double[] theta, double sigma, bool sigmaIsEstimated, int rows, double sumOfWeights)
    {
        Product = product;
        Basis = basis;
        Centre = centre;
        Theta = theta;
        Sigma = sigma;
        SigmaIsEstimated = sigmaIsEstimated;
        Rows = rows;
        SumOfWeights = sumOfWeights;
    }

    /// <summary>The number of rows that were fitted.</summary>
    public int Rows { get; }

    /// <summary>The estimated σ (1 where the family has none).</summary>
    public double Sigma { get; }

    /// <summary>Whether σ is a parameter of the model.</summary>
    public bool SigmaIsEstimated { get; }

    /// <summary>The number of random effects, and the length of b in <see cref="ConditionalDistribution"/>.</summary>
    public int RandomEffects => Layout.Columns;

    /// <summary>The sum of the weights under which the cross-products were formed.</summary>
    internal double SumOfWeights { get; }

    internal BlockedCrossProduct Product { get; }

    internal FixedEffectsBasis Basis { get; }

    /// <summary>γ₀: what was subtracted from the basis coefficients before the cross-products were formed.</summary>
    internal double[] Centre { get; }

    internal double[] Theta { get; }

    internal RandomEffectsLayout Layout => Product.Layout;

    /// <summary>How the random effects were solved for: dense, sparse or iterative.</summary>
    public Factorisation Factorisation => Product.Pattern.Sparse is not { } sparse ? Factorisation.Dense : sparse.IsOrdered ? Factorisation.Sparse : Factorisation.Iterative;

    /// <summary>The distribution of (β, b) at the estimated θ and σ.</summary>
    public ConditionalDistribution AtEstimate() => At(Theta, Sigma);

    /// <summary>The distribution of (β, b) given θ (lower triangles of the relative factors, in lme4's order of terms) and σ.</summary>
    public ConditionalDistribution At(ReadOnlySpan<double> theta, double sigma)
    {
        var distribution = new ConditionalDistribution(this);
        if (!distribution.Set(theta, sigma)) throw new ModelException("The joint precision of the coefficients is not positive definite at these variance parameters.");
        return distribution;
    }

    /// <summary>A linear combination of coefficients, all its weights 0 to begin with.</summary>
    public LinearCombination NewCombination() => new(this);

    /// <summary>Σ w z² of a term's covariate over the data.</summary>
    internal double SumOfSquares(RandomTermLayout term, int component)
    {
        double sum = 0;
        for (int l = 0; l < term.Levels.Count; l++)
        {
            int index = term.Index(l, component);
            sum += term.IsLead ? Product.Lead[index * Layout.LeadWidth + term.Start + component] : Product.TailEntry(index - Layout.LeadColumns, index - Layout.LeadColumns);
        }
        return sum;
    }

    internal Matrix FixedCovariance(BlockedCholesky factor, double sigma)
    {
        int p = Basis.Rank;
        var corner = new Matrix(p, p);
        for (int j = 0; j < p; j++)
        {
            for (int i = j; i < p; i++) corner[i, j] = factor.FixedEntry(i, j);
        }
        var covariance = p == 0 ? corner : Basis.ToCoefficientCovariance(Cholesky.InverseFromFactor(corner));
        for (int i = 0; i < covariance.Values.Length; i++) covariance.Values[i] *= sigma * sigma;
        return covariance;
    }
}
