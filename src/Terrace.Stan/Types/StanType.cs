using System.Text;

namespace Terrace.Stan.Types;

/// <summary>The element types of the language.</summary>
internal enum BaseType
{
    /// <summary>An integer.</summary>
    Int,

    /// <summary>A real number.</summary>
    Real,

    /// <summary>A complex number.</summary>
    Complex,

    /// <summary>A column vector.</summary>
    Vector,

    /// <summary>A row vector.</summary>
    RowVector,

    /// <summary>A matrix.</summary>
    Matrix,

    /// <summary>A tuple.</summary>
    Tuple,

    /// <summary>No value: the type of a void function's call.</summary>
    Void,

    /// <summary>A function, as an argument of a solver.</summary>
    Function,

    /// <summary>Quoted text, in <c>print</c>.</summary>
    Text,

    /// <summary>The type of what could not be typed; it agrees with everything, so that one fault is told once.</summary>
    Error,
}

/// <summary>A type without its sizes: an element type within arrays of some depth.</summary>
/// <param name="Base">The element type.</param>
/// <param name="Depth">The number of array dimensions.</param>
/// <param name="Elements">The element types of a tuple.</param>
internal sealed record StanType(BaseType Base, int Depth = 0, IReadOnlyList<StanType>? Elements = null)
{
    /// <summary>An integer.</summary>
    public static readonly StanType Int = new(BaseType.Int);

    /// <summary>A real number.</summary>
    public static readonly StanType Real = new(BaseType.Real);

    /// <summary>A column vector.</summary>
    public static readonly StanType Vector = new(BaseType.Vector);

    /// <summary>A row vector.</summary>
    public static readonly StanType RowVector = new(BaseType.RowVector);

    /// <summary>A matrix.</summary>
    public static readonly StanType Matrix = new(BaseType.Matrix);

    /// <summary>No value.</summary>
    public static readonly StanType Void = new(BaseType.Void);

    /// <summary>A function.</summary>
    public static readonly StanType Function = new(BaseType.Function);

    /// <summary>The type of a fault.</summary>
    public static readonly StanType Error = new(BaseType.Error);

    /// <summary>Whether this is a single number.</summary>
    public bool IsScalar => Depth == 0 && Base is (BaseType.Int or BaseType.Real);

    /// <summary>Whether this is one integer.</summary>
    public bool IsInt => Depth == 0 && Base == BaseType.Int;

    /// <summary>Whether this is one real number.</summary>
    public bool IsReal => Depth == 0 && Base == BaseType.Real;

    /// <summary>Whether the elements are integers.</summary>
    public bool IsIntegral => Base == BaseType.Int;

    /// <summary>Whether this is a vector, row vector or matrix, not in an array.</summary>
    public bool IsMatrixLike => Depth == 0 && Base is (BaseType.Vector or BaseType.RowVector or BaseType.Matrix);

    /// <summary>The number of indexes that lead to a single number.</summary>
    public int IndexCount => Depth + Base switch { BaseType.Vector or BaseType.RowVector => 1, BaseType.Matrix => 2, _ => 0 };

    /// <summary>An array of this.</summary>
    public StanType InArray(int depth = 1) => this with { Depth = Depth + depth };

    /// <summary>The type of an array's elements.</summary>
    public StanType Element => this with { Depth = Depth - 1 };

    /// <summary>The same shape with reals in place of integers.</summary>
    public StanType AsReal => Base == BaseType.Int ? this with { Base = BaseType.Real } : this;

    /// <inheritdoc/>
    public bool Equals(StanType? other) =>
        other is not null && Base == other.Base && Depth == other.Depth && (Base != BaseType.Tuple || (Elements ?? []).SequenceEqual(other.Elements ?? []));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Base, Depth, Elements?.Count ?? 0);

    /// <summary>The type as the language writes it.</summary>
    public override string ToString()
    {
        string name = Base switch
        {
            BaseType.Int => "int",
            BaseType.Real => "real",
            BaseType.Complex => "complex",
            BaseType.Vector => "vector",
            BaseType.RowVector => "row_vector",
            BaseType.Matrix => "matrix",
            BaseType.Tuple => "tuple(" + string.Join(", ", Elements ?? []) + ")",
            BaseType.Void => "void",
            BaseType.Function => "function",
            BaseType.Text => "text",
            _ => "unknown",
        };
        if (Depth == 0) return name;
        return new StringBuilder("array[").Append(',', Depth - 1).Append("] ").Append(name).ToString();
    }

    /// <summary>Whether a value of this type may stand where <paramref name="wanted"/> is asked for: the same, or integers for reals.</summary>
    public bool ConvertsTo(StanType wanted)
    {
        if (Base == BaseType.Error || wanted.Base == BaseType.Error) return true;
        if (Depth != wanted.Depth) return false;
        if (Base == BaseType.Tuple && wanted.Base == BaseType.Tuple)
            return Elements!.Count == wanted.Elements!.Count && Elements.Zip(wanted.Elements).All(pair => pair.First.ConvertsTo(pair.Second));
        return Base == wanted.Base || (Base == BaseType.Int && wanted.Base is BaseType.Real or BaseType.Complex) || (Base == BaseType.Real && wanted.Base == BaseType.Complex);
    }
}
