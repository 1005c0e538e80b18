namespace Terrace.MixedModels;

/// <summary>
/// A symmetric matrix over the tail (random columns, then fixed effects) with entries on a <see cref="TailPattern"/>: the tail's cross-products, or those entries of the inverse.
/// </summary>
/// <remarks>
/// <para>Symbols: k × k block of a node -> <see cref="Diagonal"/> at its DiagonalStart; block of a pair, partner × node, column by column -> <see cref="OffDiagonal"/> at its BlockStart; the p entries of a
/// random column with the fixed effects -> <see cref="Fixed"/> at column × p; p × p block of the fixed effects -> <see cref="Corner"/>. The blocks are those of Bates et al. (2015), equation 18. Check: SparseTailTests.</para>
/// </remarks>
internal sealed class SparseTailMatrix
{
    public SparseTailMatrix(TailPattern pattern, int fixedColumns)
    {
        Pattern = pattern;
        FixedColumns = fixedColumns;
        Diagonal = new double[pattern.DiagonalStart[^1]];
        OffDiagonal = new double[pattern.BlockStart[^1]];
        Fixed = new double[checked(pattern.FirstColumn[^1] * fixedColumns)];
        Corner = new double[fixedColumns * fixedColumns];
    }

    public TailPattern Pattern { get; }

    public int FixedColumns { get; }

    public double[] Diagonal { get; }

    public double[] OffDiagonal { get; }

    public double[] Fixed { get; }

    public double[] Corner { get; }

    /// <summary>Entry (i, j) of the tail, the fixed effects after the random columns; it must be on the pattern.</summary>
    public double Entry(int i, int j)
    {
        int random = Pattern.NodeOf.Length, p = FixedColumns;
        if (i < j) (i, j) = (j, i);
        if (j >= random) return Corner[i - random + (j - random) * p];
        if (i >= random) return Fixed[j * p + i - random];
        int row = Pattern.NodeOf[i], column = Pattern.NodeOf[j], r = i - Pattern.FirstColumn[row], c = j - Pattern.FirstColumn[column];
        if (row == column) return Diagonal[Pattern.DiagonalStart[row] + r + c * Pattern.Width(row)];
        int pair = Array.BinarySearch(Pattern.Partners, Pattern.Starts[column], Pattern.Starts[column + 1] - Pattern.Starts[column], row);
        return OffDiagonal[Pattern.BlockStart[pair] + r + c * Pattern.Width(row)];
    }

    public void Clear()
    {
        Array.Clear(Diagonal);
        Array.Clear(OffDiagonal);
        Array.Clear(Fixed);
        Array.Clear(Corner);
    }

    /// <summary>Adds the product with v to <paramref name="product"/>.</summary>
    public void AddProduct(ReadOnlySpan<double> v, Span<double> product)
    {
        int p = FixedColumns, random = Pattern.FirstColumn[^1];
        for (int i = 0; i < Pattern.Nodes; i++)
        {
            int first = Pattern.FirstColumn[i], k = Pattern.Width(i);
            AddBlock(Diagonal.AsSpan(Pattern.DiagonalStart[i], k * k), k, v.Slice(first, k), product[first..]);
            for (int e = Pattern.Starts[i]; e < Pattern.Starts[i + 1]; e++)
            {
                int other = Pattern.Partners[e], start = Pattern.FirstColumn[other], width = Pattern.Width(other);
                var block = OffDiagonal.AsSpan(Pattern.BlockStart[e], width * k);
                AddBlock(block, width, v.Slice(first, k), product[start..]);
                AddTransposedBlock(block, width, v.Slice(start, width), product.Slice(first, k));
            }
        }
        AddBlock(Fixed, p, v[..random], product[random..]);
        AddTransposedBlock(Fixed, p, v.Slice(random, p), product[..random]);
        AddBlock(Corner, p, v.Slice(random, p), product[random..]);
    }

    private static void AddBlock(ReadOnlySpan<double> block, int rows, ReadOnlySpan<double> v, Span<double> product)
    {
        for (int c = 0; c < v.Length; c++)
        {
            for (int r = 0; r < rows; r++) product[r] += block[r + c * rows] * v[c];
        }
    }

    private static void AddTransposedBlock(ReadOnlySpan<double> block, int rows, ReadOnlySpan<double> v, Span<double> product)
    {
        for (int c = 0; c < product.Length; c++)
        {
            double sum = 0;
            for (int r = 0; r < rows; r++) sum += block[r + c * rows] * v[r];
            product[c] += sum;
        }
    }
}
