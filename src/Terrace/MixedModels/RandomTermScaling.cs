using Terrace.Design;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The coordinates in which relative covariance parameters are searched: those of covariates made orthonormal, term by term, so that calendar years, incomes or
/// fractions are searched as easily as centred and scaled covariates.
/// </summary>
/// <remarks>
/// <para>For a term with covariates Z (rows × k) and weights W, Z'WZ / ΣW = U U' with U upper triangular and A = U⁻ᵀ, lower triangular, the columns of Z A are orthonormal. A factor T of Z and a
/// factor S of Z A describe the same effects when T = A S; T is lower triangular when S is, and has its zeros on the diagonal where S has them. The gradient follows as A' ∂/∂T.</para>
/// <para>Where a covariate is more than 1,000 of its standard deviations away from zero, the products Z'WZ have lost so many digits that T'Z'WZ T is noise for the search; then Z A itself, formed row by row with U from
/// orthogonalised columns instead of products, is what cross-products are made of (<see cref="Orthonormal"/>).</para>
/// <para>Symbols: S -> point; T -> theta; A' = U⁻¹ by solving with <c>_upper</c>. A column that depends on later ones keeps its own scale only.</para>
/// <para>Higham (2002), <em>Accuracy and Stability of Numerical Algorithms</em>, chapter 10, for the factor; own derivation of the change of coordinates. Deviation from lme4, which searches in T and
/// fails to converge for covariates far from zero. Check: RandomTermScalingTests.</para>
/// </remarks>
internal sealed class RandomTermScaling
{
    private const double Dependent = 1e-12;
    private const double FarAway = 1e-6;
    private readonly RandomEffectsLayout _layout;
    private readonly double[][] _upper;

    /// <summary>Finds the coordinates for the covariates of <paramref name="cells"/> with these weights.</summary>
    public RandomTermScaling(MixedModelCells cells, ReadOnlySpan<double> weight)
    {
        _layout = cells.Layout;
        _upper = new double[_layout.Terms.Count][];
        for (int t = 0; t < _upper.Length; t++)
        {
            int width = _layout.Terms[t].Width;
            double[] products = MeanProducts(cells.Z[t], width, weight);
            _upper[t] = UpperFactor(products, width);
            if (!LosesDigits(products, _upper[t], width)) continue;
            _upper[t] = OrthogonalisedColumns.UpperFactor(cells.Z[t], width, weight);
            IsFar = true;
        }
    }

    private RandomTermScaling(RandomEffectsLayout layout)
    {
        _layout = layout;
        _upper = [.. layout.Terms.Select(t => Matrix.Identity(t.Width).Values)];
    }

    /// <summary>Whether a covariate lies so far from zero that cross-products of the covariates as they are would lose the digits of its variation.</summary>
    public bool IsFar { get; }

    /// <summary>No change of coordinates.</summary>
    public RandomTermScaling Identity() => new(_layout);

    /// <summary>The design with Z A in place of Z, row by row: the relative covariance parameters of it are S.</summary>
    public DesignMatrices Orthonormal(DesignMatrices design)
    {
        var terms = design.RandomTerms.ToArray();
        for (int t = 0; t < _upper.Length; t++)
        {
            int position = _layout.Terms[t].FormulaPosition;
            terms[position] = terms[position] with { Z = OrthogonalisedColumns.Solve(_upper[t], terms[position].Z) };
        }
        return design with { RandomTerms = terms };
    }

    /// <summary>Finds the coordinates from cross-products and the sum of the weights: those of a term's covariates are its levels' diagonal blocks together.</summary>
    public RandomTermScaling(BlockedCrossProduct product, double weightSum)
    {
        _layout = product.Layout;
        _upper = [.. _layout.Terms.Select(term => UpperFactor(MeanProducts(product, term, weightSum), term.Width))];
    }

    /// <summary>Turns the factors S at the head of <paramref name="point"/> into the relative covariance parameters T = A S, in place.</summary>
    public void ToTheta(Span<double> point)
    {
        for (int t = 0; t < _upper.Length; t++)
        {
            for (int c = 0; c < _layout.Terms[t].Width; c++) SolveTransposed(t, c, point);
        }
    }

    /// <summary>Turns relative covariance parameters T at the head of <paramref name="theta"/> into the factors S = U'T, in place.</summary>
    public void FromTheta(Span<double> theta)
    {
        for (int t = 0; t < _upper.Length; t++)
        {
            for (int c = 0; c < _layout.Terms[t].Width; c++) MultiplyTransposed(t, c, theta);
        }
    }

    /// <summary>Turns the derivatives with respect to T at the head of <paramref name="gradient"/> into those with respect to S, in place.</summary>
    public void ToGradient(Span<double> gradient)
    {
        for (int t = 0; t < _upper.Length; t++)
        {
            for (int c = 0; c < _layout.Terms[t].Width; c++) Solve(t, c, gradient);
        }
    }

    /// <summary>Turns a Hessian in T into that in S, in place: its columns, then its rows.</summary>
    public void ToHessian(Matrix hessian)
    {
        var row = new double[hessian.Columns];
        for (int j = 0; j < hessian.Columns; j++) ToGradient(hessian.Column(j));
        for (int i = 0; i < hessian.Rows; i++)
        {
            for (int j = 0; j < row.Length; j++) row[j] = hessian[i, j];
            ToGradient(row);
            for (int j = 0; j < row.Length; j++) hessian[i, j] = row[j];
        }
    }

