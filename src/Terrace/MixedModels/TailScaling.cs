using System.Runtime.CompilerServices;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>The dense tail of a cross-product as it stands in H(θ) before the lead factor is eliminated: Λ_t'TΛ_t + I, no I for the fixed effects.</summary>
/// <remarks>
/// <para>Where all its terms have one column per level this scales rows and columns; otherwise blocks of columns, then of rows, are multiplied by each term's T.</para>
/// <para>Bates et al. (2015), section 3.4. Symbols: T -> the source; Λ_t -> <see cref="RelativeCovarianceFactor"/>. Check: BlockedCholeskyTests.</para>
/// </remarks>
internal sealed class TailScaling(RandomEffectsLayout layout, int size)
{
    private readonly double[] _column = new double[layout.Terms.Max(t => t.Width)];

    /// <summary>The scale of each column of the tail where its terms have one column per level; else empty.</summary>
    public double[] Scales { get; } = new double[layout.TailIsScalar ? size : 0];

    /// <summary>Sets the lower triangle of <paramref name="tail"/>; of a sparse tail, both matrices empty, only the scales.</summary>
    public void Apply(Matrix source, RelativeCovarianceFactor lambda, Matrix tail)
    {
        if (layout.TailIsScalar) ScaleScalars(source, lambda, tail);
        else ScaleBlocks(source, lambda, tail);
    }

    /// <summary>The columns of one level of a tail term times its T, in place (ascending columns use only later ones).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MixColumns(double[] block, int k, Span<double> columns, int rows)
    {
        for (int c = 0; c < k; c++)
        {
            for (int r = 0; r < rows; r++)
            {
                double sum = 0;
                for (int j = c; j < k; j++) sum += columns[j * rows + r] * block[j + c * k];
                columns[c * rows + r] = sum;
            }
        }
    }

    /// <summary>The tail's lower triangle becomes Λ'TΛ + I where its terms have one column per level: a scaling of rows and columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScaleScalars(Matrix source, RelativeCovarianceFactor lambda, Matrix tail)
    {
        int rows = source.Rows, random = layout.TailColumns;
        for (int j = 0; j < Scales.Length; j++) Scales[j] = j < random ? lambda.Blocks[layout.TailTerm[j]][0] : 1;
        for (int j = 0; j < rows; j++)
        {
            ContiguousLoops.ScaledProduct(source.Column(j)[j..], Scales.AsSpan(j), Scales[j], tail.Column(j)[j..]);
            if (j < random) tail.Values[j + j * rows] += 1;
        }
    }

    /// <summary>The tail's lower triangle becomes Λ'TΛ + I.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScaleBlocks(Matrix source, RelativeCovarianceFactor lambda, Matrix tail)
    {
        int rows = source.Rows, random = layout.TailColumns;
        source.Values.CopyTo(tail.Values, 0);
        for (int j = 0; j < random;)
        {
            int t = layout.TailTerm[j], k = layout.Terms[t].Width;
            MixColumns(lambda.Blocks[t], k, tail.Values.AsSpan(j * rows, k * rows), rows);
            j += k;
        }
        for (int j = 0; j < rows; j++)
        {
            var column = tail.Column(j);
            for (int i = j < random ? j - layout.TailComponent[j] : random; i < random;)
            {
                int t = layout.TailTerm[i], k = layout.Terms[t].Width;
                column.Slice(i, k).CopyTo(_column);
                RelativeCovarianceFactor.MultiplyLevelTransposed(lambda.Blocks[t], k, _column, column[i..]);
                i += k;
            }
            if (j < random) column[j] += 1;
        }
    }
}
