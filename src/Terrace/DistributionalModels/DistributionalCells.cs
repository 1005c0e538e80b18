using Terrace.Design;
using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.DistributionalModels;

/// <summary>
/// The rows of a model, collapsed to cells: rows that agree in the covariates of every component, in the response and in the trials are one cell whose weight is the sum of theirs.
/// The log likelihood of cells is that of the rows, since each row enters with its own density.
/// </summary>
internal sealed class DistributionalCells
{
    private DistributionalCells(ComponentRows rows, OutcomeValues outcomes, int[] rowToCell, int[] firstRow)
    {
        RowToCell = rowToCell;
        int[] Cells(ModelRows part) => [.. firstRow.Select(row => part.RowToCell[row])];
        double[] Pick(double[] values) => [.. firstRow.Select(row => values[row])];
        Conditional = ComponentRows.Select(rows.Conditional.Design, Cells(rows.Conditional));
        Dispersion = rows.Dispersion is { } dispersion ? ComponentRows.Select(dispersion.Design, Cells(dispersion)) : null;
        ZeroInflation = rows.ZeroInflation is { } zero ? ComponentRows.Select(zero.Design, Cells(zero)) : null;
        Weight = new double[firstRow.Length];
        for (int row = 0; row < rowToCell.Length; row++) Weight[rowToCell[row]] += outcomes.Weight[row];
        Outcomes = outcomes with { Y = Pick(outcomes.Y), Trials = outcomes.Trials is { } trials ? Pick(trials) : null, Weight = Weight };
    }

    /// <summary>The responses of the cells.</summary>
    public OutcomeValues Outcomes { get; }

    /// <summary>The weight of each cell.</summary>
    public double[] Weight { get; }

    /// <summary>The cell of each row.</summary>
    public int[] RowToCell { get; }

    /// <summary>The conditional predictor's design per cell; of ordered categories without the intercept, whose place the thresholds take.</summary>
    public DesignMatrices Conditional { get; private init; }

    /// <summary>The dispersion's design per cell, or null.</summary>
    public DesignMatrices? Dispersion { get; }

    /// <summary>The zero part's design per cell, or null.</summary>
    public DesignMatrices? ZeroInflation { get; }

    /// <summary>The number of cells.</summary>
    public int Count => Weight.Length;

    /// <summary>Collapses <paramref name="rows"/>.</summary>
    /// <exception cref="ModelException">Ordered categories come with a formula without intercept.</exception>
    public static DistributionalCells Of(ComponentRows rows, OutcomeValues outcomes, ResponseFamily family)
    {
        var table = new CellTable(5);
        var rowToCell = new int[outcomes.Y.Length];
        var first = new List<int>();
        Span<ulong> words = stackalloc ulong[5];
        for (int row = 0; row < rowToCell.Length; row++)
        {
            words[0] = (ulong)rows.Conditional.RowToCell[row];
            words[1] = rows.Dispersion is { } dispersion ? (ulong)dispersion.RowToCell[row] : 0;
            words[2] = rows.ZeroInflation is { } zero ? (ulong)zero.RowToCell[row] : 0;
            words[3] = BitConverter.DoubleToUInt64Bits(outcomes.Y[row] + 0.0);
            words[4] = outcomes.Trials is { } trials ? BitConverter.DoubleToUInt64Bits(trials[row]) : 0;
            rowToCell[row] = table.FindOrAdd(words);
            if (rowToCell[row] == first.Count) first.Add(row);
        }
        var cells = new DistributionalCells(rows, outcomes, rowToCell, [.. first]);
        return family.IsOrdered ? new DistributionalCells(rows, outcomes, rowToCell, [.. first]) { Conditional = WithoutIntercept(cells.Conditional) } : cells;
    }

    /// <summary>The design of ordered categories: thresholds stand for the intercept.</summary>
    /// <exception cref="ModelException">There is no intercept to leave out.</exception>
    internal static DesignMatrices WithoutIntercept(DesignMatrices design)
    {
        if (design.ColumnNames.Count == 0 || design.ColumnNames[0] != "(Intercept)")
            throw new ModelException("A model of ordered categories has thresholds in place of the intercept; leave '0 +' or '- 1' out of the formula.");
        return design with
        {
            X = new Matrix(design.Rows, design.X.Columns - 1, design.X.Values[design.Rows..]),
            ColumnNames = [.. design.ColumnNames.Skip(1)],
            Assign = [.. design.Assign.Skip(1)],
        };
    }
}
