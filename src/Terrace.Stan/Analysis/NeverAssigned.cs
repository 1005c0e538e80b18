using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Analysis;

/// <summary>Transformed parameters, generated quantities and transformed data to which nothing is ever assigned.</summary>
internal static class NeverAssigned
{
    /// <summary>Warns of each; where one is read, that is told as an error already.</summary>
    public static void Check(IrProgram program, DiagnosticBag diagnostics)
    {
        HashSet<IrSymbol> assigned = [.. IrWalk.Statements(program).SelectMany(IrWalk.Assigned).Select(pair => pair.Symbol)];
        foreach (IrDeclaration declaration in program.TransformedParameters.Concat(program.GeneratedQuantities).OfType<IrDeclaration>())
        {
            IrSymbol symbol = declaration.Symbol;
            if (symbol.Kind == SymbolKind.Local || assigned.Contains(symbol) || symbol.Sizes.Any(size => size is IrInteger { Value: <= 0 })) continue;
            if (diagnostics.Found.Any(d => d.Code == "unassigned-read" && d.Span.ToString() == symbol.Name)) continue;
            string kind = symbol.Kind == SymbolKind.TransformedParameter ? "transformed parameter" : "generated quantity";
            diagnostics.Warn("never-assigned", $"nothing is assigned to the {kind} `{symbol.Name}`, so its draws are {(symbol.Type.IsIntegral ? "meaningless" : "not numbers")}", symbol.Span, "assign to it, or delete its declaration");
        }
    }
}
