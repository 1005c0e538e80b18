namespace Terrace.Stan.Types;

/// <summary>What an argument of a built-in function may be.</summary>
/// <param name="Kind">One type, or a class of types.</param>
/// <param name="Type">The type, when one.</param>
internal readonly record struct ArgumentPattern(PatternKind Kind, StanType Type)
{
    /// <summary>Reads a pattern as the signature tables write it.</summary>
    public static ArgumentPattern Parse(string text)
    {
        text = text.Trim();
        switch (text)
        {
            case "reals": return new ArgumentPattern(PatternKind.Reals, StanType.Real);
            case "ints": return new ArgumentPattern(PatternKind.Ints, StanType.Int);
            case "vectors": return new ArgumentPattern(PatternKind.Vectors, StanType.Vector);
            case "...": return new ArgumentPattern(PatternKind.Rest, StanType.Real);
        }
        return new ArgumentPattern(PatternKind.One, ParseType(text));
    }

    /// <summary>Reads a type such as <c>array[,] int</c>.</summary>
    public static StanType ParseType(string text)
    {
        int depth = 0;
        text = text.Trim();
        if (text.StartsWith("array[", StringComparison.Ordinal))
        {
            int close = text.IndexOf(']', StringComparison.Ordinal);
            depth = close - "array[".Length + 1;
            text = text[(close + 1)..].Trim();
        }
        BaseType type = text switch
        {
            "int" => BaseType.Int,
            "real" => BaseType.Real,
            "vector" => BaseType.Vector,
            "row_vector" => BaseType.RowVector,
            "matrix" => BaseType.Matrix,
            "function" => BaseType.Function,
            "void" => BaseType.Void,
            _ => throw new FormatException($"the signature tables know no type `{text}`"),
        };
        return new StanType(type, depth);
    }

    /// <summary>The number of promotions from integer to real that make <paramref name="type"/> fit, or −1.</summary>
    public int Cost(StanType type)
    {
        if (type.Base == BaseType.Error) return 0;
        switch (Kind)
        {
            case PatternKind.Rest: return 0;
            case PatternKind.Reals:
                if (type.Depth == 0 && type.Base is (BaseType.Real or BaseType.Vector or BaseType.RowVector)) return 0;
                if (type is { Depth: 1, Base: BaseType.Real }) return 0;
                return type is { Depth: <= 1, Base: BaseType.Int } ? 1 : -1;
            case PatternKind.Ints: return type is { Depth: <= 1, Base: BaseType.Int } ? 0 : -1;
            case PatternKind.Vectors: return type.Depth <= 1 && type.Base is (BaseType.Vector or BaseType.RowVector) ? 0 : -1;
            default:
                if (type.Equals(Type)) return 0;
                return type.Base == BaseType.Int && Type.Base == BaseType.Real && type.Depth == Type.Depth ? 1 : -1;
        }
    }

    /// <summary>The pattern as a message prints it.</summary>
    public override string ToString() => Kind switch { PatternKind.Reals => "reals", PatternKind.Ints => "ints", PatternKind.Vectors => "vectors", PatternKind.Rest => "...", _ => Type.ToString() };
}

/// <summary>The kinds of argument patterns.</summary>
internal enum PatternKind
{
    /// <summary>Exactly one type.</summary>
    One,

    /// <summary>A real, a vector, a row vector or an array of reals.</summary>
    Reals,

    /// <summary>An integer or an array of integers.</summary>
    Ints,

    /// <summary>A vector, a row vector, or an array of either.</summary>
    Vectors,

    /// <summary>Any arguments that may follow, as a solver hands them on.</summary>
    Rest,
}
