using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Terrace.Numerics.LinearAlgebra;

/// <summary>A symmetric positive definite operator on panels of <see cref="PanelConjugateGradients.Lanes"/> vectors: element i of vector v stands at <c>i * Lanes + v</c>. Safe for use by several threads.</summary>
internal interface IPanelOperator
{
    /// <summary>The length of a vector.</summary>
    int Size { get; }

    /// <summary>Writes A x, for every vector of the panel.</summary>
    void Multiply(ReadOnlySpan<double> x, Span<double> product);
}

/// <summary>
/// Solves A x = b for a panel of right-hand sides by conjugate gradients, in step so that the operator is read once for all, and keeps the coefficients of the Lanczos process that runs along.
/// <para>Formula: x += a p, r -= a A p, p = r + c p with a = r'r / p'Ap, c = r'r(new) / r'r(old), separately for each vector. The Lanczos matrix of A and b has the diagonal 1/a_j + c_(j-1)/a_(j-1) and the off-diagonal
/// sqrt(c_j)/a_j; with eigenvalues t and first components s of its eigenvectors b'f(A)b = |b|² sum s² f(t), exact for polynomials of twice its order.</para>
/// <para>Source: Hestenes and Stiefel (1952); Golub and Meurant (2010), Matrices, Moments and Quadrature with Applications, sections 4.1 and 6.7; Saad (2003), Iterative Methods for Sparse Linear Systems, section 6.7.3.
/// Tests: IterativeLinearMixedModelTests (dense solutions and logarithms).</para>
/// </summary>
internal sealed class PanelConjugateGradients
{
    /// <summary>The number of vectors in a panel.</summary>
    public const int Lanes = 8;

    private readonly IPanelOperator _matrix;
    private readonly double[] _residual;
    private readonly double[] _direction;
    private readonly double[] _product;
    private readonly List<double[]> _steps = [];
    private readonly List<double[]> _ratios = [];
    private readonly double[] _squares = new double[Lanes];

    /// <summary>Makes room for panels of an operator.</summary>
    public PanelConjugateGradients(IPanelOperator matrix)
    {
        _matrix = matrix;
        _residual = new double[matrix.Size * Lanes];
        _direction = new double[_residual.Length];
        _product = new double[_residual.Length];
    }

    /// <summary>The number of steps of the last solution.</summary>
    public int Steps => _steps.Count;

    /// <summary>b'A b of each right-hand side of the last solution, 0 where it was 0.</summary>
    public double[] FirstForm { get; } = new double[Lanes];

    /// <summary>|A b|² of each right-hand side of the last solution.</summary>
    public double[] FirstSquare { get; } = new double[Lanes];

    /// <summary>Solves until every residual is below <paramref name="tolerance"/> times its right-hand side; false if that takes more than <paramref name="most"/> steps.</summary>
    public bool Solve(ReadOnlySpan<double> b, Span<double> x, double tolerance, int most)
    {
        x.Clear();
        b.CopyTo(_residual);
        b.CopyTo(_direction);
        _steps.Clear();
        _ratios.Clear();
        double[] squares = Dots(_residual, _residual), limits = [.. squares.Select(s => s * tolerance * tolerance)];
        squares.CopyTo(_squares, 0);
        for (int step = 0; Enumerable.Range(0, Lanes).Any(v => squares[v] > limits[v]); step++)
        {
            if (step == most) return false;
            _matrix.Multiply(_direction, _product);
            double[] forms = Dots(_direction, _product);
            if (step == 0)
            {
                forms.CopyTo(FirstForm, 0);
                Dots(_product, _product).CopyTo(FirstSquare, 0);
            }

            double[] steps = [.. Enumerable.Range(0, Lanes).Select(v => squares[v] > limits[v] && forms[v] > 0 ? squares[v] / forms[v] : 0)];
            AddMultiple(steps, _direction, x);
            AddMultiple([.. steps.Select(s => -s)], _product, _residual);
            double[] next = Dots(_residual, _residual), ratios = [.. Enumerable.Range(0, Lanes).Select(v => steps[v] > 0 ? next[v] / squares[v] : 0)];
            for (int v = 0; v < Lanes; v++) squares[v] = steps[v] > 0 ? next[v] : 0;
            Renew(ratios);
            _steps.Add(steps);
            _ratios.Add(ratios);
        }

        return true;
    }

    /// <summary>b'f(A)b for right-hand side <paramref name="lane"/> of the last solution.</summary>
    public double Quadrature(int lane, Func<double, double> f)
    {
        int order = 0;
        while (order < _steps.Count && _steps[order][lane] > 0) order++;
        var lanczos = new Matrix(order, order);
        for (int j = 0; j < order; j++)
        {
            double step = _steps[j][lane];
            lanczos[j, j] = 1 / step + (j > 0 ? _ratios[j - 1][lane] / _steps[j - 1][lane] : 0);
            if (j + 1 < order) lanczos[j + 1, j] = lanczos[j, j + 1] = Math.Sqrt(_ratios[j][lane]) / step;
        }

        if (order == 0) return 0;
        var eigen = SymmetricEigen.Decompose(lanczos);
        double sum = 0;
        for (int k = 0; k < order; k++) sum += eigen.Vectors[0, k] * eigen.Vectors[0, k] * f(eigen.Values[k]);
        return sum * _squares[lane];
    }

    /// <summary>x_v'y_v for every vector of two panels.</summary>
    public static double[] Dots(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var vx = MemoryMarshal.Cast<double, Vector512<double>>(x);
        var vy = MemoryMarshal.Cast<double, Vector512<double>>(y)[..vx.Length];
        Vector512<double> even = Vector512<double>.Zero, odd = even;
        for (int i = 0; i + 1 < vx.Length; i += 2)
        {
            even += vx[i] * vy[i];
            odd += vx[i + 1] * vy[i + 1];
        }

        if (vx.Length % 2 == 1) even += vx[^1] * vy[^1];
        var sums = new double[Lanes];
        (even + odd).CopyTo(sums);
        return sums;
    }

    /// <summary>y_v += f_v x_v for every vector of a panel.</summary>
    public static void AddMultiple(ReadOnlySpan<double> factors, ReadOnlySpan<double> x, Span<double> y)
    {
        var f = Vector512.Create(factors);
        var vx = MemoryMarshal.Cast<double, Vector512<double>>(x);
        var vy = MemoryMarshal.Cast<double, Vector512<double>>(y)[..vx.Length];
        for (int i = 0; i < vx.Length; i++) vy[i] += f * vx[i];
    }

    private void Renew(ReadOnlySpan<double> ratios)
    {
        var f = Vector512.Create(ratios);
        var r = MemoryMarshal.Cast<double, Vector512<double>>(_residual.AsSpan());
        var p = MemoryMarshal.Cast<double, Vector512<double>>(_direction.AsSpan())[..r.Length];
        for (int i = 0; i < r.Length; i++) p[i] = r[i] + f * p[i];
    }
}
