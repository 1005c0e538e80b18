using Terrace.Stan.Syntax;
using Terrace.Stan.Types;

namespace Terrace.Stan.Ir;

/// <summary>Where a variable comes from.</summary>
internal enum SymbolKind
{
    /// <summary>The block <c>data</c>.</summary>
    Data,

    /// <summary>The block <c>transformed data</c>.</summary>
    TransformedData,

    /// <summary>The block <c>parameters</c>.</summary>
    Parameter,

    /// <summary>The block <c>transformed parameters</c>.</summary>
    TransformedParameter,

    /// <summary>The block <c>generated quantities</c>.</summary>
    GeneratedQuantity,

    /// <summary>Declared within a statement, a function or the model block.</summary>
    Local,

    /// <summary>An argument of a function.</summary>
    Argument,

    /// <summary>The variable of a loop.</summary>
    Loop,
}

/// <summary>The constraint of a type, and the transform that frees it. Those up to <see cref="OffsetMultiplier"/> work element by element.</summary>
internal enum ConstraintKind
{
    /// <summary>None.</summary>
    None,

    /// <summary><c>lower</c>.</summary>
    Lower,

    /// <summary><c>upper</c>.</summary>
    Upper,

    /// <summary><c>lower</c> and <c>upper</c>.</summary>
    LowerUpper,

    /// <summary><c>offset</c>, <c>multiplier</c> or both.</summary>
    OffsetMultiplier,

    /// <summary><c>ordered</c>.</summary>
    Ordered,

    /// <summary><c>positive_ordered</c>.</summary>
    PositiveOrdered,

    /// <summary><c>simplex</c>.</summary>
    Simplex,

    /// <summary><c>unit_vector</c>.</summary>
    UnitVector,

    /// <summary><c>sum_to_zero_vector</c>.</summary>
    SumToZeroVector,

    /// <summary><c>sum_to_zero_matrix</c>.</summary>
    SumToZeroMatrix,

    /// <summary><c>cholesky_factor_corr</c>.</summary>
    CholeskyFactorCorr,

    /// <summary><c>cholesky_factor_cov</c>.</summary>
    CholeskyFactorCov,

    /// <summary><c>corr_matrix</c>.</summary>
    CorrMatrix,

    /// <summary><c>cov_matrix</c>.</summary>
    CovMatrix,

    /// <summary><c>column_stochastic_matrix</c>.</summary>
    ColumnStochasticMatrix,

    /// <summary><c>row_stochastic_matrix</c>.</summary>
    RowStochasticMatrix,
}

/// <summary>The constraint of a declared variable.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="First">The lower bound, or the offset; null if left out.</param>
/// <param name="Second">The upper bound, or the multiplier; null if left out.</param>
internal sealed record IrConstraint(ConstraintKind Kind, IrExpression? First = null, IrExpression? Second = null)
{
    /// <summary>No constraint.</summary>
    public static readonly IrConstraint None = new(ConstraintKind.None);

    /// <summary>Whether there is a lower or an upper bound.</summary>
    public bool IsBounds => Kind is ConstraintKind.Lower or ConstraintKind.Upper or ConstraintKind.LowerUpper;
}

/// <summary>A variable. Each declaration has one symbol, so that names need not be unique.</summary>
internal sealed class IrSymbol(string name, StanType type, SymbolKind kind, Span span)
{
    /// <summary>The name in the program.</summary>
    public string Name { get; } = name;

    /// <summary>Its type.</summary>
    public StanType Type { get; } = type;

    /// <summary>Where it comes from.</summary>
    public SymbolKind Kind { get; } = kind;

    /// <summary>The name at its declaration.</summary>
    public Span Span { get; } = span;

    /// <summary>The sizes of the array dimensions, then of the vector or matrix; empty for arguments.</summary>
    public IReadOnlyList<IrExpression> Sizes { get; set; } = [];

    /// <summary>The constraint.</summary>
    public IrConstraint Constraint { get; set; } = IrConstraint.None;

    /// <summary>Whether some statement assigns to a part of it. Its memory then changes while it lives, so operations that need its values later take a copy.</summary>
    public bool IsAssignedInParts { get; set; }

    /// <summary>Whether some statement assigns to it at all, its definition apart.</summary>
    public bool IsAssigned { get; set; }

    /// <summary>The value with which it is declared, or null.</summary>
    public IrExpression? Definition { get; set; }

    /// <summary>Whether the argument was declared <c>data</c>.</summary>
    public bool IsDataOnly { get; set; }

    /// <summary>The place of its description among the globals of the program, or −1 of a local variable.</summary>
    public int Global { get; set; } = -1;

    /// <summary>Of a tuple's element that is declared as a variable of its own: the parts, in order.</summary>
    public IReadOnlyList<IrSymbol> Parts { get; set; } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
