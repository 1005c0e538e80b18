using MathNet.Numerics.LinearAlgebra;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Runtime.Transforms;

/// <summary>
/// The transforms of constrained variables as functions of any real values, over arrays element by element. The adjoint of the way back to free values: of bounds and affine maps written out; of the others y = f(x) has, along the
/// constrained set, the derivative (JᵀJ)⁻¹ Jᵀ, J that of the constraining transform at y, found by its own reverse pass.
/// </summary>
internal static class ConstraintFunctions
{
    private static readonly LinearOperation Linear = new();

    /// <summary>Constrained values; <paramref name="first"/> and <paramref name="second"/> are bounds, or offset and multiplier, and sizes are 0 where the argument tells them.</summary>
    public static Block Constrain(Workspace w, ConstraintKind kind, bool jacobian, string name, Block y, Block first, Block second, int rows, int cols)
    {
        (rows, cols) = kind switch
        {
            ConstraintKind.CholeskyFactorCorr or ConstraintKind.CorrMatrix or ConstraintKind.CovMatrix => (rows, rows),
            ConstraintKind.CholeskyFactorCov => (rows, cols),
            ConstraintKind.Simplex or ConstraintKind.SumToZeroVector or ConstraintKind.ColumnStochasticMatrix => (y.Rows + 1, y.Cols),
            ConstraintKind.SumToZeroMatrix => (y.Rows + 1, y.Cols + 1),
            ConstraintKind.RowStochasticMatrix => (y.Rows, y.Cols + 1),
            _ => (y.Rows, y.Cols),
        };
        if (rows < 0 || cols < 0 || (kind == ConstraintKind.CholeskyFactorCov && rows < cols)) Workspace.Fail($"{name}: there is no {rows} × {cols} matrix of this kind");
        int size = Parameters.FreeSize(kind, 1, rows, cols);
        if (y.Inner != size) Workspace.Fail($"{name}: the free values of a {rows} × {cols} matrix are {size}, but {y.Inner} are given");
        if (kind <= ConstraintKind.OffsetMultiplier) RequireSizes(name, y, first, second);
        bool before = w.IncludeJacobian;
        w.IncludeJacobian = jacobian && before;
        try
        {
            return Parameters.Read(w, kind, y.Offset, y.Outer, rows, cols, first, second, y.Active);
        }
        finally
        {
            w.IncludeJacobian = before;
        }
    }

    private static void RequireSizes(string name, Block x, Block first, Block second)
    {
        foreach (Block bound in (ReadOnlySpan<Block>)[first, second])
            if (bound.Count != 1 && bound.Count != x.Count) Workspace.Fail($"{name}: {bound.Count} bounds for {x.Count} values");
    }

    /// <summary>The free values of constrained ones, which are refused if they violate the constraint.</summary>
    public static Block Unconstrain(Workspace w, ConstraintKind kind, string name, Block x, Block first, Block second)
    {
        bool active = w.Differentiating && (x.Active || first.Active || second.Active), elementwise = kind <= ConstraintKind.OffsetMultiplier;
        (int rows, int cols) = kind switch
        {
            ConstraintKind.Simplex or ConstraintKind.SumToZeroVector or ConstraintKind.ColumnStochasticMatrix => (x.Rows - 1, x.Cols),
            ConstraintKind.SumToZeroMatrix => (x.Rows - 1, x.Cols - 1),
            ConstraintKind.RowStochasticMatrix => (x.Rows, x.Cols - 1),
            ConstraintKind.CholeskyFactorCorr or ConstraintKind.CorrMatrix or ConstraintKind.CovMatrix or ConstraintKind.CholeskyFactorCov => (Parameters.FreeSize(kind, 1, x.Rows, x.Cols), 1),
            _ => (x.Rows, x.Cols),
        };
        if (rows < 0 || cols < 0) Workspace.Fail($"{name}: a {x.Rows} × {x.Cols} container is too small for this constraint");
        if (kind is ConstraintKind.CholeskyFactorCorr or ConstraintKind.CorrMatrix or ConstraintKind.CovMatrix && x.Rows != x.Cols) Workspace.Fail($"{name}: the matrix is {x.Rows} × {x.Cols}, but must be square");
        if (kind == ConstraintKind.CholeskyFactorCov && x.Rows < x.Cols) Workspace.Fail($"{name}: the matrix is {x.Rows} × {x.Cols}, but must have at least as many rows as columns");
        if (elementwise) RequireSizes(name, x, first, second);
        Block result = w.Allocate(x.Outer, rows, cols, active);
        try
        {
            Parameters.Free(w, kind, x, result.Offset, first, second, name);
        }
        catch (ArgumentException violation)
        {
            Workspace.Reject(violation.Message);
        }
        if (!active) return result;
        if (elementwise) RecordElements(w, kind, x, first, second, result);
        else for (int k = 0; k < x.Outer; k++) RecordOne(w, kind, x.Element(k), result.Element(k), first, second);
        return result;
    }

