namespace Terrace.Stan.Runtime;

/// <summary>An argument of a user's function that a solver calls: reals, integers, or tuples of them.</summary>
internal struct Operand
{
    /// <summary>The reals, when <see cref="Kind"/> says so.</summary>
    public Block Reals;

    /// <summary>The integers of an array.</summary>
    public IntBlock Ints;

    /// <summary>A single integer.</summary>
    public int Int;

    /// <summary>Which of the members is meant.</summary>
    public OperandKind Kind;

    /// <summary>The sizes of the array dimensions, outermost first; empty without an array.</summary>
    public int[] ArrayDimensions;
}

/// <summary>What an <see cref="Operand"/> holds.</summary>
internal enum OperandKind
{
    /// <summary>Reals: scalar, vector, matrix or array of them.</summary>
    Reals,

    /// <summary>An array of integers.</summary>
    Ints,

    /// <summary>An integer.</summary>
    Int,
}

/// <summary>A user's function, compiled, as a solver sees it. Whether operands are active is fixed by the call site: a solver may pass an inactive block where an active one was declared, never the reverse.</summary>
internal delegate Block StanCallable(Workspace w, Operand[] operands);
