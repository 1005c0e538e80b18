using Terrace.Stan.Runtime.Transforms;

namespace Terrace.Stan.Runtime;

/// <summary>The transforms between unconstrained and constrained parameters.</summary>
internal enum TransformKind
{
    /// <summary>No constraint.</summary>
    Identity,

    /// <summary>A lower bound.</summary>
    Lower,

    /// <summary>An upper bound.</summary>
    Upper,

    /// <summary>Both bounds.</summary>
    LowerUpper,

    /// <summary>An affine map.</summary>
    OffsetMultiplier,

    /// <summary>An increasing vector.</summary>
    Ordered,

    /// <summary>An increasing vector of positive numbers.</summary>
    PositiveOrdered,

    /// <summary>Positive numbers that sum to 1.</summary>
    Simplex,

    /// <summary>A vector of length 1.</summary>
    UnitVector,

    /// <summary>Numbers that sum to 0.</summary>
    SumToZeroVector,

    /// <summary>A matrix whose rows and columns sum to 0.</summary>
    SumToZeroMatrix,

    /// <summary>The Cholesky factor of a correlation matrix.</summary>
    CholeskyFactorCorr,

    /// <summary>The Cholesky factor of a covariance matrix.</summary>
    CholeskyFactorCov,

    /// <summary>A correlation matrix.</summary>
    CorrMatrix,

    /// <summary>A covariance matrix.</summary>
    CovMatrix,

    /// <summary>A matrix whose columns are simplexes.</summary>
    ColumnStochasticMatrix,

    /// <summary>A matrix whose rows are simplexes.</summary>
    RowStochasticMatrix,
}

/// <summary>Reads parameters from the position, frees given values, and checks constraints; arrays element by element.</summary>
internal static class Parameters
{
    /// <summary>The number of unconstrained coordinates.</summary>
    public static int FreeSize(TransformKind kind, int outer, int rows, int cols) => outer * OneFreeSize(kind, rows, cols);

    private static int OneFreeSize(TransformKind kind, int rows, int cols) => kind switch
    {
        TransformKind.Simplex => Math.Max(0, rows - 1),
        TransformKind.SumToZeroVector => Math.Max(0, rows - 1),
        TransformKind.SumToZeroMatrix => Math.Max(0, (rows - 1) * (cols - 1)),
        TransformKind.CholeskyFactorCorr or TransformKind.CorrMatrix => rows * (rows - 1) / 2,
        TransformKind.CovMatrix => rows * (rows + 1) / 2,
        TransformKind.CholeskyFactorCov => (cols * (cols + 1) / 2) + ((rows - cols) * cols),
        TransformKind.ColumnStochasticMatrix => Math.Max(0, rows - 1) * cols,
        TransformKind.RowStochasticMatrix => rows * Math.Max(0, cols - 1),
        _ => rows * cols,
    };

    private static bool IsElementwise(TransformKind kind) => kind <= TransformKind.OffsetMultiplier;

    /// <summary>A parameter from its part of the position; the log determinants go to the target if they are asked for.</summary>
    public static Block Read(Workspace w, TransformKind kind, int position, int outer, int rows, int cols, Block first, Block second, bool active)
    {
        if (kind == TransformKind.Identity) return new Block(position, outer, rows, cols, active);
        bool jacobian = w.IncludeJacobian;
        if (IsElementwise(kind))
        {
            var free = new Block(position, outer, rows, cols, active);
            first = Spread(w, first, free);
            second = Spread(w, second, free);
            return kind switch
            {
                TransformKind.Lower => LowerBoundTransform.Constrain(w, free, first, jacobian),
                TransformKind.Upper => UpperBoundTransform.Constrain(w, free, second, jacobian),
                TransformKind.LowerUpper => LowerUpperBoundTransform.Constrain(w, free, first, second, jacobian),
                _ => OffsetMultiplierTransform.Constrain(w, free, first, second, jacobian),
            };
        }
        int size = OneFreeSize(kind, rows, cols);
        if (outer == 1) return One(w, kind, new Block(position, 1, size, 1, active), rows, cols, jacobian);
        Block whole = w.Allocate(outer, rows, cols, active);
        for (int k = 0; k < outer; k++)
        {
            Block one = One(w, kind, new Block(position + (k * size), 1, size, 1, active), rows, cols, jacobian);
            Copies.Assign(w, whole.Element(k).Offset, 1, one.Offset, one.Count, active, active);
        }
        return whole;
    }

