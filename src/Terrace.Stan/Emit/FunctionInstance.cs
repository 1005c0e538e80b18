using Terrace.Stan.Ir;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit;

/// <summary>How an argument is given to a function: each combination is compiled on its own, as a C++ template would be.</summary>
internal enum ArgumentMode
{
    /// <summary>A constant.</summary>
    Constant,

    /// <summary>It depends on the parameters.</summary>
    Active,

    /// <summary>It depends on the parameters, and its memory may change after the call.</summary>
    ActiveMutable,
}

/// <summary>A user's function compiled for one combination of argument modes.</summary>
internal sealed class FunctionInstance(IrFunction function, ArgumentMode[] modes, bool differentiates, int index)
{
    /// <summary>The function.</summary>
    public IrFunction Function { get; } = function;

    /// <summary>The modes of its arguments.</summary>
    public ArgumentMode[] Modes { get; } = modes;

    /// <summary>Whether derivatives are recorded.</summary>
    public bool Differentiates { get; } = differentiates;

    /// <summary>The place among the compiled functions.</summary>
    public int Index { get; } = index;

    /// <summary>Whether the result depends on the parameters.</summary>
    public bool ReturnsActive => Differentiates && Function.Returns.Base != BaseType.Int && Modes.Any(mode => mode != ArgumentMode.Constant);
}
