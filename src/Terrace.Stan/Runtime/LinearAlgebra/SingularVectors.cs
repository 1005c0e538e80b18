using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>
/// The singular vectors of A = U diag(s) Vᵀ, as many as the smaller side of A, each column of U with its largest element positive, and the pseudoinverse. Adjoint: with F_ij = 1 / (s_j² − s_i²) off the diagonal and S = diag(s),
/// Ā = (U (F ∘ (UᵀŪ − ŪᵀU)) S + (I − U Uᵀ) Ū S⁻¹) Vᵀ + U (S (F ∘ (VᵀV̄ − V̄ᵀV)) Vᵀ + S⁻¹ V̄ᵀ (I − V Vᵀ)) (Townsend 2016, Differentiating the singular value decomposition). These allocate: they are not meant for inner loops.
/// </summary>
internal static class SingularVectors
{
    private static readonly VectorOperation Vectors = new();
    private static readonly PseudoinverseOperation Inverted = new();

    /// <summary>The left singular vectors.</summary>
    public static Block Left(Workspace w, Block a) => Both(w, a, "svd_U", true);

    /// <summary>The right singular vectors.</summary>
    public static Block Right(Workspace w, Block a) => Both(w, a, "svd_V", false);

    private static Block Both(Workspace w, Block a, string name, bool left)
    {
        int m = a.Rows, n = a.Cols, k = Math.Min(m, n);
        bool active = a.Active && w.Differentiating;
        Block u = w.Allocate(1, m, k, active && left), v = w.Allocate(1, n, k, active && !left), s = w.AllocateVector(k, false);
        if (k == 0) return left ? u : v;
        var svd = Decompose(w, name, a, true, out double scale);
        for (int c = 0; c < k; c++)
        {
            Vector<double> column = svd.U.Column(c);
            double sign = column[column.AbsoluteMaximumIndex()] < 0 ? -1 : 1;
            for (int i = 0; i < m; i++) w.V[u.Offset + (c * m) + i] = sign * column[i];
            for (int i = 0; i < n; i++) w.V[v.Offset + (c * n) + i] = sign * svd.VT[c, i];
            w.V[s.Offset + c] = scale * svd.S[c];
        }
        if (active) w.Record(Vectors, a.Offset, m, n, u.Offset, v.Offset, s.Offset);
        return left ? u : v;
    }

    /// <summary>
    /// The Moore–Penrose inverse X = A⁺ of a matrix whose rank does not change nearby. Adjoint: Ā = −Xᵀ X̄ Xᵀ + (I − A X) X̄ᵀ X Xᵀ + Xᵀ X X̄ᵀ (I − X A) (Golub and Pereyra 1973, SIAM J. Numer. Anal. 10, equation 4.12).
    /// </summary>
    public static Block Pseudoinverse(Workspace w, Block a)
    {
        Block result = w.Allocate(1, a.Cols, a.Rows, a.Active && w.Differentiating);
        if (a.Count == 0) return result;
        var svd = Decompose(w, "generalized_inverse", a, true, out double scale);
        int k = Math.Min(a.Rows, a.Cols);
        double least = svd.S[0] * Math.Max(a.Rows, a.Cols) * 2.220446049250313e-16;
        w.Values(result).Clear();
        for (int c = 0; c < k && svd.S[c] > least; c++)
            for (int j = 0; j < a.Rows; j++)
                for (int i = 0; i < a.Cols; i++) w.V[result.Offset + (j * a.Cols) + i] += svd.VT[c, i] * svd.U[j, c] / svd.S[c] / scale;
        if (result.Active) w.Record(Inverted, a.Offset, a.Rows, a.Cols, result.Offset);
        return result;
    }

    /// <summary>The decomposition of A over its largest element, which is <paramref name="scale"/>, so that nothing overflows.</summary>
    internal static Svd<double> Decompose(Workspace w, string name, Block a, bool vectors, out double scale)
    {
        scale = 0;
        foreach (double value in w.Values(a))
        {
            if (!double.IsFinite(value)) Workspace.Reject($"{name}: an element is {value}, but must be finite");
            scale = Math.Max(scale, Math.Abs(value));
        }
        if (scale == 0) scale = 1;
        return (Dense(w.V, a.Offset, a.Rows, a.Cols) / scale).Svd(vectors);
    }

    private static Matrix<double> Dense(double[] values, int offset, int rows, int cols) => Matrix<double>.Build.Dense(rows, cols, values.AsSpan(offset, rows * cols).ToArray());

    private static void Add(Workspace w, int target, Matrix<double> x)
    {
        double[] values = x.ToColumnMajorArray();
        for (int i = 0; i < values.Length; i++) w.A[target + i] += values[i];
    }

    private sealed class VectorOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int m = o[1], n = o[2], k = Math.Min(m, n);
            Matrix<double> u = Dense(w.V, o[3], m, k), v = Dense(w.V, o[4], n, k), uBar = Dense(w.A, o[3], m, k), vBar = Dense(w.A, o[4], n, k);
            ReadOnlySpan<double> s = w.V.AsSpan(o[5], k);
            Matrix<double> inner = Turned(u, uBar, s), outer = Turned(v, vBar, s), restU = uBar - (u * u.TransposeThisAndMultiply(uBar)), restV = vBar - (v * v.TransposeThisAndMultiply(vBar));
            for (int j = 0; j < k; j++)
            {
                for (int i = 0; i < k; i++)
                {
                    // U's turn is scaled from the right, V's from the left.
                    inner[i, j] = (inner[i, j] * s[j]) + (s[i] * outer[i, j]);
                }
                for (int i = 0; i < m; i++) restU[i, j] = restU[i, j] == 0 ? 0 : restU[i, j] / s[j];
                for (int i = 0; i < n; i++) restV[i, j] = restV[i, j] == 0 ? 0 : restV[i, j] / s[j];
            }
            Add(w, o[0], (((u * inner) + restU) * v.Transpose()) + (u * restV.Transpose()));
        }

        /// <summary>F ∘ (XᵀX̄ − X̄ᵀX).</summary>
        private static Matrix<double> Turned(Matrix<double> x, Matrix<double> xBar, ReadOnlySpan<double> s)
        {
            Matrix<double> inner = x.TransposeThisAndMultiply(xBar), result = inner - inner.Transpose();
            for (int j = 0; j < s.Length; j++)
                for (int i = 0; i < s.Length; i++) result[i, j] = i == j || result[i, j] == 0 ? 0 : result[i, j] / ((s[j] - s[i]) * (s[j] + s[i]));
            return result;
        }
    }

    private sealed class PseudoinverseOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int m = o[1], n = o[2];
            Matrix<double> a = Dense(w.V, o[0], m, n), x = Dense(w.V, o[3], n, m), given = Dense(w.A, o[3], n, m).Transpose(), xT = x.Transpose();
            Matrix<double> left = given - (a * (x * given)), right = given - (given * x * a);
            Add(w, o[0], (left * x * xT) + (xT * x * right) - (xT * given.Transpose() * xT));
        }
    }
}