    private static void RecordElements(Workspace w, ConstraintKind kind, Block x, Block first, Block second, Block result)
    {
        for (int i = 0; i < x.Count; i++)
        {
            int a = first.Offset + (first.Count == 1 ? 0 : i), b = second.Offset + (second.Count == 1 ? 0 : i), edges = 0;
            double value = w.V[x.Offset + i], byX = 0, byA = 0, byB = 0;
            if (kind == ConstraintKind.OffsetMultiplier)
            {
                byX = 1 / w.V[b];
                byA = -byX;
                byB = -w.V[result.Offset + i] * byX;
            }
            else
            {
                // Each finite bound has a term: log(x − a) and −log(b − x); of an upper bound alone it is log(b − x).
                bool below = kind != ConstraintKind.Upper && !double.IsNegativeInfinity(w.V[a]), above = kind != ConstraintKind.Lower && !double.IsPositiveInfinity(w.V[b]);
                byA = below ? -1 / (value - w.V[a]) : 0;
                byB = above ? (below ? -1 : 1) / (w.V[b] - value) : 0;
                byX = below || above ? -byA - byB : 1;
            }
            Edge(x.Active, x.Offset + i, byX);
            Edge(first.Active, a, byA);
            Edge(second.Active, b, byB);
            w.CloseLinear(result.Offset + i, edges);

            void Edge(bool active, int slot, double partial)
            {
                if (!active) return;
                w.Edge(slot, partial);
                edges++;
            }
        }
    }

    private static void RecordOne(Workspace w, ConstraintKind kind, Block x, Block free, Block first, Block second)
    {
        int n = free.Count, outputs = x.Count;
        if (n == 0) return;
        // The free values of a unit vector are the vector itself.
        int slopes = w.AllocateSlots(n * outputs), top = w.Top;
        Span<double> derivative = w.V.AsSpan(slopes, n * outputs);
        if (kind == ConstraintKind.UnitVector)
        {
            derivative.Clear();
            for (int i = 0; i < n; i++) derivative[i * (n + 1)] = 1;
        }
        else
        {
            Matrix<double> jacobian = Jacobian(w, kind, x, free, first, second);
            jacobian.TransposeThisAndMultiply(jacobian).Solve(jacobian.Transpose()).ToColumnMajorArray().CopyTo(derivative);
        }
        w.Top = top;
        w.Record(Linear, x.Offset, outputs, free.Offset, n, slopes);
    }

    /// <summary>The derivatives of the constrained values by the free ones, a row an output.</summary>
    private static Matrix<double> Jacobian(Workspace w, ConstraintKind kind, Block x, Block free, Block first, Block second)
    {
        int code = w.CodeTop, partials = w.WTop, ints = w.IntTop, start = w.Top, n = free.Count;
        bool before = w.IncludeJacobian;
        var jacobian = Matrix<double>.Build.Dense(x.Count, n);
        Block y = w.AllocateVector(n, true);
        w.Values(free).CopyTo(w.Values(y));
        w.IncludeJacobian = false;
        try
        {
            Block image = Parameters.Read(w, kind, y.Offset, 1, x.Rows, x.Cols, first, second, true);
            int codeEnd = w.CodeTop, partialsEnd = w.WTop;
            for (int i = 0; i < x.Count; i++)
            {
                w.CodeTop = codeEnd;
                w.WTop = partialsEnd;
                Array.Clear(w.A, start, w.Top - start);
                w.A[image.Offset + i] = 1;
                w.Reverse(code);
                for (int j = 0; j < n; j++) jacobian[i, j] = w.A[y.Offset + j];
            }
        }
        finally
        {
            w.IncludeJacobian = before;
        }
        Array.Clear(w.A, start, w.Top - start);
        w.CodeTop = code;
        w.WTop = partials;
        w.IntTop = ints;
        return jacobian;
    }

    private sealed class LinearOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            for (int i = 0; i < o[1]; i++)
                for (int j = 0; j < o[3]; j++) w.A[o[0] + i] += w.V[o[4] + (i * o[3]) + j] * w.A[o[2] + j];
        }
    }
}
