using System.Numerics.Tensors;
using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The multivariate normal distribution by covariance Σ, its Cholesky factor L, or precision Ω: log p = −½ K log 2π − ½ log |Σ| − ½ rᵀ Σ⁻¹ r, r = y − μ, summed over arrays of outcomes or means.
/// With α = Σ⁻¹ r the derivatives are −α by y, α by μ, ½ (α αᵀ − Σ⁻¹) by Σ, tril(α (L⁻¹ r)ᵀ) − diag(1 / L) by L and ½ (Ω⁻¹ − r rᵀ) by Ω (Giles 2008, section 2.2).
/// </summary>
internal static class MultiNormal
{
    private const int Covariance = 0, Factor = 1, Precision = 2;
    private const double LogTwoPi = 1.8378770664093453;
    private static readonly NormalOperation Weighed = new();

    /// <summary>By the covariance.</summary>
    public static Block Log(Workspace w, int terms, Block y, Block mu, Block sigma) => Density(w, terms, "multi_normal_lpdf", y, mu, sigma, Covariance);

    /// <summary>By the Cholesky factor of the covariance.</summary>
    public static Block LogCholesky(Workspace w, int terms, Block y, Block mu, Block l) => Density(w, terms, "multi_normal_cholesky_lpdf", y, mu, l, Factor);

    /// <summary>By the inverse of the covariance.</summary>
    public static Block LogPrecision(Workspace w, int terms, Block y, Block mu, Block omega) => Density(w, terms, "multi_normal_prec_lpdf", y, mu, omega, Precision);

    private static Block Density(Workspace w, int terms, string name, Block y, Block mu, Block scale, int kind)
    {
        Factorizations.RequireSquare(name, scale);
        int k = scale.Rows, n = Math.Max(y.Outer, mu.Outer);
        if (y.Outer == 0 || mu.Outer == 0 || terms == 0) return w.AllocateScalar(0, false);
        if (y.Inner != k || mu.Inner != k) Workspace.Fail($"{name}: the outcome has {y.Inner} elements, the mean {mu.Inner}, the matrix {k} rows");
        if ((y.Outer != n && y.Outer != 1) || (mu.Outer != n && mu.Outer != 1)) Workspace.Fail($"{name}: {y.Outer} outcomes and {mu.Outer} means");
        int factor = kind == Factor ? scale.Offset : w.AllocateSlots(k * k), whitened = w.AllocateSlots(n * k), weighed = w.AllocateSlots(n * k);
        if (kind != Factor)
        {
            Factorizations.RequireSymmetric(w, name, scale);
            w.Values(scale).CopyTo(w.V.AsSpan(factor));
            Factorizations.Factor(w, name, factor, k);
        }
        double logDiagonal = 0;
        for (int i = 0; i < k; i++)
        {
            double diagonal = w.V[factor + (i * (k + 1))];
            if (!(diagonal > 0)) Workspace.Reject($"{name}: diagonal element {i + 1} of the Cholesky factor is {diagonal}, but must be positive");
            logDiagonal += Math.Log(diagonal);
        }
        double square = Weigh(w, kind, y, mu, factor, k, n, whitened, weighed);
        double value = -0.5 * square;
        if ((terms & 4) != 0) value += kind == Precision ? n * logDiagonal : -n * logDiagonal;
        if (terms == -1) value -= 0.5 * n * k * LogTwoPi;
        Block result = w.AllocateScalar(value, w.Differentiating && (y.Active || mu.Active || scale.Active));
        if (result.Active)
        {
            int inverse = kind != Factor && scale.Active ? w.AllocateSlots(k * k) : 0;
            w.Record(
                Weighed, kind, y.Offset, y.Active ? 1 : 0, y.Outer == n ? k : 0, mu.Offset, mu.Active ? 1 : 0, mu.Outer == n ? k : 0, scale.Offset, scale.Active ? 1 : 0, factor, whitened, weighed, inverse, k, n, result.Offset);
        }
        return result;
    }

