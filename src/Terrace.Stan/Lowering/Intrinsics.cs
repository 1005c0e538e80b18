using Terrace.Stan.Types;

namespace Terrace.Stan.Lowering;

/// <summary>Functions that the emitter computes itself: constants, sizes, integers, and what works on arrays of any type.</summary>
internal static class Intrinsics
{
    /// <summary>The constants of the language.</summary>
    public static readonly IReadOnlyDictionary<string, double> Constants = new Dictionary<string, double>
    {
        ["pi"] = Math.PI,
        ["e"] = Math.E,
        ["sqrt2"] = 1.4142135623730951,
        ["log2"] = 0.6931471805599453,
        ["log10"] = 2.302585092994046,
        ["not_a_number"] = double.NaN,
        ["positive_infinity"] = double.PositiveInfinity,
        ["negative_infinity"] = double.NegativeInfinity,
        ["machine_precision"] = 2.220446049250313e-16,
    };

    /// <summary>Functions that return the results of several others as a tuple.</summary>
    public static readonly IReadOnlyDictionary<string, (string Function, StanType Type)[]> Factors = new Dictionary<string, (string Function, StanType Type)[]>
    {
        ["svd"] = [("svd_U", StanType.Matrix), ("singular_values", StanType.Vector), ("svd_V", StanType.Matrix)],
        ["eigendecompose_sym"] = [("eigenvectors_sym", StanType.Matrix), ("eigenvalues_sym", StanType.Vector)],
        ["qr"] = [("qr_Q", StanType.Matrix), ("qr_R", StanType.Matrix)],
        ["qr_thin"] = [("qr_thin_Q", StanType.Matrix), ("qr_thin_R", StanType.Matrix)],
        ["csr_extract"] = [("csr_extract_w", StanType.Vector), ("csr_extract_v", new StanType(BaseType.Int, 1)), ("csr_extract_u", new StanType(BaseType.Int, 1))],
    };

    /// <summary>The names, for suggestions.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "size", "num_elements", "rows", "cols", "dims", "rep_array", "append_array", "reverse", "head", "tail", "segment", "sum", "prod", "min", "max", "abs", "int_step", "to_int", "sort_asc", "sort_desc",
        "sort_indices_asc", "sort_indices_desc", "rank", "to_array_1d", "to_array_2d", "linspaced_int_array", "ones_int_array", "zeros_int_array", "one_hot_int_array", "choose", "svd", "eigendecompose_sym", "qr", "qr_thin", "csr_extract", "reduce_sum", "reduce_sum_static", "print", "reject", "fatal_error", "target",
    ];

    /// <summary>The type of the result, or null if the function or these arguments are none of its concern.</summary>
    public static StanType? Result(string name, IReadOnlyList<StanType> types)
    {
        int n = types.Count;
        if (n == 0) return Constants.ContainsKey(name) ? StanType.Real : null;
        StanType first = types[0];
        bool ints = types.All(type => type.IsInt);
        switch (name)
        {
            case "size" or "num_elements" when n == 1: return first.Base <= BaseType.Tuple ? StanType.Int : null;
            case "rows" or "cols" when n == 1: return first.IsMatrixLike ? StanType.Int : null;
            case "dims" when n == 1: return new StanType(BaseType.Int, 1);
            case "rep_array" when n >= 2 && types.Skip(1).All(type => type.IsInt): return first.InArray(n - 1);
            case "append_array" when n == 2 && first.Depth > 0: return types[1].Equals(first) ? first : types[1].AsReal.Equals(first.AsReal) ? first.AsReal : null;
            case "reverse" when n == 1 && first.Depth > 0: return first;
            case "head" or "tail" when n == 2 && first.Depth > 0 && types[1].IsInt: return first;
            case "segment" when n == 3 && first.Depth > 0 && types[1].IsInt && types[2].IsInt: return first;
            case "sum" or "prod" or "min" or "max" when n == 1 && first is { Base: BaseType.Int, Depth: 1 }: return StanType.Int;
            case "min" or "max" when n == 2 && ints: return StanType.Int;
            case "sum" or "prod" or "min" or "max" or "mean" or "sd" or "variance" or "log_sum_exp" when n == 1 && first.IsScalar: return null;
            case "abs" or "int_step" when n == 1 && first.IsInt: return StanType.Int;
            case "abs" when n == 1 && first.IsIntegral: return first;
            case "int_step" when n == 1 && first.IsReal: return StanType.Int;
            case "to_int" when n == 1 && first.IsScalar: return StanType.Int;
            case "choose" when n == 2 && ints: return StanType.Int;
            case "sort_asc" or "sort_desc" when n == 1 && first is { Base: BaseType.Int, Depth: 1 }: return first;
            case "sort_indices_asc" or "sort_indices_desc" when n == 1 && (first is { Base: BaseType.Int or BaseType.Real, Depth: 1 } || (first.IsMatrixLike && first.Base != BaseType.Matrix)): return new StanType(BaseType.Int, 1);
            case "rank" when n == 2 && types[1].IsInt && (first is { Base: BaseType.Int or BaseType.Real, Depth: 1 } || (first.IsMatrixLike && first.Base != BaseType.Matrix)): return StanType.Int;
            case "to_array_1d" when n == 1 && first is { Base: BaseType.Int or BaseType.Real, Depth: >= 1 }: return first with { Depth = 1 };
            case "to_matrix" when n == 1 && first is { Base: BaseType.Int or BaseType.Real, Depth: 2 }: return StanType.Matrix;
            case "to_array_2d" when n == 1 && first.Equals(StanType.Matrix): return new StanType(BaseType.Real, 2);
            case "linspaced_int_array" when n == 3 && ints: return new StanType(BaseType.Int, 1);
            case "ones_int_array" or "zeros_int_array" when n == 1 && ints: return new StanType(BaseType.Int, 1);
            case "one_hot_int_array" when n == 2 && ints: return new StanType(BaseType.Int, 1);
            case "is_inf" or "is_nan" when n == 1 && first.IsScalar: return StanType.Int;
            case "logical_negation" when n == 1 && first.IsScalar: return StanType.Int;
            case "logical_or" or "logical_and" or "logical_eq" or "logical_neq" or "logical_lt" or "logical_lte" or "logical_gt" or "logical_gte" when n == 2 && first.IsScalar && types[1].IsScalar: return StanType.Int;
            case "choose" when n == 2 && types.All(type => type is { Base: BaseType.Int, Depth: <= 1 }): return new StanType(BaseType.Int, 1);
            case { } when n == 1 && first.Equals(StanType.Matrix) && Factors.TryGetValue(name, out (string, StanType Type)[]? parts): return new StanType(BaseType.Tuple, 0, [.. parts.Select(part => part.Type)]);
            default: return null;
        }
    }
}
