using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Analysis;

/// <summary>Parameters that the program does not use, that do not reach the target, or that have no prior.</summary>
internal static class UnusedParameters
{
    /// <summary>Warns of each once, by the gravest.</summary>
    public static void Check(IrProgram program, ParameterDependence dependence, List<DensityTerm> terms, DiagnosticBag diagnostics)
    {
        HashSet<IrSymbol> mentioned = [], reached = [], withPrior = [];
        foreach (IrStatement s in IrWalk.Statements(program))
        {
            foreach (IrExpression e in IrWalk.Expressions(s)) mentioned.UnionWith(IrWalk.Variables(e));
            if (s is IrTarget target)
            {
                HashSet<IrSymbol> of = dependence.Parameters(target.Value);
                reached.UnionWith(of);
                bool density = IrWalk.All(target.Value).Any(e => e is IrUserCall || (e is IrBuiltinCall call && (call.Name.EndsWith("_lpdf", StringComparison.Ordinal) || call.Name.EndsWith("_lpmf", StringComparison.Ordinal))));
                if (!density && !dependence.HasData(target.Value)) withPrior.UnionWith(of);
            }
            if (s is IrCallStatement or IrAssignment or IrDeclaration)
                foreach (IrUserCall call in IrWalk.Expressions(s).SelectMany(IrWalk.All).OfType<IrUserCall>())
                    if (call.Function.AddsToTarget) foreach (IrExpression argument in call.Arguments) { reached.UnionWith(dependence.Parameters(argument)); withPrior.UnionWith(dependence.Parameters(argument)); }
        }
        foreach (IrSymbol parameter in program.Parameters) foreach (IrExpression bound in IrWalk.Bounds(parameter)) mentioned.UnionWith(IrWalk.Variables(bound));
        foreach (DensityTerm term in terms) withPrior.UnionWith(dependence.Parameters(term.Outcome));
        foreach (IrSymbol parameter in program.Parameters)
        {
            string name = parameter.Name;
            if (parameter.Sizes.Any(size => size is IrInteger { Value: 0 })) continue;
            if (!mentioned.Contains(parameter)) diagnostics.Warn("unused-parameter", $"the parameter `{name}` is never used", parameter.Span, "delete it, or give it its place in the model");
            else if (!reached.Contains(parameter) && !IsProper(parameter)) diagnostics.Warn("no-prior", $"the parameter `{name}` reaches no `~` and no `target` statement, so nothing determines it and its posterior does not exist", parameter.Span, $"give it a prior, as `{name} ~ normal(0, 1);`, or draw it in `generated quantities`");
            else if (!withPrior.Contains(parameter) && !IsProper(parameter)) diagnostics.Warn("no-prior", $"the parameter `{name}` has no prior: all values that its declaration allows are equally likely beforehand", parameter.Span, $"say what is plausible, as `{name} ~ normal(0, 1);` on the scale of the data; with few data a flat prior can keep the posterior from existing");
        }
    }

    /// <summary>Whether the uniform distribution over what the declaration allows can be normalised.</summary>
    private static bool IsProper(IrSymbol parameter) => parameter.Constraint switch
    {
        { Kind: ConstraintKind.LowerUpper or ConstraintKind.Simplex or ConstraintKind.UnitVector or ConstraintKind.CorrMatrix or ConstraintKind.CholeskyFactorCorr or ConstraintKind.ColumnStochasticMatrix or ConstraintKind.RowStochasticMatrix } => true,
        _ => false,
    };
}
