using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;
using Terrace.Stan.Syntax;
using Terrace.Stan.Types;

namespace Terrace.Stan.Lowering;

/// <summary>What the parts of the lowering share: the names, the block or function at hand, and where faults go.</summary>
internal sealed class LoweringContext(DiagnosticBag diagnostics)
{
    /// <summary>Where faults go.</summary>
    public DiagnosticBag Diagnostics { get; } = diagnostics;

    /// <summary>The names that can be seen.</summary>
    public Scope Scope { get; } = new();

    /// <summary>The user's functions by name.</summary>
    public Dictionary<string, List<IrFunction>> Functions { get; } = [];

    /// <summary>The block at hand.</summary>
    public ProgramBlock Block { get; set; }

    /// <summary>The function at hand, or null outside functions.</summary>
    public IrFunction? Function { get; set; }

    /// <summary>Whether random draws may be made here.</summary>
    public bool AllowsRandom => Function is { } f ? f.Name.EndsWith("_rng", StringComparison.Ordinal) : Block is ProgramBlock.TransformedData or ProgramBlock.GeneratedQuantities;

    /// <summary>Whether the target may be added to here.</summary>
    public bool AllowsTarget => Function is { } f ? f.Name.EndsWith("_lp", StringComparison.Ordinal) : Block == ProgramBlock.Model;

    /// <summary>Whether <c>jacobian +=</c> may stand here.</summary>
    public bool AllowsJacobian => Function is { } f ? f.Name.EndsWith("_jacobian", StringComparison.Ordinal) || f.AddsToTarget : Block == ProgramBlock.TransformedParameters;

    /// <summary>Reports an error and gives the expression that stands for it.</summary>
    public IrFault Fault(string code, string message, Span span, string? hint = null)
    {
        Diagnostics.Error(code, message, span, hint);
        return new IrFault(span);
    }

    /// <summary>Converts an expression to a type, or reports that it cannot be.</summary>
    public IrExpression Convert(IrExpression value, StanType wanted, string where)
    {
        StanType type = value.Type;
        if (type.Equals(wanted) || type.Base == BaseType.Error || wanted.Base == BaseType.Error) return value;
        if (value is IrTuple tuple && wanted.Base == BaseType.Tuple && wanted.Depth == 0 && tuple.Elements.Count == wanted.Elements!.Count)
            return tuple with { Elements = [.. tuple.Elements.Select((element, i) => Convert(element, wanted.Elements[i], where))], Type = wanted };
        if (type.ConvertsTo(wanted) && wanted.Base != BaseType.Tuple) return new IrPromotion(value, wanted, value.Span);
        string hint = type.Base == BaseType.Real && wanted.Base == BaseType.Int ? "a real does not become an integer by itself; `to_int` works on data" : ConversionHint(type, wanted);
        return Fault("type-mismatch", $"{where}: expected {wanted}, found {type}", value.Span, hint.Length == 0 ? null : hint);
    }

    private static string ConversionHint(StanType type, StanType wanted) => (type.Base, type.Depth, wanted.Base, wanted.Depth) switch
    {
        (BaseType.Real or BaseType.Int, 1, BaseType.Vector, 0) => "`to_vector(…)` makes a vector of an array",
        (BaseType.RowVector, 0, BaseType.Vector, 0) or (BaseType.Vector, 0, BaseType.RowVector, 0) => "`'` transposes",
        (BaseType.Vector or BaseType.RowVector, 0, BaseType.Real, 1) => "`to_array_1d(…)` makes an array of a vector",
        (BaseType.Matrix, 0, BaseType.Vector, 0) => "`to_vector(…)` makes a vector of a matrix, column by column",
        _ => "",
    };
}
