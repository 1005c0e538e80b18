using Terrace.Stan.Ir;
using Terrace.Stan.Runtime.LinearAlgebra;
using Terrace.Stan.Runtime.Transforms;

namespace Terrace.Stan.Runtime;

/// <summary>Reads parameters from the position, frees given values, and checks constraints; arrays element by element.</summary>
internal static class Parameters
{
    /// <summary>The number of unconstrained coordinates.</summary>
    public static int FreeSize(ConstraintKind kind, int outer, int rows, int cols) => outer * OneFreeSize(kind, rows, cols);

    private static int OneFreeSize(ConstraintKind kind, int rows, int cols) => kind switch
    {
        ConstraintKind.Simplex => Math.Max(0, rows - 1),
        ConstraintKind.SumToZeroVector => Math.Max(0, rows - 1),
        ConstraintKind.SumToZeroMatrix => Math.Max(0, (rows - 1) * (cols - 1)),
        ConstraintKind.CholeskyFactorCorr or ConstraintKind.CorrMatrix => rows * (rows - 1) / 2,
        ConstraintKind.CovMatrix => rows * (rows + 1) / 2,
        ConstraintKind.CholeskyFactorCov => (cols * (cols + 1) / 2) + ((rows - cols) * cols),
        ConstraintKind.ColumnStochasticMatrix => Math.Max(0, rows - 1) * cols,
        ConstraintKind.RowStochasticMatrix => rows * Math.Max(0, cols - 1),
        _ => rows * cols,
    };

    private static bool IsElementwise(ConstraintKind kind) => kind <= ConstraintKind.OffsetMultiplier;

