using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The average information of the relative covariance parameters of a linear mixed model: nearly the Hessian of the profiled deviance or REML criterion near its minimum,
/// for the price of one solution per parameter.
/// </summary>
/// <remarks>
/// <para>With V = ZΛΛ'Z' + W⁻¹, V_i its derivative, P as in REML and e = Py: A_ij = ν [y'PV_iPV_jPy / r² − (e'V_ie)(e'V_je)/r⁴], the mean of observed and expected information with σ profiled out;
/// with σ known ν/r² is 1/σ² and the second part is absent. V_i e = Z c_i, c_i = dΛ_i u + Λ dΛ_i'v with u = Λ'v, v = Z'We, so that with G = (Z, X)'W(Z, X) and D = diag(Λ, I)
/// c_i'Z'PZ c_j = c_i'G c_j − (D'G c_i)'H⁻¹(D'G c_j).</para>
/// <para>Symbols: c_i -> <c>_direction</c>; G c_i -> <c>_product</c>; L⁻¹D'G c_i -> <c>_half</c>, one row per parameter.</para>
/// <para>Gilmour, Thompson and Cullis (1995), <em>Average information REML</em>, Biometrics 51, equation 7; Johnson and Thompson (1995). Deviation: in the entries of relative factors instead of
/// variances. Check: AverageInformationTests (explicit matrices).</para>
/// </remarks>
internal sealed class AverageInformation
{
    private readonly BlockedCrossProduct _product;
    private readonly double[][] _direction;
    private readonly double[][] _half;
    private readonly double[][] _products;

    public AverageInformation(BlockedCrossProduct product)
    {
        _product = product;
        int parameters = product.Layout.ThetaCount, columns = product.Layout.Columns + product.FixedColumns;
        _direction = Rows(parameters, columns);
        _half = Rows(parameters, columns);
        _products = Rows(parameters, columns);
    }

    /// <summary>The matrix at a point: its factor, its spherical effects u, v = Z'W(y − Xβ − Zb), and ν/r²; <paramref name="squares"/> is ν/r⁴, or 0 where σ is known.</summary>
    public Matrix At(RelativeCovarianceFactor lambda, BlockedCholesky factor, ReadOnlySpan<double> spherical, ReadOnlySpan<double> residual, double scale, double squares)
    {
        var layout = _product.Layout;
        var slope = new double[layout.ThetaCount];
        foreach (int t in Enumerable.Range(0, layout.Terms.Count))
        {
            var term = layout.Terms[t];
            for (int b = 0; b < term.Width; b++)
            {
                for (int a = b; a < term.Width; a++)
                {
                    int k = term.ThetaIndex(a, b);
                    slope[k] = 2 * LevelProducts.Sum(term, a, b, residual, spherical);
                    Direct(term, lambda.Blocks[t], a, b, spherical, residual, _direction[k]);
                    _product.Multiply(_direction[k], _products[k]);
                    lambda.MultiplyTransposed(_products[k], _half[k]);
                    factor.SolveForward(_half[k]);
                }
            }
        }
        var information = new Matrix(slope.Length, slope.Length);
        for (int j = 0; j < slope.Length; j++)
        {
            for (int i = j; i < slope.Length; i++)
            {
                double value = scale * (Dot(_direction[i], _products[j]) - Dot(_half[i], _half[j])) - squares * slope[i] * slope[j];
                information[i, j] = information[j, i] = value;
            }
        }
        return information;
    }

    /// <summary>c = dΛ u + Λ dΛ'v for entry (a, b) of one term's T.</summary>
    private static void Direct(RandomTermLayout term, double[] block, int a, int b, ReadOnlySpan<double> u, ReadOnlySpan<double> v, double[] c)
    {
        for (int l = 0; l < term.Levels.Count; l++)
        {
            int first = term.Index(l, 0);
            for (int r = 0; r < term.Width; r++) c[first + r] = r >= b ? block[r + b * term.Width] * v[first + a] : 0;
            c[first + a] += u[first + b];
        }
    }

    private static double Dot(double[] x, double[] y) => ContiguousLoops.Dot(x, y);

    private static double[][] Rows(int count, int length) => [.. Enumerable.Range(0, count).Select(_ => new double[length])];
}
