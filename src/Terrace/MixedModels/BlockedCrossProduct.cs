using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// A'WA and A'Wz for A = (Z, X), in blocks: the lead factor's k × k diagonal blocks, their sparse coupling with the tail, and the dense tail (other random
/// effects, then X). z is the response or working response.
/// </summary>
/// <remarks>
/// <para>Bates et al. (2015), equation 18's cross-products, computed once for a linear model and at every step of PIRLS for a generalised one.</para>
/// <para>Symbols: diagonal block of lead level l -> <see cref="Lead"/> at l k²; coupling of level l -> <see cref="Coupling"/>, k × (its tail columns), column by
/// column from <see cref="CouplingStart"/>; tail block -> <see cref="Tail"/>, full and symmetric; A'Wz -> <see cref="RightSide"/>; z'Wz -> <see cref="SumOfSquares"/>.</para>
/// <para>Check: BlockedCholeskyTests compares with explicit matrices.</para>
/// </remarks>
internal sealed class BlockedCrossProduct
{
    public BlockedCrossProduct(RandomEffectsLayout layout, CouplingPattern pattern, int fixedColumns)
    {
        Layout = layout;
        Pattern = pattern;
        FixedColumns = fixedColumns;
        int width = layout.LeadWidth;
        Lead = new double[layout.LeadLevels * width * width];
        Coupling = new double[width * (pattern.Columns.Length + layout.LeadLevels * fixedColumns)];
        int size = pattern.Sparse is null ? layout.TailColumns + fixedColumns : 0;
        Tail = new Matrix(size, size);
        SparseTail = pattern.Sparse is { } sparse ? new SparseTailMatrix(sparse.Pattern, fixedColumns) : null;
        RightSide = new double[layout.Columns + fixedColumns];
    }

    private BlockedCrossProduct(BlockedCrossProduct shared)
    {
        (Layout, Pattern, FixedColumns, Lead, Coupling, Tail, SparseTail) = (shared.Layout, shared.Pattern, shared.FixedColumns, shared.Lead, shared.Coupling, shared.Tail, shared.SparseTail);
        RightSide = new double[shared.RightSide.Length];
    }

    public RandomEffectsLayout Layout { get; }

    public CouplingPattern Pattern { get; }

    /// <summary>The number of fixed-effects columns in the tail (0 when only Z'WZ is wanted).</summary>
    public int FixedColumns { get; }

    public double[] Lead { get; }

    public double[] Coupling { get; }

    /// <summary>The tail's block where it is dense, else empty.</summary>
    public Matrix Tail { get; }

    /// <summary>The tail's block where it is sparse, else null.</summary>
    public SparseTailMatrix? SparseTail { get; }

    public double[] RightSide { get; }

    public double SumOfSquares { get; set; }

    /// <summary>The same A'WA, shared, for another response: with a right side of its own.</summary>
    public BlockedCrossProduct ForOtherResponse() => new(this);

    /// <summary>The numbers of A'WA, block by block: two products of one pattern are added by adding these.</summary>
    public double[][] Blocks => SparseTail is { } sparse ? [Lead, Coupling, sparse.Diagonal, sparse.OffDiagonal, sparse.Fixed, sparse.Corner] : [Lead, Coupling, Tail.Values];

    /// <summary>Where the coupling block of a lead level begins.</summary>
    public int CouplingStart(int level) => Layout.LeadWidth * (Pattern.Starts[level] + level * FixedColumns);

    /// <summary>The number of tail columns of a lead level's coupling block: its random ones, then the fixed effects.</summary>
    public int CouplingColumns(int level) => Pattern.Count(level) + FixedColumns;

    /// <summary>The tail column of column <paramref name="column"/> of a lead level's coupling block.</summary>
    public int TailColumn(int level, int column)
    {
        int random = Pattern.Count(level);
        return column < random ? Pattern.Columns[Pattern.Starts[level] + column] : Layout.TailColumns + column - random;
    }

    /// <summary>product = A'WA v for the coefficients v.</summary>
    public void Multiply(ReadOnlySpan<double> v, Span<double> product)
    {
        var tail = v[Layout.LeadColumns..];
        var tailProduct = product[Layout.LeadColumns..];
        tailProduct.Clear();
        SparseTail?.AddProduct(tail, tailProduct);
        for (int j = 0; j < Tail.Columns; j++)
        {
            var column = Tail.Column(j);
            for (int i = 0; i < column.Length; i++) tailProduct[i] += column[i] * tail[j];
        }
        for (int l = 0; l < Layout.LeadLevels; l++) MultiplyLevel(l, v, product);
    }

    /// <summary>Entry (i, j) of the tail's block; of a sparse one it must be on the pattern.</summary>
    public double TailEntry(int i, int j) => SparseTail is null ? Tail[Math.Max(i, j), Math.Min(i, j)] : SparseTail.Entry(i, j);

    private void MultiplyLevel(int level, ReadOnlySpan<double> v, Span<double> product)
    {
        int width = Layout.LeadWidth, first = level * width, start = CouplingStart(level), lead = Layout.LeadColumns;
        var to = product.Slice(first, width);
        to.Clear();
        for (int c = 0; c < width; c++)
        {
            for (int r = 0; r < width; r++) to[r] += Lead[(first + c) * width + r] * v[first + c];
        }
        for (int a = 0; a < CouplingColumns(level); a++)
        {
            int column = lead + TailColumn(level, a);
            for (int r = 0; r < width; r++)
            {
                double value = Coupling[start + a * width + r];
                to[r] += value * v[column];
                product[column] += value * v[first + r];
            }
        }
    }
}
