using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>
/// Minus twice the log likelihood of a generalised mixed model with one grouping factor as a function of (θ, γ), each level's random effects (one or several) integrated out by adaptive
/// Gauss–Hermite quadrature, with the exact gradient of this sum.
/// </summary>
/// <remarks>
/// <para>F = constant + Σ_g [log |M_g| − 2 log Σ_k w_k exp(|x_k|²/2 − D_g(u_k)/2 − |u_k|²/2)], u_k = û_g + L_g'⁻¹ x_k, η_i = o_i + x_i'γ + z_i'T u, M_g = L_g L_g' = I + T'Z'WZ T at the mode û_g;
/// x_k and w_k are the nodes and weights for a standard normal mean. Pinheiro and Bates (1995), <em>Approximations to the log-likelihood function in the nonlinear mixed-effects model</em>,
/// section 2.4; Pinheiro and Chao (2006), <em>Efficient Laplacian and adaptive Gaussian quadrature algorithms for multilevel generalized linear mixed models</em>. One node gives <see cref="LaplaceDeviance"/>.</para>
/// <para>Gradient, through mode and scale: with π_k the shares of the nodes in the sum, t_k = 2(u_k − T'Z'ℓ'(η_k)), A = Σ π_k t_k, B = Σ π_k (L⁻¹t_k) x_k', Ψ symmetric with the upper triangle of B
/// halved, K = L'⁻¹(I − Ψ)L⁻¹, c_i = W'_i z_i'T K T'z_i, H = I + T'Z'W_obs ZT, q = H⁻¹(A + T'Z'c), s = c − W_obs∘(ZTq): ∂F/∂γ = X'(−2 Σ_k π_k ℓ'_k + s),
/// ∂F/∂T_ab = Σ_g [−2 Σ_k π_k (Z'ℓ'_k)_a u_kb + 2(Z'WZ T K)_ab + (Z's)_a û_b + (Z'ℓ')_a q_b]. Derived in docs/algorithms/mixed-models.md.</para>
/// <para>Symbols: x_k -> <see cref="QuadratureGrid"/>; L -> the factor of <see cref="LaplaceDeviance"/>; A -> <see cref="ModeAdjoint.Slopes"/>, then q; the sums over nodes -> <see cref="QuadratureSums"/>; s -> <c>_direct</c>.</para>
/// <para>Deviations from lme4: vectors of effects, and the constants of the rows' likelihood stay in. Check: QuadratureDevianceTests (finite differences, a fine grid, one node).</para>
/// </remarks>
internal sealed class QuadratureDeviance
{
    private readonly MixedModelCells _cells;
    private readonly Observations _observations;
    private readonly LaplaceDeviance _laplace;
    private readonly QuadratureSums _sums;
    private readonly int _width;
    private readonly double[] _block;
    private readonly double[] _direct;
    private readonly double[] _nodeScores;
    private readonly ModeAdjoint _adjoint;
    private readonly double[] _coefficients;
    private readonly double[] _scoreProducts;

    /// <summary>Sets up the sum over <paramref name="points"/> nodes in each dimension around the modes that <paramref name="laplace"/> finds.</summary>
    /// <exception cref="ModelException">The model has more than one grouping factor, or a dispersion, or there would be too many nodes.</exception>
    public QuadratureDeviance(MixedModelCells cells, Observations observations, LaplaceDeviance laplace, int points)
    {
        Refuse(cells.Layout, observations.Family, points);
        (_cells, _observations, _laplace) = (cells, observations, laplace);
        _width = cells.Layout.LeadWidth;
        _sums = new QuadratureSums(cells, observations, new QuadratureGrid(points, _width));
        _block = new double[_width * _width];
        _direct = new double[cells.Count];
        _nodeScores = new double[cells.Count];
        _adjoint = new ModeAdjoint(cells, laplace.Modes);
        _coefficients = new double[cells.Coefficients];
        _scoreProducts = new double[cells.Coefficients];
    }

    /// <summary>Takes the responses anew, after they have changed.</summary>
    public void Reset() => _sums.Reset();

    /// <summary>F at (θ, γ), and its gradient unless that span is empty; NaN where there is no mode.</summary>
    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        if (double.IsNaN(_laplace.Evaluate(parameters, []))) return double.NaN;
        double sum = ScaleProfile.MinusTwoLogLikelihood(_observations, _observations.DevianceOfRows(_observations.KernelConstant)) + _laplace.Factor.LogDeterminantRandom;
        Array.Clear(_block);
        for (int g = 0; g < _cells.Layout.LeadLevels; g++)
        {
            sum -= 2 * _sums.Integrate(g, _laplace, !gradient.IsEmpty);
            if (!gradient.IsEmpty) TakeLevel(g);
        }
        if (!double.IsFinite(sum)) return double.NaN;
        if (!gradient.IsEmpty) Differentiate(gradient);
        return sum;
    }

    private static void Refuse(RandomEffectsLayout layout, Family family, int points)
    {
        string name = QuadratureEngine.NameOf(points);
        if (layout.TailColumns > 0)
            throw new ModelException($"{name} needs one grouping factor, as (1 | g) or (1 + x | g); this model has {string.Join(" and ", layout.Terms.Select(t => t.Group).Distinct())}. Use laplace.");
        if (!family.HasKnownDispersion)
            throw new ModelException($"{name} needs a family without a dispersion parameter, such as binomial or poisson; the {family.Name} family has one. Use laplace.");
    }

    /// <summary>Takes over the sums over a level's nodes, and adds 2 Z'WZ T K to the derivative through T; c_i goes to the level's cells.</summary>
    private void TakeLevel(int g)
    {
        var scale = _sums.Scale(_laplace.Factor.LeadFactor(g));
        var products = _laplace.Product.Lead.AsSpan(g * _width * _width, _width * _width);
        double[] lambda = _laplace.Modes.Lambda.Lead;
        var mixed = _sums.Mix(lambda, scale);
        for (int b = 0; b < _width; b++)
        {
            for (int a = b; a < _width; a++)
            {
                double sum = 0;
                for (int j = 0; j < _width; j++) sum += products[a + j * _width] * mixed[j + b * _width];
                _block[a + b * _width] += 2 * sum - 2 * _sums.ScoreEffects[a + b * _width];
            }
        }
        _sums.ModeSlopes.CopyTo(_adjoint.Slopes.AsSpan(g * _width));
        _sums.SpreadScores(g, _nodeScores);
        _sums.SpreadScale(g, lambda, mixed, _laplace.Slopes, _direct);
    }

    private void Differentiate(Span<double> gradient)
    {
        int q = _cells.Layout.Columns, thetas = _cells.Layout.ThetaCount;
        _adjoint.Solve(_direct);
        _cells.TransposedProduct(_laplace.Modes.Score, _scoreProducts);
        _cells.TransposedProduct(_direct, _coefficients);
        TakeBlock(gradient);
        _adjoint.AddToTheta(_coefficients, _scoreProducts, gradient);
        for (int i = 0; i < _direct.Length; i++) _direct[i] -= 2 * _nodeScores[i];
        _cells.TransposedProduct(_direct, _coefficients);
        _coefficients.AsSpan(q).CopyTo(gradient[thetas..]);
    }

    /// <summary>The derivative through T of the levels' sums becomes the gradient in θ.</summary>
    private void TakeBlock(Span<double> gradient)
    {
        foreach (var term in _cells.Layout.Terms)
        {
            for (int b = 0; b < term.Width; b++)
            {
                for (int a = b; a < term.Width; a++) gradient[term.ThetaIndex(a, b)] = _block[term.Start + a + (term.Start + b) * _width];
            }
        }
    }
}
