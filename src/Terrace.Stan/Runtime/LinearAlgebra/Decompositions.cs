using MathNet.Numerics.LinearAlgebra;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>
/// Eigenvalues and eigenvectors of symmetric matrices, singular values, and thin QR. Adjoints: with A = V diag(λ) Vᵀ, Ā = V (diag(λ̄) + F ∘ (Vᵀ V̄)) Vᵀ, F_ij = 1 / (λ_j − λ_i) (Giles 2008, section 3.1); with A = U diag(s) Vᵀ, Ā = U diag(s̄) Vᵀ (section 3.2);
/// with A = Q R and M = R R̄ᵀ − Q̄ᵀ Q, Ā = (Q̄ + Q S) R⁻ᵀ, S the symmetric matrix with the lower triangle of M (Seeger et al. 2017, Auto-differentiating linear algebra, arXiv:1710.08717, section 3.2).
/// These allocate: they are not meant for inner loops.
/// </summary>
internal static class Decompositions
{
    private static readonly EigenOperation Eigen = new();
    private static readonly SingularOperation Singular = new();
    private static readonly QrOperation Orthogonal = new();

    /// <summary>The eigenvalues of a symmetric matrix, least first.</summary>
    public static Block EigenvaluesSymmetric(Workspace w, Block a) => Symmetric(w, a, "eigenvalues_sym", false);

    /// <summary>The eigenvectors of a symmetric matrix in the order of the eigenvalues, each with its largest element positive.</summary>
    public static Block EigenvectorsSymmetric(Workspace w, Block a) => Symmetric(w, a, "eigenvectors_sym", true);

    private static Block Symmetric(Workspace w, Block a, string name, bool wantVectors)
    {
        Factorizations.RequireSymmetric(w, name, a);
        foreach (double value in w.Values(a)) if (!double.IsFinite(value)) Workspace.Reject($"{name}: an element is {value}, but must be finite");
        int n = a.Rows;
        SymmetricEigen eigen = SymmetricEigen.Decompose(new Matrix(n, n, w.Values(a).ToArray()));
        Block values = w.Allocate(1, n, 1, !wantVectors && a.Active && w.Differentiating), vectors = w.Allocate(1, n, n, wantVectors && a.Active && w.Differentiating);
        for (int j = 0; j < n; j++)
        {
            w.V[values.Offset + j] = eigen.Values[n - 1 - j];
            ReadOnlySpan<double> from = eigen.Vectors.Column(n - 1 - j);
            double sign = from[System.Numerics.Tensors.TensorPrimitives.IndexOfMaxMagnitude(from)] < 0 ? -1 : 1;
            System.Numerics.Tensors.TensorPrimitives.Multiply(from, sign, w.V.AsSpan(vectors.Offset + (j * n), n));
        }
        if (a.Active && w.Differentiating) w.Record(Eigen, a.Offset, n, values.Offset, vectors.Offset);
        return wantVectors ? vectors : values;
    }

    /// <summary>The singular values, largest first.</summary>
    public static Block SingularValues(Workspace w, Block a)
    {
        int n = Math.Min(a.Rows, a.Cols);
        Block result = w.AllocateVector(n, a.Active && w.Differentiating);
        if (n == 0) return result;
        var svd = SingularVectors.Decompose(w, "singular_values", a, result.Active, out double scale);
        for (int i = 0; i < n; i++) w.V[result.Offset + i] = scale * svd.S[i];
        if (!result.Active) return result;
        int left = w.AllocateSlots(a.Rows * n), right = w.AllocateSlots(a.Cols * n);
        for (int k = 0; k < n; k++)
        {
            for (int i = 0; i < a.Rows; i++) w.V[left + (k * a.Rows) + i] = svd.U[i, k];
            for (int i = 0; i < a.Cols; i++) w.V[right + (k * a.Cols) + i] = svd.VT[k, i];
        }
        w.Record(Singular, a.Offset, a.Rows, a.Cols, left, right, result.Offset);
        return result;
    }

    /// <summary>Q of A = Q R with orthonormal columns, as many as A has, for at least as many rows.</summary>
    public static Block ThinQ(Workspace w, Block a) => Thin(w, a, "qr_thin_Q", true);

    /// <summary>R of A = Q R, upper triangular with a positive diagonal.</summary>
    public static Block ThinR(Workspace w, Block a) => Thin(w, a, "qr_thin_R", false);

    /// <summary>Q with as many columns as rows; differentiable only where it is the thin one.</summary>
    public static Block FullQ(Workspace w, Block a) => a.Rows == a.Cols ? ThinQ(w, a) : Full(w, a, "qr_Q", true);