    /// <summary>A parameter from its part of the position; the log determinants go to the target if they are asked for.</summary>
    public static Block Read(Workspace w, ConstraintKind kind, int position, int outer, int rows, int cols, Block first, Block second, bool active)
    {
        if (kind == ConstraintKind.None) return new Block(position, outer, rows, cols, active);
        bool jacobian = w.IncludeJacobian;
        if (IsElementwise(kind))
        {
            var free = new Block(position, outer, rows, cols, active);
            first = Spread(w, first, free);
            second = Spread(w, second, free);
            return kind switch
            {
                ConstraintKind.Lower => LowerBoundTransform.Constrain(w, free, first, jacobian),
                ConstraintKind.Upper => UpperBoundTransform.Constrain(w, free, second, jacobian),
                ConstraintKind.LowerUpper => LowerUpperBoundTransform.Constrain(w, free, first, second, jacobian),
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

    private static Block One(Workspace w, ConstraintKind kind, Block free, int rows, int cols, bool jacobian) => kind switch
    {
        ConstraintKind.Ordered => OrderedTransform.Constrain(w, free, jacobian),
        ConstraintKind.PositiveOrdered => PositiveOrderedTransform.Constrain(w, free, jacobian),
        ConstraintKind.Simplex => SimplexTransform.Constrain(w, free, jacobian),
        ConstraintKind.UnitVector => UnitVectorTransform.Constrain(w, free, jacobian),
        ConstraintKind.SumToZeroVector => SumToZeroVectorTransform.Constrain(w, free, jacobian),
        ConstraintKind.CholeskyFactorCorr => CholeskyFactorCorrTransform.Constrain(w, free, rows, jacobian),
        ConstraintKind.CorrMatrix => CorrMatrixTransform.Constrain(w, free, rows, jacobian),
        ConstraintKind.CovMatrix => CovMatrixTransform.Constrain(w, free, rows, jacobian),
        ConstraintKind.SumToZeroMatrix => SumToZeroMatrixTransform.Constrain(w, free, rows, cols, jacobian),
        ConstraintKind.CholeskyFactorCov => CholeskyFactorCovTransform.Constrain(w, free, rows, cols, jacobian),
        ConstraintKind.ColumnStochasticMatrix => ColumnStochasticMatrixTransform.Constrain(w, free, rows, cols, jacobian),
        ConstraintKind.RowStochasticMatrix => RowStochasticMatrixTransform.Constrain(w, free, rows, cols, jacobian),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>A bound for one element of an array holds for all of them.</summary>
    private static Block Spread(Workspace w, Block bound, Block variable)
    {
        if (bound.Count == 1 || bound.Count == variable.Count || bound.Count != variable.Inner) return bound;
        return Construction.RepArray(w, bound, variable.Outer) with { Outer = variable.Outer, Rows = variable.Rows, Cols = variable.Cols };
    }

    /// <summary>Frees the values that lie in the draw at <paramref name="column"/>; without values, where gaps are to be filled, the parameter is read from the position.</summary>
    public static Block FreeOrRead(Workspace w, ConstraintKind kind, int column, int position, int outer, int rows, int cols, int depth, int[] dimensions, Block first, Block second, string name)
    {
        if (w.FillsGaps && IsGap(w.Output.AsSpan(column, outer * rows * cols))) return Read(w, kind, position, outer, rows, cols, first, second, false);
        Block block = w.ReadColumns(column, outer, rows, cols, depth, dimensions);
        Free(w, kind, block, position, first, second, name);
        return block;
    }

    private static bool IsGap(ReadOnlySpan<double> values)
    {
        foreach (double value in values) if (!double.IsNaN(value)) return false;
        return true;
    }

    /// <summary>Writes the unconstrained coordinates of given values to the position.</summary>
    /// <exception cref="ArgumentException">A value violates the constraint.</exception>
    internal static void Free(Workspace w, ConstraintKind kind, Block x, int position, Block first, Block second, string name)
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
                    case ConstraintKind.None: values.CopyTo(free); break;
                    case ConstraintKind.Lower: LowerBoundTransform.Free(values, free, lower); break;
                    case ConstraintKind.Upper: UpperBoundTransform.Free(values, free, upper); break;
                    case ConstraintKind.LowerUpper: LowerUpperBoundTransform.Free(values, free, lower, upper); break;
                    default: OffsetMultiplierTransform.Free(values, free, lower, upper); break;
                }
                return;
            }
            for (int k = 0; k < x.Outer; k++) FreeOne(kind, w.Values(x.Element(k)), w.V.AsSpan(position + (k * size), size), x.Rows, x.Cols);
        }
        catch (ArgumentException fault)
        {
            // The name of the transform's own argument, which the message ends with, tells the user nothing.
            throw new ArgumentException($"`{name}`: {fault.Message.Split(" (Parameter '", 2)[0]}", fault);
        }
    }

    private static void FreeOne(ConstraintKind kind, ReadOnlySpan<double> x, Span<double> free, int rows, int cols)
    {
        switch (kind)
        {
            case ConstraintKind.Ordered: OrderedTransform.Free(x, free); break;
            case ConstraintKind.PositiveOrdered: PositiveOrderedTransform.Free(x, free); break;
            case ConstraintKind.Simplex: SimplexTransform.Free(x, free); break;
            case ConstraintKind.UnitVector: UnitVectorTransform.Free(x, free); break;
            case ConstraintKind.SumToZeroVector: SumToZeroVectorTransform.Free(x, free); break;
            case ConstraintKind.CholeskyFactorCorr: CholeskyFactorCorrTransform.Free(x, free, rows); break;
            case ConstraintKind.CorrMatrix: CorrMatrixTransform.Free(x, free, rows); break;
            case ConstraintKind.CovMatrix: CovMatrixTransform.Free(x, free, rows); break;
            case ConstraintKind.SumToZeroMatrix: SumToZeroMatrixTransform.Free(x, free, rows, cols); break;
            case ConstraintKind.CholeskyFactorCov: CholeskyFactorCovTransform.Free(x, free, rows, cols); break;
            case ConstraintKind.ColumnStochasticMatrix: ColumnStochasticMatrixTransform.Free(x, free, rows, cols); break;
            case ConstraintKind.RowStochasticMatrix: RowStochasticMatrixTransform.Free(x, free, rows, cols); break;
        }
    }

    /// <summary>Checks a declared constraint; its violation rejects.</summary>
    public static void Check(Workspace w, ConstraintKind kind, Block x, Block first, Block second, string name)
    {
        if (IsElementwise(kind))
        {
            ReadOnlySpan<double> values = w.Values(x), lower = w.Values(Spread(w, first, x)), upper = w.Values(Spread(w, second, x));
            switch (kind)
            {
                case ConstraintKind.Lower: LowerBoundTransform.Check(values, name, lower); break;
                case ConstraintKind.Upper: UpperBoundTransform.Check(values, name, upper); break;
                case ConstraintKind.LowerUpper: LowerUpperBoundTransform.Check(values, name, lower, upper); break;
            }
            return;
        }
        for (int k = 0; k < x.Outer; k++) CheckOne(kind, w.Values(x.Element(k)), name, x.Rows, x.Cols);
    }

    private static void CheckOne(ConstraintKind kind, ReadOnlySpan<double> x, string name, int rows, int cols)
    {
        switch (kind)
        {
            case ConstraintKind.Ordered: OrderedTransform.Check(x, name); break;
            case ConstraintKind.PositiveOrdered: PositiveOrderedTransform.Check(x, name); break;
            case ConstraintKind.Simplex: SimplexTransform.Check(x, name); break;
            case ConstraintKind.UnitVector: UnitVectorTransform.Check(x, name); break;
            case ConstraintKind.SumToZeroVector: SumToZeroVectorTransform.Check(x, name); break;
            case ConstraintKind.CholeskyFactorCorr: CholeskyFactorCorrTransform.Check(x, name, rows); break;
            case ConstraintKind.CorrMatrix: CorrMatrixTransform.Check(x, name, rows); break;
            case ConstraintKind.CovMatrix: CovMatrixTransform.Check(x, name, rows); break;
            case ConstraintKind.SumToZeroMatrix: SumToZeroMatrixTransform.Check(x, name, rows, cols); break;
            case ConstraintKind.CholeskyFactorCov: CholeskyFactorCovTransform.Check(x, name, rows, cols); break;
            case ConstraintKind.ColumnStochasticMatrix: ColumnStochasticMatrixTransform.Check(x, name, rows, cols); break;
            case ConstraintKind.RowStochasticMatrix: RowStochasticMatrixTransform.Check(x, name, rows, cols); break;
        }
    }
}
