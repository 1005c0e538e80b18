using Terrace.Stan.Ir;
using Terrace.Stan.Types;

namespace Terrace.Stan.Lowering;

/// <summary>What a transform function does.</summary>
internal enum TransformDirection
{
    /// <summary>From free values to constrained ones.</summary>
    Constrain,

    /// <summary>The same, with the log determinant added to the target.</summary>
    Jacobian,

    /// <summary>From constrained values to free ones.</summary>
    Unconstrain,
}

/// <summary>
/// The transforms of constrained variables as functions, <c>simplex_constrain(y)</c>, <c>simplex_jacobian(y)</c>, <c>simplex_unconstrain(x)</c> (Stan functions reference, "Variable Transformation Functions").
/// </summary>
/// <param name="Kind">The constraint; that of <c>sum_to_zero</c> is of vectors or matrices, by the argument.</param>
/// <param name="Direction">Which way.</param>
internal sealed record TransformFunctions(ConstraintKind Kind, TransformDirection Direction)
{
    private static readonly Dictionary<string, ConstraintKind> Kinds = new()
    {
        ["lower_bound"] = ConstraintKind.Lower,
        ["upper_bound"] = ConstraintKind.Upper,
        ["lower_upper_bound"] = ConstraintKind.LowerUpper,
        ["offset_multiplier"] = ConstraintKind.OffsetMultiplier,
        ["ordered"] = ConstraintKind.Ordered,
        ["positive_ordered"] = ConstraintKind.PositiveOrdered,
        ["simplex"] = ConstraintKind.Simplex,
        ["unit_vector"] = ConstraintKind.UnitVector,
        ["unit_vectors"] = ConstraintKind.UnitVector,
        ["sum_to_zero"] = ConstraintKind.SumToZeroVector,
        ["cholesky_factor_corr"] = ConstraintKind.CholeskyFactorCorr,
        ["cholesky_factor_cov"] = ConstraintKind.CholeskyFactorCov,
        ["corr_matrix"] = ConstraintKind.CorrMatrix,
        ["cov_matrix"] = ConstraintKind.CovMatrix,
        ["stochastic_column"] = ConstraintKind.ColumnStochasticMatrix,
        ["stochastic_row"] = ConstraintKind.RowStochasticMatrix,
    };

    private static readonly Dictionary<string, TransformFunctions> Functions = (from kind in Kinds from direction in Enum.GetValues<TransformDirection>() select (Name: $"{kind.Key}_{Suffix(direction)}", Function: new TransformFunctions(kind.Value, direction)))
        .ToDictionary(pair => pair.Name, pair => pair.Function);

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names => Functions.Keys;

    /// <summary>The function of a name, or null.</summary>
    public static TransformFunctions? Find(string name) => Functions.GetValueOrDefault(name);

    private static string Suffix(TransformDirection direction) => direction switch { TransformDirection.Constrain => "constrain", TransformDirection.Jacobian => "jacobian", _ => "unconstrain" };

    /// <summary>Whether each element has a transform of its own.</summary>
    public bool IsElementwise => Kind <= ConstraintKind.OffsetMultiplier;

    /// <summary>The number of bounds or sizes that follow the value.</summary>
    private int Following => Kind switch
    {
        ConstraintKind.Lower or ConstraintKind.Upper => 1,
        ConstraintKind.LowerUpper or ConstraintKind.OffsetMultiplier => 2,
        ConstraintKind.CholeskyFactorCorr or ConstraintKind.CorrMatrix or ConstraintKind.CovMatrix => Direction == TransformDirection.Unconstrain ? 0 : 1,
        ConstraintKind.CholeskyFactorCov => Direction == TransformDirection.Unconstrain ? 0 : 2,
        _ => 0,
    };

    /// <summary>Whether the constrained value is a matrix made of a vector.</summary>
    private bool IsPacked => Kind is ConstraintKind.CholeskyFactorCorr or ConstraintKind.CholeskyFactorCov or ConstraintKind.CorrMatrix or ConstraintKind.CovMatrix;

    /// <summary>The type of the result, or null if the function does not take these arguments.</summary>
    public StanType? Result(IReadOnlyList<StanType> types)
    {
        if (types.Count != Following + 1) return null;
        StanType x = types[0].AsReal;
        if (IsElementwise)
        {
            bool fits = x.Base is BaseType.Real or BaseType.Vector or BaseType.RowVector or BaseType.Matrix && types.Skip(1).All(type => type.IsScalar || type.AsReal.Equals(x));
            return fits ? x : null;
        }
        if (!types.Skip(1).All(type => type.IsInt)) return null;
        if (IsPacked)
        {
            (BaseType from, BaseType to) = Direction == TransformDirection.Unconstrain ? (BaseType.Matrix, BaseType.Vector) : (BaseType.Vector, BaseType.Matrix);
            return x.Base == from ? new StanType(to, x.Depth) : null;
        }
        bool matrices = Kind is ConstraintKind.ColumnStochasticMatrix or ConstraintKind.RowStochasticMatrix;
        bool takes = matrices ? x.Base == BaseType.Matrix : x.Base == BaseType.Vector || (Kind == ConstraintKind.SumToZeroVector && x.Base == BaseType.Matrix);
        return takes ? x : null;
    }

    /// <summary>The constraint for an argument of this type.</summary>
    public ConstraintKind KindFor(StanType type) => Kind == ConstraintKind.SumToZeroVector && type.Base == BaseType.Matrix ? ConstraintKind.SumToZeroMatrix : Kind;

    /// <summary>What it takes, as a message prints it.</summary>
    public override string ToString() => (IsElementwise, IsPacked && Direction == TransformDirection.Unconstrain) switch
    {
        (true, _) => Following == 1 ? "(reals, reals)" : "(reals, reals, reals)",
        (_, true) => "(matrix)",
        _ when IsPacked => Following == 1 ? "(vector, int)" : "(vector, int, int)",
        _ => Kind is ConstraintKind.ColumnStochasticMatrix or ConstraintKind.RowStochasticMatrix ? "(matrix)" : Kind == ConstraintKind.SumToZeroVector ? "(vector), (matrix)" : "(vector)",
    };
}
