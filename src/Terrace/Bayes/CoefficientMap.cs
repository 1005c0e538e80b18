using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>
/// The linear map E from coefficients x to fixed coefficients and effects e = E x, with its transpose: the identity but for blocks that have a basis. Immutable.
/// <code>u = Σ (B ⊗ I) w over a term's blocks;   ∂/∂w = (B ⊗ I)' ∂/∂u;   information in x = E' A E</code>
/// Checked in <c>StructuredTermTests</c> against dense products.
/// </summary>
internal sealed class CoefficientMap
{
    private readonly ModelStructure _structure;

    public CoefficientMap(ModelStructure structure)
    {
        _structure = structure;
        IsIdentity = structure.Blocks.All(block => block.Basis is null && block.Share == BlockShare.Whole);
    }

    /// <summary>Whether the effects are the coefficients.</summary>
    public bool IsIdentity { get; }

    /// <summary>The length of e.</summary>
    public int Effects => _structure.FixedCount + _structure.EffectCount;

    /// <summary>e = E x.</summary>
    public void ToEffects(ReadOnlySpan<double> x, Span<double> e)
    {
        x[.._structure.FixedCount].CopyTo(e);
        EffectsOf(x, e[_structure.FixedCount..]);
    }

    /// <summary>The effects of all terms, in their order.</summary>
    public void EffectsOf(ReadOnlySpan<double> x, Span<double> u)
    {
        u.Clear();
        foreach (CoefficientBlock block in _structure.Blocks)
        {
            GroupTerm term = _structure.Terms[block.Term];
            AddBlock(block, x.Slice(block.Start, block.Count), u.Slice(term.Start - _structure.FixedCount, term.Count));
        }
    }

    /// <summary>The spatial parts of mixed spatial terms, one after the other.</summary>
    public void SpatialOf(ReadOnlySpan<double> x, Span<double> spatial)
    {
        spatial.Clear();
        int at = 0;
        foreach (CoefficientBlock block in _structure.Blocks)
        {
            if (block.Share != BlockShare.Spatial) continue;
            int levels = block.Basis!.Rows;
            AddBlock(block, x.Slice(block.Start, block.Count), spatial.Slice(at, levels));
            at += levels;
        }
    }

    /// <summary>The coefficients of given effects and spatial parts: by least squares where they have a basis.</summary>
    public void FromEffects(ReadOnlySpan<double> u, ReadOnlySpan<double> spatial, Span<double> x)
    {
        int at = 0;
        for (int b = 0; b < _structure.Blocks.Count; b++)
        {
            CoefficientBlock block = _structure.Blocks[b];
            GroupTerm term = _structure.Terms[block.Term];
            ReadOnlySpan<double> own = u.Slice(term.Start - _structure.FixedCount, term.Count);
            Span<double> w = x.Slice(block.Start, block.Count);
            if (block.Share == BlockShare.Whole) Invert(block, own, w);
            else
            {
                ReadOnlySpan<double> part = spatial.Slice(at, term.Count);
                if (block.Share == BlockShare.Spatial)
                {
                    Invert(block, part, w);
                    at += term.Count;
                }
                else
                    for (int i = 0; i < w.Length; i++) w[i] = own[i] - part[i];
            }
        }
    }

    private static void AddBlock(CoefficientBlock block, ReadOnlySpan<double> w, Span<double> u)
    {
        if (block.Basis is not { } basis) ContiguousLoops.AddMultiple(1, w, u);
        else if (block.Width == 1)
            for (int j = 0; j < basis.Columns; j++) ContiguousLoops.AddMultiple(w[j], basis.Column(j), u);
        else AddWide(basis, block.Width, w, u);
    }

    private static void Invert(CoefficientBlock block, ReadOnlySpan<double> u, Span<double> w)
    {
        if (block.Basis is not { } basis)
        {
            u.CopyTo(w);
            return;
        }
        Matrix normal = Gemm.Product(basis, true, basis, false);
        if (!Cholesky.TryFactor(normal)) throw new ArgumentException("The effects of a structured term have no coefficients.");
        BackWide(basis, block.Width, u, w);
        var column = new double[basis.Columns];
        for (int c = 0; c < block.Width; c++)
        {
            for (int j = 0; j < column.Length; j++) column[j] = w[j * block.Width + c];
            Cholesky.SolveLower(normal, column);
            Cholesky.SolveLowerTransposed(normal, column);
            for (int j = 0; j < column.Length; j++) w[j * block.Width + c] = column[j];
        }
    }

    /// <summary>Overwrites <paramref name="byX"/> by E' <paramref name="byE"/>.</summary>
    public void Back(ReadOnlySpan<double> byE, Span<double> byX)
    {
        byE[.._structure.FixedCount].CopyTo(byX);
        foreach (CoefficientBlock block in _structure.Blocks)
        {
            GroupTerm term = _structure.Terms[block.Term];
            ReadOnlySpan<double> u = byE.Slice(term.Start, term.Count);
            Span<double> w = byX.Slice(block.Start, block.Count);
            if (block.Basis is not { } basis) u.CopyTo(w);
            else if (block.Width == 1)
                for (int j = 0; j < basis.Columns; j++) w[j] = ContiguousLoops.Dot(basis.Column(j), u);
            else BackWide(basis, block.Width, u, w);
        }
    }

    /// <summary>The lower triangle of E'AE from that of A.</summary>
    public void Project(Matrix a, Matrix projected)
    {
        Syrk.MirrorLower(a);
        Matrix e = Dense(), product = Gemm.Product(e, true, Gemm.Product(a, false, e, false), false);
        product.Values.CopyTo(projected.Values, 0);
    }

    /// <summary>E as a matrix, effects × coefficients.</summary>
    public Matrix Dense()
    {
        var e = new Matrix(Effects, _structure.CoefficientCount);
        var unit = new double[_structure.CoefficientCount];
        for (int j = 0; j < unit.Length; j++)
        {
            unit[j] = 1;
            ToEffects(unit, e.Column(j));
            unit[j] = 0;
        }
        return e;
    }

    private static void AddWide(Matrix basis, int width, ReadOnlySpan<double> w, Span<double> u)
    {
        for (int j = 0; j < basis.Columns; j++)
            for (int level = 0; level < basis.Rows; level++)
                for (int c = 0; c < width; c++) u[level * width + c] += basis[level, j] * w[j * width + c];
    }

    private static void BackWide(Matrix basis, int width, ReadOnlySpan<double> u, Span<double> w)
    {
        w.Clear();
        for (int j = 0; j < basis.Columns; j++)
            for (int level = 0; level < basis.Rows; level++)
                for (int c = 0; c < width; c++) w[j * width + c] += basis[level, j] * u[level * width + c];
    }
}
