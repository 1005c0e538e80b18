using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// An orthonormal basis of the fixed-effects columns under the cells' weights, with the columns that are linear combinations of earlier ones left out:
/// X = Q R with Q'WQ = I; the fit runs on Q, so neither scale nor centring of a column costs digits, and β = R⁻¹ γ.
/// </summary>
/// <remarks>
/// <para>Modified Gram-Schmidt, every column orthogonalised twice (Giraud, Langou, Rozložník 2005: twice is enough). A column whose norm falls below 1e-7 of its
/// own is aliased, which is the rule of R's <c>qr</c> (LINPACK's dqrdc2) that lme4 uses.</para>
/// <para>Symbols: Q -> <see cref="Rows"/> (row by row), R -> <see cref="Factor"/>, kept columns -> <see cref="Kept"/>.</para>
/// <para>Check: FixedEffectsBasisTests.</para>
/// </remarks>
internal sealed class FixedEffectsBasis
{
    private const double AliasTolerance = 1e-7;

    private FixedEffectsBasis(int columns, int[] kept, Matrix factor, double[] rows, double[][] columnValues)
    {
        ColumnValues = columnValues;
        Columns = columns;
        Kept = kept;
        Factor = factor;
        Rows = rows;
    }

    /// <summary>Restores a basis without its rows, as a saved fit has it.</summary>
    public FixedEffectsBasis(int columns, int[] kept, Matrix factor) : this(columns, kept, factor, [], []) { }

    /// <summary>A basis whose rows are computed elsewhere, every column kept.</summary>
    public static FixedEffectsBasis OfColumns(double[][] columns, int rows) =>
        new(columns.Length, [.. Enumerable.Range(0, columns.Length)], new Matrix(0, 0), Interleave([.. columns], rows), columns);

    /// <summary>The number of columns of the model matrix, aliased ones included.</summary>
    public int Columns { get; }

    /// <summary>The columns of the model matrix that are not aliased.</summary>
    public int[] Kept { get; }

    /// <summary>The number of columns kept.</summary>
    public int Rank => Kept.Length;

    /// <summary>The upper-triangular R, rank × rank.</summary>
    public Matrix Factor { get; }

    /// <summary>Q row by row; empty in a restored basis.</summary>
    public double[] Rows { get; }

    /// <summary>Q column by column; empty in a restored basis.</summary>
    public double[][] ColumnValues { get; }

    /// <summary>log |R|² = log |X'WX|.</summary>
    public double LogDeterminant
    {
        get
        {
            double sum = 0;
            for (int j = 0; j < Rank; j++) sum += 2 * Math.Log(Factor[j, j]);
            return sum;
        }
    }

    /// <summary>Orthonormalises the columns of <paramref name="x"/> under non-negative weights, one per row.</summary>
    public static FixedEffectsBasis Of(Matrix x, ReadOnlySpan<double> weights)
    {
        var q = new List<double[]>();
        var kept = new List<int>();
        var coefficients = new List<double[]>();
        for (int j = 0; j < x.Columns; j++)
        {
            double[] column = x.Column(j).ToArray();
            double original = Norm(column, weights);
            double[] r = Orthogonalise(column, q, weights);
            double norm = Norm(column, weights);
            if (!(norm > AliasTolerance * original)) continue;
            for (int i = 0; i < column.Length; i++) column[i] /= norm;
            q.Add(column);
            kept.Add(j);
            coefficients.Add([.. r, norm]);
        }
        return new FixedEffectsBasis(x.Columns, [.. kept], Assemble(coefficients), Interleave(q, x.Rows), [.. q]);
    }

    /// <summary>β = R⁻¹ γ over the kept columns.</summary>
    public double[] ToCoefficients(ReadOnlySpan<double> gamma)
    {
        double[] beta = gamma[..Rank].ToArray();
        for (int j = Rank - 1; j >= 0; j--)
        {
            beta[j] /= Factor[j, j];
            for (int i = 0; i < j; i++) beta[i] -= Factor[i, j] * beta[j];
        }
        return beta;
    }

