using System.Linq.Expressions;

namespace Terrace.Stan.Emit;

/// <summary>The locals of a method that hold a variable.</summary>
internal sealed class Storage
{
    /// <summary>The value of a single number.</summary>
    public ParameterExpression? Number { get; init; }

    /// <summary>The slot of a single real that depends on the parameters.</summary>
    public ParameterExpression? Slot { get; init; }

    /// <summary>The adjoint of a number that lives within a round of a scalar loop.</summary>
    public ParameterExpression? Adjoint { get; init; }

    /// <summary>The place of a container.</summary>
    public ParameterExpression? Offset { get; init; }

    /// <summary>The sizes of a container.</summary>
    public ParameterExpression[] Dimensions { get; init; } = [];

    /// <summary>The parts of a tuple.</summary>
    public Storage[] Parts { get; init; } = [];

    /// <summary>Whether the variable depends on the parameters.</summary>
    public bool IsActive { get; init; }

    /// <summary>Whether its memory may change after an operation has read it. False once its block has ended.</summary>
    public bool IsMutable { get; set; }
}
