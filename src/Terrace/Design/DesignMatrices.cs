using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Design;

/// <summary>The right-hand side of a formula for a set of rows: what every model is fitted to and predicts from.</summary>
public sealed record DesignMatrices
{
    /// <summary>The fixed-effects model matrix, rows × columns, with every column that the formula makes (aliased ones too).</summary>
    public required Matrix X { get; init; }

    /// <summary>The columns of <see cref="X"/>, named as R names them.</summary>
    public required IReadOnlyList<string> ColumnNames { get; init; }

    /// <summary>The term each column of <see cref="X"/> belongs to: 0 the intercept, then the formula's terms from 1 in R's order.</summary>
    public required IReadOnlyList<int> Assign { get; init; }

    /// <summary>The random-effects terms in the order of the formula; empty for a model without any.</summary>
    public required IReadOnlyList<RandomTermDesign> RandomTerms { get; init; }

    /// <summary>The sum of the formula's offsets (and of a separate offset), per row; zeros where there is none.</summary>
    public required double[] Offset { get; init; }

    /// <summary>The number of rows.</summary>
    public int Rows => X.Rows;
}
