namespace Terrace.Stan.Types;

/// <summary>How a built-in function is computed.</summary>
internal enum BuiltinKind
{
    /// <summary>A function of real numbers with written derivatives, applied to each element of containers.</summary>
    Scalar,

    /// <summary>A univariate distribution: densities, cumulative functions, draws.</summary>
    Distribution,

    /// <summary>A method on containers that records its own adjoint.</summary>
    Opaque,

    /// <summary>A faster method for a distribution over containers.</summary>
    Vectorised,

    /// <summary>Known to the emitter itself: sizes, operators, integer functions.</summary>
    Intrinsic,
}

/// <summary>One line of the signature tables: a function, what it takes and returns, and the method that computes it.</summary>
internal sealed class BuiltinFunction
{
    /// <summary>The name in the language.</summary>
    public required string Name { get; init; }

    /// <summary>How it is computed.</summary>
    public required BuiltinKind Kind { get; init; }

    /// <summary>The type of the result; of a scalar function, that of each element.</summary>
    public required StanType Returns { get; init; }

    /// <summary>What it takes.</summary>
    public required ArgumentPattern[] Arguments { get; init; }

    /// <summary>Class and method below the runtime's namespace.</summary>
    public required string Implementation { get; init; }

    /// <summary>Of a distribution: <c>lpdf</c>, <c>lpmf</c>, <c>cdf</c>, <c>rng</c>.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>Whether any number of arguments may follow those named.</summary>
    public bool IsVariadic => Arguments.Length > 0 && Arguments[^1].Kind == PatternKind.Rest;

    /// <summary>The promotions needed for these argument types, or −1 if they do not fit.</summary>
    public int Cost(IReadOnlyList<StanType> types)
    {
        int named = IsVariadic ? Arguments.Length - 1 : Arguments.Length;
        if (types.Count < named || (!IsVariadic && types.Count > named)) return -1;
        int cost = 0;
        for (int i = 0; i < named; i++)
        {
            int own = Kind == BuiltinKind.Scalar ? ScalarCost(Arguments[i], types[i]) : Arguments[i].Cost(types[i]);
            if (own < 0) return -1;
            cost += own;
        }
        return Kind == BuiltinKind.Scalar && !ShapesAgree(types) ? -1 : cost;
    }

    private static int ScalarCost(ArgumentPattern argument, StanType type) => type.Base switch
    {
        BaseType.Error => 0,
        BaseType.Int => argument.Type.IsInt ? 0 : 1,
        BaseType.Real or BaseType.Vector or BaseType.RowVector or BaseType.Matrix => argument.Type.IsInt ? -1 : 0,
        _ => -1,
    };

    /// <summary>Containers among the arguments of a scalar function must have one type, where an array of integers for an integer argument stands for a vector as well; single numbers are repeated.</summary>
    private bool ShapesAgree(IReadOnlyList<StanType> types)
    {
        if (Shape(types) is not { } shape) return true;
        for (int i = 0; i < types.Count; i++)
        {
            StanType type = types[i];
            if (type.IsScalar || type.Base == BaseType.Error || type.AsReal.Equals(shape)) continue;
            bool counts = Arguments[i].Type.IsInt && type.Base == BaseType.Int && shape.Base is (BaseType.Vector or BaseType.RowVector) && type.Depth == shape.Depth + 1;
            if (!counts) return false;
        }
        return true;
    }

    /// <summary>The first container type among the arguments, preferably of an argument that is no integer.</summary>
    private StanType? Shape(IReadOnlyList<StanType> types)
    {
        StanType? shape = null;
        for (int i = 0; i < types.Count; i++)
        {
            if (types[i].IsScalar || types[i].Base == BaseType.Error) continue;
            if (!Arguments[i].Type.IsInt) return types[i].AsReal;
            shape ??= types[i].AsReal;
        }
        return shape;
    }

    /// <summary>The type of the result for these arguments.</summary>
    public StanType ResultFor(IReadOnlyList<StanType> types)
    {
        if (Kind == BuiltinKind.Distribution && Name.EndsWith("_rng", StringComparison.Ordinal)) return types.All(type => type.IsScalar) ? Returns : Returns.InArray();
        if (Kind != BuiltinKind.Scalar) return Returns;
        return Shape(types) ?? Returns;
    }

    /// <summary>The signature as a message prints it.</summary>
    public override string ToString() => $"{Name}({string.Join(", ", Arguments)})";
}
