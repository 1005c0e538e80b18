using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// (Z, Q)'V⁻¹(Z, Q) of a linear mixed model at its estimates, dense: V the marginal covariance of the response, Q the orthonormal basis of the fixed effects.
/// </summary>
/// <remarks>
/// <para>σ² V⁻¹ = W − WZΛ M⁻¹ Λ'Z'W with M = Λ'Z'WZΛ + I = LL' (Woodbury), so that with A = (Z, Q) it is A'WA − H'H, H = L⁻¹Λ'Z'WA: q random effects cost q³ operations and no row is touched.</para>
/// <para>Symbols: Z'V⁻¹Z -> <see cref="Random"/>, Z'V⁻¹Q -> <see cref="Mixed"/>, Q'V⁻¹Q -> <see cref="Fixed"/>. Check: KenwardRogerTests (dense matrices).</para>
/// </remarks>
internal sealed class MarginalCrossProducts
{
    /// <summary>The most random effects: three matrices of that size take 400 MB.</summary>
    public const int LargestRandom = 4000;

    private readonly JointPrecision _joint;

    /// <exception cref="ModelException">There are more than <see cref="LargestRandom"/> random effects.</exception>
    public MarginalCrossProducts(JointPrecision joint, CancellationToken cancellation)
    {
        _joint = joint;
        int q = joint.Layout.Columns, p = joint.Basis.Rank;
        if (q > LargestRandom)
            throw new ModelException($"Kenward and Roger's method takes dense matrices of all random effects, of which the model has {q:N0}; it is limited to {LargestRandom:N0}. Use Satterthwaite's method, which has no such limit.");
        var product = CrossProduct();
        var half = HalfProduct(product, cancellation);
        cancellation.ThrowIfCancellationRequested();
        Syrk.AddLower(product, -1, half, true);
        Syrk.MirrorLower(product);
        double scale = 1 / (joint.Sigma * joint.Sigma);
        for (int i = 0; i < product.Values.Length; i++) product.Values[i] *= scale;
        Random = Block(product, 0, q, 0, q);
        Mixed = Block(product, 0, q, q, p);
        Fixed = Block(product, q, p, q, p);
    }

    public Matrix Random { get; }

    public Matrix Mixed { get; }

    public Matrix Fixed { get; }

    /// <summary>A'WA from its blocks.</summary>
    private Matrix CrossProduct()
    {
        int size = _joint.Layout.Columns + _joint.Basis.Rank;
        var product = new Matrix(size, size);
        var unit = new double[size];
        for (int j = 0; j < size; j++)
        {
            unit[j] = 1;
            _joint.Product.Multiply(unit, product.Column(j));
            unit[j] = 0;
        }
        return product;
    }

    /// <summary>H = L⁻¹Λ'Z'WA.</summary>
    private Matrix HalfProduct(Matrix product, CancellationToken cancellation)
    {
        int q = _joint.Layout.Columns;
        var lambda = new RelativeCovarianceFactor(_joint.Layout);
        lambda.Set(_joint.Theta);
        var half = new Matrix(q, product.Columns);
        for (int j = 0; j < product.Columns; j++) lambda.MultiplyTransposed(product.Column(j)[..q], half.Column(j));
        var m = new Matrix(q, q);
        var row = new double[q];
        for (int j = 0; j < q; j++)
        {
            for (int i = 0; i < q; i++) row[i] = half[j, i];
            lambda.MultiplyTransposed(row, m.Column(j));
            m[j, j] += 1;
        }
        cancellation.ThrowIfCancellationRequested();
        if (!Cholesky.TryFactor(m)) throw new ModelException("The covariance of the response cannot be inverted at the estimates; simplify the random effects.");
        Cholesky.SolveLower(m, half);
        return half;
    }

    private static Matrix Block(Matrix m, int firstRow, int rows, int firstColumn, int columns)
    {
        var block = new Matrix(rows, columns);
        for (int j = 0; j < columns; j++) m.Column(firstColumn + j).Slice(firstRow, rows).CopyTo(block.Column(j));
        return block;
    }
}
