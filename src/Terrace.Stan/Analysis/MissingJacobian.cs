using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;
using Terrace.Stan.Types;

namespace Terrace.Stan.Analysis;

/// <summary>A density of a curved function of parameters, which is a density of the parameters only with the logarithm of the derivative added (Stan user's guide, "Changes of variables").</summary>
internal static class MissingJacobian
{
    /// <summary>Warns at each such density, unless the program adds some adjustment with <c>jacobian +=</c> or with a target statement free of data and densities.</summary>
    public static void Check(IrProgram program, List<DensityTerm> terms, ParameterDependence dependence, DiagnosticBag diagnostics)
    {
        IrStatement[] statements = [.. IrWalk.Statements(program)];
        HashSet<IrSymbol> adjusted = [];
        foreach (IrTarget target in statements.OfType<IrTarget>()) if (target.Jacobian || !IrWalk.All(target.Value).Any(e => e is IrBuiltinCall call && call.Name.EndsWith("_lpdf", StringComparison.Ordinal))) adjusted.UnionWith(dependence.Parameters(target.Value));
        var definitions = statements.SelectMany(Definitions).ToLookup(pair => pair.Symbol, pair => pair.Value);
        foreach (DensityTerm term in terms)
        {
            HashSet<IrSymbol> parameters = dependence.Parameters(term.Outcome);
            if (parameters.Count == 0 || parameters.Overlaps(adjusted) || dependence.HasData(term.Outcome) || !Curved(term.Outcome, dependence, definitions, 0)) continue;
            string outcome = term.Outcome.Span.ToString();
            diagnostics.Warn("missing-jacobian", $"`{outcome}` is a curved function of {(parameters.Count == 1 ? $"the parameter `{parameters.First().Name}`" : "parameters")}, so this density needs the logarithm of the derivative's absolute value beside it", term.Span,
                "add it with `jacobian +=` or `target +=`, or give the distribution to the parameter itself");
        }
    }

    private static IEnumerable<(IrSymbol Symbol, IrExpression Value)> Definitions(IrStatement s) => s switch
    {
        IrDeclaration { Value: { } value } x => [(x.Symbol, value)],
        IrAssignment x => [(x.Symbol, x.Value)],
        _ => [],
    };

    /// <summary>Whether an expression is surely not linear in the parameters.</summary>
    private static bool Curved(IrExpression e, ParameterDependence dependence, ILookup<IrSymbol, IrExpression> definitions, int depth)
    {
        if (depth > 40 || dependence.Parameters(e).Count == 0) return false;
        bool Inner(IrExpression part) => Curved(part, dependence, definitions, depth + 1);
        switch (e)
        {
            case IrVariable { Symbol: var symbol }: return symbol.Kind != SymbolKind.Parameter && definitions[symbol].Any(Inner);
            case IrOperator { Operands.Count: 2, Sign: "*" or ".*" } product: return product.Operands.All(factor => dependence.Parameters(factor).Count > 0) ? product.Operands.All(Same) : product.Operands.Any(Inner);
            case IrOperator { Operands.Count: 2, Sign: "/" or "./" } quotient: return dependence.Parameters(quotient.Operands[1]).Count > 0 && dependence.Parameters(quotient.Operands[0]).Count == 0 || Inner(quotient.Operands[0]);
            case IrOperator { Sign: "^" or ".^" }: return true;
            case IrOperator x: return x.Operands.Any(Inner);
            case IrIndexed x: return Inner(x.Target);
            case IrPromotion x: return Inner(x.Operand);
            case IrBuiltinCall { Function.Kind: BuiltinKind.Scalar, Name: not "fma" } call: return call.Arguments.Any(argument => dependence.Parameters(argument).Count > 0);
            default: return false;
        }

        // θ·θ is curved; σ·z of two parameters is the standardised form, a density of one given the other.
        bool Same(IrExpression factor) => ((IrOperator)e).Operands.All(other => DensityTerm.Root(other) is { } root && root == DensityTerm.Root(factor));
    }
}
