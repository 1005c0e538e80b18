using Terrace.Stan.Syntax;
using Terrace.Stan.Types;

namespace Terrace.Stan.Ir;

/// <summary>A user's function.</summary>
internal sealed class IrFunction(string name, StanType returns, IReadOnlyList<IrSymbol> arguments, Span span)
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>The type of the result.</summary>
    public StanType Returns { get; } = returns;

    /// <summary>The arguments.</summary>
    public IReadOnlyList<IrSymbol> Arguments { get; } = arguments;

    /// <summary>The name at its definition.</summary>
    public Span Span { get; } = span;

    /// <summary>The body; null while only declared.</summary>
    public IrStatement? Body { get; set; }

    /// <summary>Whether it may add to the target: its name ends in <c>_lp</c> or <c>_jacobian</c>.</summary>
    public bool AddsToTarget => Name.EndsWith("_lp", StringComparison.Ordinal) || Name.EndsWith("_jacobian", StringComparison.Ordinal);

    /// <summary>The signature as a message prints it.</summary>
    public override string ToString() => $"{Returns} {Name}({string.Join(", ", Arguments.Select(argument => argument.Type))})";
}

/// <summary>A program with types, names resolved and shorthand written out.</summary>
internal sealed class IrProgram
{
    /// <summary>The user's functions.</summary>
    public List<IrFunction> Functions { get; } = [];

    /// <summary>The variables of the block <c>data</c>.</summary>
    public List<IrSymbol> Data { get; } = [];

    /// <summary>The block <c>transformed data</c>.</summary>
    public List<IrStatement> TransformedData { get; } = [];

    /// <summary>The parameters.</summary>
    public List<IrSymbol> Parameters { get; } = [];

    /// <summary>The parameters in the order of their unconstrained coordinates: as declared, unless a rewrite lets the constraint of one depend on a later one.</summary>
    public IReadOnlyList<IrSymbol> ReadingOrder { get => field ?? Parameters; set; }

    /// <summary>The block <c>transformed parameters</c>.</summary>
    public List<IrStatement> TransformedParameters { get; } = [];

    /// <summary>The block <c>model</c>.</summary>
    public List<IrStatement> Model { get; } = [];

    /// <summary>The block <c>generated quantities</c>.</summary>
    public List<IrStatement> GeneratedQuantities { get; } = [];

    /// <summary>The variables that the statements of a block declare at its top level, in order.</summary>
    public static IEnumerable<IrSymbol> TopLevel(IReadOnlyList<IrStatement> block) => block.OfType<IrDeclaration>().Select(declaration => declaration.Symbol).Where(symbol => symbol.Kind != SymbolKind.Local);
}
