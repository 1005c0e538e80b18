using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Analysis;

/// <summary>Variables that are assigned and never read; transformed parameters and generated quantities are output and count as read.</summary>
internal static class UnreadVariables
{
    /// <summary>Warns of each at its declaration.</summary>
    public static void Check(IrProgram program, DiagnosticBag diagnostics)
    {
        HashSet<IrSymbol> read = [.. IrWalk.StatementsAndFunctions(program).SelectMany(IrWalk.Expressions).SelectMany(IrWalk.Variables)];
        foreach (IrSymbol symbol in program.Parameters.Concat(program.Data)) foreach (IrExpression e in symbol.Sizes.Concat(IrWalk.Bounds(symbol))) read.UnionWith(IrWalk.Variables(e));
        foreach (IrDeclaration declaration in IrWalk.StatementsAndFunctions(program).OfType<IrDeclaration>())
        {
            IrSymbol symbol = declaration.Symbol;
            if (symbol.Kind is not (SymbolKind.Local or SymbolKind.TransformedData) || read.Contains(symbol)) continue;
            bool assigned = declaration.Value is not null || symbol.IsAssigned;
            diagnostics.Warn("unread-variable", $"`{symbol.Name}` is {(assigned ? "assigned" : "declared")} and never read", symbol.Span, "delete it, or use it where it was meant to be used");
        }
    }
}