    private static Block One(Workspace w, TransformKind kind, Block free, int rows, int cols, bool jacobian) => kind switch
    {
        TransformKind.Ordered => OrderedTransform.Constrain(w, free, jacobian),
        TransformKind.PositiveOrdered => PositiveOrderedTransform.Constrain(w, free, jacobian),
        TransformKind.Simplex => SimplexTransform.Constrain(w, free, jacobian),
        TransformKind.UnitVector => UnitVectorTransform.Constrain(w, free, jacobian),
        TransformKind.SumToZeroVector => SumToZeroVectorTransform.Constrain(w, free, jacobian),
        TransformKind.CholeskyFactorCorr => CholeskyFactorCorrTransform.Constrain(w, free, rows, jacobian),
        TransformKind.CorrMatrix => CorrMatrixTransform.Constrain(w, free, rows, jacobian),
        TransformKind.CovMatrix => CovMatrixTransform.Constrain(w, free, rows, jacobian),
        TransformKind.SumToZeroMatrix => SumToZeroMatrixTransform.Constrain(w, free, rows, cols, jacobian),
        TransformKind.CholeskyFactorCov => CholeskyFactorCovTransform.Constrain(w, free, rows, cols, jacobian),
        TransformKind.ColumnStochasticMatrix => ColumnStochasticMatrixTransform.Constrain(w, free, rows, cols, jacobian),
        TransformKind.RowStochasticMatrix => RowStochasticMatrixTransform.Constrain(w, free, rows, cols, jacobian),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>A bound for one element of an array holds for all of them.</summary>
    private static Block Spread(Workspace w, Block bound, Block variable)
    {
        if (bound.Count == 1 || bound.Count == variable.Count || bound.Count != variable.Inner) return bound;
        return ArrayFunctions.Repeat(w, bound, variable.Outer) with { Outer = variable.Outer, Rows = variable.Rows, Cols = variable.Cols };
    }

    /// <summary>Writes the unconstrained coordinates of given values to the position.</summary>
    /// <exception cref="ArgumentException">A value violates the constraint.</exception>
    public static void Free(Workspace w, TransformKind kind, Block x, int position, Block first, Block second, string name)
    {
        int size = OneFreeSize(kind, x.Rows, x.Cols);
        try
        {
            if (IsElementwise(kind))
            {
                Span<double> free = w.V.AsSpan(position, x.Count);
                ReadOnlySpan<double> values = w.Values(x), lower = w.Values(Spread(w, first, x)), upper = w.Values(Spread(w, second, x));
                switch (kind)
                {
                    case TransformKind.Identity: values.CopyTo(free); break;
                    case TransformKind.Lower: LowerBoundTransform.Free(values, free, lower); break;
                    case TransformKind.Upper: UpperBoundTransform.Free(values, free, upper); break;
                    case TransformKind.LowerUpper: LowerUpperBoundTransform.Free(values, free, lower, upper); break;
                    default: OffsetMultiplierTransform.Free(values, free, lower, upper); break;
                }
                return;
            }
            for (int k = 0; k < x.Outer; k++) FreeOne(kind, w.Values(x.Element(k)), w.V.AsSpan(position + (k * size), size), x.Rows, x.Cols);
        }
        catch (ArgumentException fault)
        {
            throw new ArgumentException($"`{name}`: {fault.Message}", fault);
        }
    }

    private static void FreeOne(TransformKind kind, ReadOnlySpan<double> x, Span<double> free, int rows, int cols)
    {
        switch (kind)
        {
            case TransformKind.Ordered: OrderedTransform.Free(x, free); break;
            case TransformKind.PositiveOrdered: PositiveOrderedTransform.Free(x, free); break;
            case TransformKind.Simplex: SimplexTransform.Free(x, free); break;
            case TransformKind.UnitVector: UnitVectorTransform.Free(x, free); break;
            case TransformKind.SumToZeroVector: SumToZeroVectorTransform.Free(x, free); break;
            case TransformKind.CholeskyFactorCorr: CholeskyFactorCorrTransform.Free(x, free, rows); break;
            case TransformKind.CorrMatrix: CorrMatrixTransform.Free(x, free, rows); break;
            case TransformKind.CovMatrix: CovMatrixTransform.Free(x, free, rows); break;
            case TransformKind.SumToZeroMatrix: SumToZeroMatrixTransform.Free(x, free, rows, cols); break;
            case TransformKind.CholeskyFactorCov: CholeskyFactorCovTransform.Free(x, free, rows, cols); break;
            case TransformKind.ColumnStochasticMatrix: ColumnStochasticMatrixTransform.Free(x, free, rows, cols); break;
            case TransformKind.RowStochasticMatrix: RowStochasticMatrixTransform.Free(x, free, rows, cols); break;
        }
    }

    /// <summary>Checks a declared constraint; its violation rejects.</summary>
    public static void Check(Workspace w, TransformKind kind, Block x, Block first, Block second, string name)
    {
        if (IsElementwise(kind))
        {
            ReadOnlySpan<double> values = w.Values(x), lower = w.Values(Spread(w, first, x)), upper = w.Values(Spread(w, second, x));
            switch (kind)
            {
                case TransformKind.Lower: LowerBoundTransform.Check(values, name, lower); break;
                case TransformKind.Upper: UpperBoundTransform.Check(values, name, upper); break;
                case TransformKind.LowerUpper: LowerUpperBoundTransform.Check(values, name, lower, upper); break;
            }
            return;
        }
        for (int k = 0; k < x.Outer; k++) CheckOne(kind, w.Values(x.Element(k)), name, x.Rows, x.Cols);
    }

    private static void CheckOne(TransformKind kind, ReadOnlySpan<double> x, string name, int rows, int cols)
    {
        switch (kind)
        {
            case TransformKind.Ordered: OrderedTransform.Check(x, name); break;
            case TransformKind.PositiveOrdered: PositiveOrderedTransform.Check(x, name); break;
            case TransformKind.Simplex: SimplexTransform.Check(x, name); break;
            case TransformKind.UnitVector: UnitVectorTransform.Check(x, name); break;
            case TransformKind.SumToZeroVector: SumToZeroVectorTransform.Check(x, name); break;
            case TransformKind.CholeskyFactorCorr: CholeskyFactorCorrTransform.Check(x, name, rows); break;
            case TransformKind.CorrMatrix: CorrMatrixTransform.Check(x, name, rows); break;
            case TransformKind.CovMatrix: CovMatrixTransform.Check(x, name, rows); break;
            case TransformKind.SumToZeroMatrix: SumToZeroMatrixTransform.Check(x, name, rows, cols); break;
            case TransformKind.CholeskyFactorCov: CholeskyFactorCovTransform.Check(x, name, rows, cols); break;
            case TransformKind.ColumnStochasticMatrix: ColumnStochasticMatrixTransform.Check(x, name, rows, cols); break;
            case TransformKind.RowStochasticMatrix: RowStochasticMatrixTransform.Check(x, name, rows, cols); break;
        }
    }
}
