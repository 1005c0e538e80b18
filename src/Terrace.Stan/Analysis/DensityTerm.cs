using Terrace.Stan.Ir;
using Terrace.Stan.Syntax;

namespace Terrace.Stan.Analysis;

/// <summary>A log density that the program adds to the target: the distribution's name, the outcome and the parameters of the distribution.</summary>
internal sealed record DensityTerm(string Distribution, IrExpression Outcome, IReadOnlyList<IrExpression> Arguments, Span Span)
{
    private static readonly Dictionary<string, int> Scales = new()
    {
        ["normal"] = 1,
        ["lognormal"] = 1,
        ["cauchy"] = 1,
        ["double_exponential"] = 1,
        ["logistic"] = 1,
        ["gumbel"] = 1,
        ["student_t"] = 2,
        ["skew_normal"] = 1,
        ["exp_mod_normal"] = 1,
        ["normal_id_glm"] = 3,
        ["skew_double_exponential"] = 1,
    };

    /// <summary>The scale of the distribution, or null where it has none.</summary>
    public IrExpression? Scale => Scales.TryGetValue(Distribution, out int at) && at < Arguments.Count ? Arguments[at] : null;

    /// <summary>All densities among the program's additions to the target.</summary>
    public static List<DensityTerm> Of(IrProgram program)
    {
        List<DensityTerm> terms = [];
        foreach (IrStatement s in IrWalk.StatementsAndFunctions(program))
        {
            if (s is not IrTarget target) continue;
            foreach (IrExpression e in IrWalk.All(target.Value))
            {
                (string? name, IReadOnlyList<IrExpression> arguments) = e switch { IrBuiltinCall call => (call.Name, call.Arguments), IrUserCall call => (call.Function.Name, call.Arguments), _ => (null, []) };
                if (name is null || arguments.Count == 0 || !(name.EndsWith("_lpdf", StringComparison.Ordinal) || name.EndsWith("_lpmf", StringComparison.Ordinal))) continue;
                terms.Add(new DensityTerm(name[..^"_lpdf".Length], arguments[0], [.. arguments.Skip(1)], e.Span));
            }
        }
        return terms;
    }

    /// <summary>The variable that an expression is, or of which it is a part.</summary>
    public static IrSymbol? Root(IrExpression e)
    {
        while (true)
        {
            switch (e)
            {
                case IrVariable variable: return variable.Symbol;
                case IrIndexed part: e = part.Target; break;
                case IrPromotion promotion: e = promotion.Operand; break;
                case IrBuiltinCall { Name: "to_vector" or "to_array_1d" or "to_row_vector", Arguments: [{ } of] }: e = of; break;
                default: return null;
            }
        }
    }

    /// <summary>The number that an expression is, or null.</summary>
    public static double? Literal(IrExpression e) => e switch { IrInteger i => i.Value, IrReal r => r.Value, IrPromotion p => Literal(p.Operand), _ => null };
}