    /// <summary>β of γ with an entry for every column of the model matrix, <paramref name="aliased"/> where it is not kept.</summary>
    public double[] ToColumns(ReadOnlySpan<double> gamma, double aliased)
    {
        double[] kept = ToCoefficients(gamma), columns = new double[Columns];
        Array.Fill(columns, aliased);
        for (int k = 0; k < kept.Length; k++) columns[Kept[k]] = kept[k];
        return columns;
    }

    /// <summary>Row <paramref name="coefficient"/> of R⁻¹: the combination of γ that is this kept coefficient.</summary>
    public double[] RowOfInverse(int coefficient)
    {
        var row = new double[Rank];
        for (int j = coefficient; j < Rank; j++)
        {
            double sum = j == coefficient ? 1 : 0;
            for (int i = coefficient; i < j; i++) sum -= row[i] * Factor[i, j];
            row[j] = sum / Factor[j, j];
        }
        return row;
    }

    /// <summary>γ = R β over the kept columns.</summary>
    public double[] FromCoefficients(ReadOnlySpan<double> beta)
    {
        var gamma = new double[Rank];
        for (int j = 0; j < Rank; j++)
        {
            for (int i = 0; i <= j; i++) gamma[i] += Factor[i, j] * beta[j];
        }
        return gamma;
    }

    /// <summary>R⁻¹ C R⁻' for a covariance C of γ.</summary>
    public Matrix ToCoefficientCovariance(Matrix covariance)
    {
        var half = new Matrix(Rank, Rank);
        for (int j = 0; j < Rank; j++) ToCoefficients(covariance.Column(j)).CopyTo(half.Column(j));
        var result = new Matrix(Rank, Rank);
        var row = new double[Rank];
        for (int i = 0; i < Rank; i++)
        {
            for (int j = 0; j < Rank; j++) row[j] = half[i, j];
            double[] solved = ToCoefficients(row);
            for (int j = 0; j < Rank; j++) result[i, j] = solved[j];
        }
        return result;
    }

    /// <summary>R C R' for a covariance C of β.</summary>
    public Matrix FromCoefficientCovariance(Matrix covariance)
    {
        var half = new Matrix(Rank, Rank);
        for (int j = 0; j < Rank; j++) FromCoefficients(covariance.Column(j)).CopyTo(half.Column(j));
        var result = new Matrix(Rank, Rank);
        for (int i = 0; i < Rank; i++)
        {
            double[] row = FromCoefficients([.. Enumerable.Range(0, Rank).Select(j => half[i, j])]);
            for (int j = 0; j < Rank; j++) result[i, j] = row[j];
        }
        return result;
    }

    private static double[] Orthogonalise(double[] column, List<double[]> q, ReadOnlySpan<double> weights)
    {
        var r = new double[q.Count];
        for (int pass = 0; pass < 2; pass++)
        {
            for (int k = 0; k < q.Count; k++)
            {
                double projection = 0;
                double[] basis = q[k];
                for (int i = 0; i < column.Length; i++) projection += weights[i] * basis[i] * column[i];
                for (int i = 0; i < column.Length; i++) column[i] -= projection * basis[i];
                r[k] += projection;
            }
        }
        return r;
    }

    private static double Norm(double[] column, ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (int i = 0; i < column.Length; i++) sum += weights[i] * column[i] * column[i];
        return Math.Sqrt(sum);
    }

    private static Matrix Assemble(List<double[]> columns)
    {
        var factor = new Matrix(columns.Count, columns.Count);
        for (int j = 0; j < columns.Count; j++) columns[j].CopyTo(factor.Column(j));
        return factor;
    }

    private static double[] Interleave(List<double[]> columns, int rows)
    {
        var values = new double[rows * columns.Count];
        for (int j = 0; j < columns.Count; j++)
        {
            for (int i = 0; i < rows; i++) values[i * columns.Count + j] = columns[j][i];
        }
        return values;
    }
}
