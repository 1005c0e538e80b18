namespace Terrace.MixedModels;

/// <summary>How a criterion at the conditional modes changes with the parameters through the modes: the part of its gradient that comes from implicit differentiation.</summary>
/// <remarks>
/// <para>With c = ∂F/∂η at given u, the direct slope a = Λ'Z'c + ∂F/∂u (2û of the penalty), H = Λ'Z'WZΛ + I: q = H⁻¹a, t = ZΛq, s = c − W∘t; ∂F/∂γ = X's and ∂F/∂T_ab gains
/// Σ_levels (Z's)_a u_b + (Z'ℓ')_a q_b. Derived in docs/algorithms/mixed-models.md.</para>
/// <para>Kass and Steffey (1989) for derivatives through modes. Symbols: q -> <see cref="Slopes"/>; t -> <see cref="Move"/>. Check: the gradient tests of LaplaceDevianceTests, DistributionalDevianceTests and QuadratureDevianceTests.</para>
/// </remarks>
internal sealed class ModeAdjoint(MixedModelCells cells, ModeSearch modes)
{
    private readonly double[] _coefficients = new double[cells.Coefficients];
    private readonly double[] _products = new double[cells.Coefficients];

    /// <summary>∂F/∂u beside the way through η before <see cref="Solve"/>, then q; 0 for the fixed effects.</summary>
    public double[] Slopes { get; } = new double[cells.Coefficients];

    /// <summary>t per cell.</summary>
    public double[] Move { get; } = new double[cells.Count];

    /// <summary>Sets <see cref="Slopes"/> to those of the penalty u'u.</summary>
    public void SetPenalty()
    {
        for (int i = 0; i < cells.Layout.Columns; i++) Slopes[i] = 2 * modes.Spherical[i];
    }

    /// <summary>Turns c in <paramref name="direct"/> into s, and the slopes into q.</summary>
    public void Solve(Span<double> direct)
    {
        int q = cells.Layout.Columns;
        cells.TransposedProduct(direct, _coefficients);
        modes.Lambda.MultiplyTransposed(_coefficients, _products);
        for (int i = 0; i < q; i++) Slopes[i] += _products[i];
        modes.Factor.Solve(Slopes.AsSpan(0, q));
        Array.Clear(Slopes, q, Slopes.Length - q);
        modes.Lambda.Multiply(Slopes, _coefficients);
        Array.Clear(Move);
        cells.AddProduct(_coefficients, Move);
        for (int i = 0; i < direct.Length; i++) direct[i] -= modes.ObservedWeights[i] * Move[i];
    }

    /// <summary>Adds the part in T to a gradient, given (Z, X)'s and (Z, X)'ℓ'.</summary>
    public void AddToTheta(ReadOnlySpan<double> slopeProducts, ReadOnlySpan<double> scoreProducts, Span<double> gradient)
    {
        foreach (var term in cells.Layout.Terms)
        {
            for (int b = 0; b < term.Width; b++)
            {
                for (int a = b; a < term.Width; a++)
                {
                    int k = term.ThetaIndex(a, b);
                    gradient[k] = gradient[k] + LevelProducts.Sum(term, a, b, slopeProducts, modes.Spherical) + LevelProducts.Sum(term, a, b, scoreProducts, Slopes);
                }
            }
        }
    }
}