    /// <summary>Turns guesses at the curvature in T into guesses at the curvature in S, in place: the squared scale of each row.</summary>
    public void ToCurvature(Span<double> curvature)
    {
        for (int t = 0; t < _upper.Length; t++)
        {
            var term = _layout.Terms[t];
            for (int c = 0; c < term.Width; c++)
            {
                for (int r = c; r < term.Width; r++) curvature[term.ThetaIndex(r, c)] /= Squared(_upper[t][r * term.Width + r]);
            }
        }
    }

    /// <summary>The scale of the covariate <paramref name="component"/> of a term: its root mean square, and that of what the term's later covariates leave of it.</summary>
    public (double Whole, double Own) Scale(int term, int component)
    {
        int width = _layout.Terms[term].Width;
        double squares = 0;
        for (int k = component; k < width; k++) squares += Squared(_upper[term][component * width + k]);
        return (Math.Sqrt(squares), _upper[term][component * width + component]);
    }

    /// <summary>Column c of S becomes column c of T: U'x = s from row c on, since U' is lower triangular.</summary>
    private void SolveTransposed(int t, int c, Span<double> values)
    {
        var term = _layout.Terms[t];
        double[] u = _upper[t];
        for (int r = c; r < term.Width; r++)
        {
            double sum = values[term.ThetaIndex(r, c)];
            for (int k = c; k < r; k++) sum -= u[k * term.Width + r] * values[term.ThetaIndex(k, c)];
            values[term.ThetaIndex(r, c)] = sum / u[r * term.Width + r];
        }
    }

    /// <summary>Column c of T becomes column c of S, from the last row up.</summary>
    private void MultiplyTransposed(int t, int c, Span<double> values)
    {
        var term = _layout.Terms[t];
        double[] u = _upper[t];
        for (int r = term.Width - 1; r >= c; r--)
        {
            double sum = 0;
            for (int k = c; k <= r; k++) sum += u[k * term.Width + r] * values[term.ThetaIndex(k, c)];
            values[term.ThetaIndex(r, c)] = sum;
        }
    }

    /// <summary>Column c of the gradient: U x = g from the last row up to c.</summary>
    private void Solve(int t, int c, Span<double> values)
    {
        var term = _layout.Terms[t];
        double[] u = _upper[t];
        for (int r = term.Width - 1; r >= c; r--)
        {
            double sum = values[term.ThetaIndex(r, c)];
            for (int k = r + 1; k < term.Width; k++) sum -= u[r * term.Width + k] * values[term.ThetaIndex(k, c)];
            values[term.ThetaIndex(r, c)] = sum / u[r * term.Width + r];
        }
    }

    private static double[] MeanProducts(BlockedCrossProduct product, RandomTermLayout term, double weightSum)
    {
        var layout = product.Layout;
        int k = term.Width, lead = layout.LeadWidth;
        var products = new double[k * k];
        for (int l = 0; l < term.Levels.Count; l++)
        {
            int tail = term.Index(l, 0) - layout.LeadColumns;
            for (int a = 0; a < k; a++)
            {
                for (int b = a; b < k; b++)
                    products[a * k + b] += (term.IsLead ? product.Lead[(l * lead + term.Start + a) * lead + term.Start + b] : product.TailEntry(tail + b, tail + a)) / weightSum;
            }
        }
        return products;
    }

    private static bool LosesDigits(double[] products, double[] upper, int width)
    {
        for (int j = 0; j < width; j++)
        {
            double whole = products[j * width + j], own = Squared(upper[j * width + j]);
            for (int k = j + 1; k < width; k++)
            {
                // A column that was taken for dependent keeps its own scale and no coupling: it is far as well, or truly dependent.
                bool depends = own == whole && products[j * width + k] != 0 && upper[j * width + k] == 0;
                if (depends || own < FarAway * whole) return true;
            }
        }
        return false;
    }

    private static double[] MeanProducts(double[] z, int width, ReadOnlySpan<double> weight)
    {
        var products = new double[width * width];
        double total = 0;
        for (int i = 0; i < weight.Length; i++)
        {
            total += weight[i];
            var row = z.AsSpan(i * width, width);
            for (int a = 0; a < width; a++)
            {
                for (int b = a; b < width; b++) products[a * width + b] += weight[i] * row[a] * row[b];
            }
        }
        for (int k = 0; k < products.Length; k++) products[k] /= total;
        return products;
    }

    /// <summary>U with U U' = <paramref name="m"/> (its upper triangle, row by row), from the last column to the first.</summary>
    private static double[] UpperFactor(double[] m, int width)
    {
        var u = new double[m.Length];
        for (int j = width - 1; j >= 0; j--)
        {
            double rest = m[j * width + j];
            for (int k = j + 1; k < width; k++) rest -= Squared(u[j * width + k]);
            if (!(rest > Dependent * m[j * width + j]))
            {
                rest = m[j * width + j] > 0 ? m[j * width + j] : 1;
                Array.Clear(u, j * width + j + 1, width - j - 1);
            }
            u[j * width + j] = Math.Sqrt(rest);
            for (int i = 0; i < j; i++)
            {
                double sum = m[i * width + j];
                for (int k = j + 1; k < width; k++) sum -= u[i * width + k] * u[j * width + k];
                u[i * width + j] = sum / u[j * width + j];
            }
        }
        return u;
    }

    private static double Squared(double x) => x * x;
}