    /// <summary>Writes L⁻¹ r and Σ⁻¹ r (for a precision: r and Ω r) and returns the sum of squares rᵀ Σ⁻¹ r.</summary>
    private static double Weigh(Workspace w, int kind, Block y, Block mu, int factor, int k, int n, int whitened, int weighed)
    {
        for (int i = 0; i < n; i++)
            TensorPrimitives.Subtract(w.V.AsSpan(y.Offset + (y.Outer == n ? i * k : 0), k), w.V.AsSpan(mu.Offset + (mu.Outer == n ? i * k : 0), k), w.V.AsSpan(whitened + (i * k), k));
        var triangle = new MatrixView(w.V, factor, k);
        MatrixView z = new(w.V, whitened, k), alpha = new(w.V, weighed, k);
        Span<double> whitenedValues = w.V.AsSpan(whitened, n * k), weighedValues = w.V.AsSpan(weighed, n * k);
        if (kind == Precision)
        {
            int between = w.AllocateSlots(n * k);
            Span<double> half = w.V.AsSpan(between, n * k);
            half.Clear();
            weighedValues.Clear();
            MatrixKernels.AddProduct(new MatrixView(w.V, between, k), 1, triangle.T, z, k, n, k);
            MatrixKernels.AddProduct(alpha, 1, triangle, new MatrixView(w.V, between, k), k, n, k);
            return TensorPrimitives.SumOfSquares<double>(half);
        }
        MatrixKernels.Solve(triangle, k, z, n);
        whitenedValues.CopyTo(weighedValues);
        MatrixKernels.Solve(triangle.T, k, alpha, n);
        return TensorPrimitives.SumOfSquares<double>(whitenedValues);
    }

    /// <summary>A draw by the covariance for each mean.</summary>
    public static Block Draw(Workspace w, Block mu, Block sigma)
    {
        Factorizations.RequireSymmetric(w, "multi_normal_rng", sigma);
        int factor = w.AllocateSlots(sigma.Count);
        w.Values(sigma).CopyTo(w.V.AsSpan(factor));
        Factorizations.Factor(w, "multi_normal_rng", factor, sigma.Rows);
        return DrawCholesky(w, mu, new Block(factor, 1, sigma.Rows, sigma.Rows, false));
    }

    /// <summary>A draw by the precision for each mean.</summary>
    public static Block DrawPrecision(Workspace w, Block mu, Block omega) => Draw(w, mu, Determinants.InverseSpd(w, omega));

    /// <summary>A draw μ + L z by the Cholesky factor for each mean.</summary>
    public static Block DrawCholesky(Workspace w, Block mu, Block l)
    {
        int k = l.Rows;
        if (mu.Inner != k || l.Cols != k) Workspace.Fail($"multi_normal_cholesky_rng: the mean has {mu.Inner} elements, the factor is {k} × {l.Cols}");
        Block result = w.Allocate(mu.Outer, k, 1, false);
        w.Values(mu).CopyTo(w.Values(result));
        for (int i = 0; i < mu.Outer; i++)
        {
            Span<double> draw = w.Values(result.Element(i));
            for (int j = 0; j < k; j++) TensorPrimitives.MultiplyAdd(w.V.AsSpan(l.Offset + (j * k) + j, k - j), w.Rng.NextNormal(), draw[j..], draw[j..]);
        }
        return result;
    }

    private sealed class NormalOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int kind = o[0], k = o[13], n = o[14];
            double given = w.A[o[15]];
            for (int i = 0; i < n; i++)
            {
                ReadOnlySpan<double> alpha = w.V.AsSpan(o[11] + (i * k), k);
                Span<double> y = w.A.AsSpan(o[1] + (i * o[3]), k), mu = w.A.AsSpan(o[4] + (i * o[6]), k);
                if (o[2] != 0) TensorPrimitives.MultiplyAdd(alpha, -given, y, y);
                if (o[5] != 0) TensorPrimitives.MultiplyAdd(alpha, given, mu, mu);
            }
            if (o[8] == 0) return;
            var adjoint = new MatrixView(w.A, o[7], k);
            MatrixView alphas = new(w.V, o[11], k), whitened = new(w.V, o[10], k);
            if (kind == Factor)
            {
                // Only the lower triangle was read.
                for (int j = 0; j < k; j++)
                {
                    Span<double> column = w.A.AsSpan(o[7] + (j * k) + j, k - j);
                    for (int i = 0; i < n; i++) TensorPrimitives.MultiplyAdd(w.V.AsSpan(o[11] + (i * k) + j, k - j), given * w.V[o[10] + (i * k) + j], column, column);
                    column[0] -= given * n / w.V[o[9] + (j * (k + 1))];
                }
                return;
            }
            Determinants.InverseFromCholesky(w, o[9], k, o[12]);
            Span<double> all = w.A.AsSpan(o[7], k * k);
            double sign = kind == Precision ? 1 : -1;
            TensorPrimitives.MultiplyAdd(w.V.AsSpan(o[12], k * k), sign * 0.5 * n * given, all, all);
            MatrixView outer = kind == Precision ? whitened : alphas;
            MatrixKernels.AddProduct(adjoint, -sign * 0.5 * given, outer, outer.T, k, k, n);
        }
    }
}