    /// <summary>R with as many rows as A.</summary>
    public static Block FullR(Workspace w, Block a)
    {
        if (a.Rows < a.Cols) return Full(w, a, "qr_R", false);
        Block thin = ThinR(w, a), result = w.Allocate(1, a.Rows, a.Cols, thin.Active);
        w.Values(result).Clear();
        StridedCopies.Copy(w, thin.Active, thin.Offset, 1, a.Cols, result.Offset, 1, a.Rows, a.Cols, a.Cols);
        return result;
    }

    private static Block Full(Workspace w, Block a, string name, bool wantQ)
    {
        if (a.Active && w.Differentiating) Workspace.Fail($"{name}: a {a.Rows} × {a.Cols} matrix that depends on parameters is not supported; use the thin factors");
        var qr = Matrix<double>.Build.Dense(a.Rows, a.Cols, w.Values(a).ToArray()).QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Full);
        Block result = wantQ ? w.Allocate(1, a.Rows, a.Rows, false) : w.Allocate(1, a.Rows, a.Cols, false);
        for (int j = 0; j < result.Cols; j++)
            for (int i = 0; i < a.Rows; i++) w.V[result.Offset + (j * a.Rows) + i] = wantQ ? qr.Q[i, j] * Sign(j) : qr.R[i, j] * Sign(i);
        return result;
        double Sign(int k) => k < Math.Min(a.Rows, a.Cols) && qr.R[k, k] < 0 ? -1 : 1;
    }

    private static Block Thin(Workspace w, Block a, string name, bool wantQ)
    {
        int m = a.Rows, n = a.Cols;
        if (m < n) Workspace.Fail($"{name}: the matrix is {m} × {n}, but must have at least as many rows as columns");
        bool active = a.Active && w.Differentiating;
        var qr = Matrix<double>.Build.Dense(m, n, w.Values(a).ToArray()).QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin);
        Block q = w.Allocate(1, m, n, active && wantQ), r = w.Allocate(1, n, n, active && !wantQ);
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < m; i++) w.V[q.Offset + (j * m) + i] = qr.Q[i, j] * (qr.R[j, j] < 0 ? -1 : 1);
            for (int i = 0; i < n; i++) w.V[r.Offset + (j * n) + i] = i > j ? 0 : qr.R[i, j] * (qr.R[i, i] < 0 ? -1 : 1);
        }
        if (active) w.Record(Orthogonal, a.Offset, m, n, q.Offset, r.Offset);
        return wantQ ? q : r;
    }

    private static Matrix<double> Dense(double[] values, int offset, int rows, int cols) => Matrix<double>.Build.Dense(rows, cols, values.AsSpan(offset, rows * cols).ToArray());

    private static void Add(Workspace w, int target, Matrix<double> x)
    {
        double[] values = x.ToColumnMajorArray();
        for (int i = 0; i < values.Length; i++) w.A[target + i] += values[i];
    }

    private sealed class EigenOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int n = o[1], values = o[2];
            Matrix<double> v = Dense(w.V, o[3], n, n), inner = v.TransposeThisAndMultiply(Dense(w.A, o[3], n, n));
            for (int j = 0; j < n; j++)
                for (int i = 0; i < n; i++) inner[i, j] = i == j ? w.A[values + i] : inner[i, j] == 0 ? 0 : inner[i, j] / (w.V[values + j] - w.V[values + i]);
            Add(w, o[0], v * inner * v.Transpose());
        }
    }

    private sealed class SingularOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int rows = o[1], cols = o[2];
            for (int k = 0; k < Math.Min(rows, cols); k++)
            {
                double given = w.A[o[5] + k];
                for (int j = 0; j < cols; j++)
                    for (int i = 0; i < rows; i++) w.A[o[0] + (j * rows) + i] += given * w.V[o[3] + (k * rows) + i] * w.V[o[4] + (k * cols) + j];
            }
        }
    }

    private sealed class QrOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            int m = o[1], n = o[2];
            Matrix<double> q = Dense(w.V, o[3], m, n), r = Dense(w.V, o[4], n, n), qBar = Dense(w.A, o[3], m, n), rBar = Dense(w.A, o[4], n, n).UpperTriangle();
            Matrix<double> s = (r * rBar.Transpose()) - (qBar.Transpose() * q);
            for (int j = 0; j < n; j++)
                for (int i = 0; i < j; i++) s[i, j] = s[j, i];
            // X Rᵀ = Y, solved as R Xᵀ = Yᵀ.
            Add(w, o[0], r.Solve((qBar + (q * s)).Transpose()).Transpose());
        }
    }
}
