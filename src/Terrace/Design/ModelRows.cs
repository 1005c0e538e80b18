namespace Terrace.Design;

/// <summary>
/// The rows that a model is fitted to or predicts for. Rows with equal covariates share one row of <see cref="Design"/>, a <em>cell</em>; what differs within a
/// cell (response, weight, trials) is kept per row. Rows with a missing value in a variable of the formula are left out.
/// </summary>
public sealed record ModelRows
{
    /// <summary>The right-hand side, one row for each cell.</summary>
    public required DesignMatrices Design { get; init; }

    /// <summary>The cell (row of <see cref="Design"/>) of each row; the identity where rows were not collapsed.</summary>
    public required int[] RowToCell { get; init; }

    /// <summary>The row of the source behind each row, ascending from 0.</summary>
    public required int[] SourceRows { get; init; }

    /// <summary>How many rows of the source were left out because a value is missing.</summary>
    public required int OmittedRows { get; init; }

    /// <summary>The response per row, or null where new data have none.</summary>
    public ResponseValues? Response { get; init; }

    /// <summary>The prior weights per row, or null where none were given.</summary>
    public double[]? Weights { get; init; }

    /// <summary>The number of binomial trials per row, or null where none were given.</summary>
    public double[]? Trials { get; init; }

    /// <summary>The number of rows used.</summary>
    public int Rows => RowToCell.Length;

    /// <summary>The number of distinct covariate patterns.</summary>
    public int Cells => Design.Rows;
}
