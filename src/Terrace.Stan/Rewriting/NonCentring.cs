using Terrace.Stan.Analysis;
using Terrace.Stan.Ir;
using Terrace.Stan.Types;

namespace Terrace.Stan.Rewriting;

/// <summary>
/// Group effects whose distribution is normal with a location and an estimated scale can be sampled as location + scale × z with z standard normal: declared with offset and multiplier, a parameter keeps its name, its
/// values and its posterior, since the Jacobian of the map is part of the density; only the unconstrained coordinates change. Betancourt and Girolami (2015), "Hamiltonian Monte Carlo for hierarchical models".
/// </summary>
internal static class NonCentring
{
    /// <summary>One statement that could be read this way.</summary>
    internal sealed record Candidate(IrSymbol Effects, IrExpression Location, IrExpression Scale, Syntax.Span Place)
    {
        /// <summary>What the user is told.</summary>
        public StanRewrite Described => new(Effects.Name, Location.Span.ToString(), Scale.Span.ToString(), Place);
    }

    /// <summary>All vectors and arrays of parameters without constraint that have exactly one normal distribution, at the top of the model, whose location and scale can be computed from data and parameters alone.</summary>
    public static List<Candidate> Candidates(IrProgram program)
    {
        var dependence = new ParameterDependence(program);
        List<Candidate> found = [];
        foreach (IrStatement statement in program.Model)
        {
            if (Read(statement) is not { } candidate) continue;
            if (candidate.Effects is not { Kind: SymbolKind.Parameter, Constraint.Kind: ConstraintKind.None } || candidate.Effects.Type is { IsScalar: true } or { IsIntegral: true }) continue;
            if (dependence.Parameters(candidate.Scale).Count == 0) continue;
            if (IsKnownEarly(candidate.Location, candidate.Effects) && IsKnownEarly(candidate.Scale, candidate.Effects)) found.Add(candidate);
        }
        return [.. found.Where(candidate => found.Count(other => other.Effects == candidate.Effects) == 1)];
    }

    /// <summary>Declares the effects with offset and multiplier and settles the order in which parameters are read; those that would need each other's values stay as they are.</summary>
    public static List<Candidate> Apply(IrProgram program, IEnumerable<Candidate> candidates)
    {
        List<Candidate> applied = [];
        foreach (Candidate candidate in candidates)
        {
            IrConstraint before = candidate.Effects.Constraint;
            candidate.Effects.Constraint = new IrConstraint(ConstraintKind.OffsetMultiplier, Real(candidate.Location), Real(candidate.Scale));
            if (Ordered(program.Parameters) is { } order)
            {
                program.ReadingOrder = order;
                applied.Add(candidate);
            }
            else
            {
                candidate.Effects.Constraint = before;
            }
        }
        return applied;
    }

    private static IrExpression Real(IrExpression e) => e.Type.IsInt ? new IrPromotion(e, StanType.Real, e.Span) : e;

    private static Candidate? Read(IrStatement statement)
    {
        while (statement is IrBlock { Statements: [{ } only] }) statement = only;
        if (statement is IrTarget { Jacobian: false, Value: IrBuiltinCall { Name: "normal_lpdf", Arguments: [IrVariable effects, { } location, { } scale] } })
            return Fits(location, effects.Symbol) && Fits(scale, effects.Symbol) ? new Candidate(effects.Symbol, location, scale, statement.Span) : null;
        return statement is IrFor loop ? ReadLoop(loop) : null;
    }

    /// <summary><c>for (j in 1:J) theta[j] ~ normal(mu, tau);</c> over all elements.</summary>
    private static Candidate? ReadLoop(IrFor loop)
    {
        IrStatement body = loop.Body;
        while (body is IrBlock { Statements: [{ } only] }) body = only;
        if (loop.Lower is not IrInteger { Value: 1 } || body is not IrTarget { Jacobian: false, Value: IrBuiltinCall { Name: "normal_lpdf", Arguments: [IrIndexed { Target: IrVariable effects, Indexes: [{ Kind: IndexKind.Single, First: IrVariable index }] }, { } location, { } scale] } }) return null;
        if (index.Symbol != loop.Variable || effects.Symbol.Sizes is not [{ } size] || size.Span.ToString() != loop.Upper.Span.ToString()) return null;
        if (!location.Type.IsScalar || !scale.Type.IsScalar || IrWalk.Variables(location).Concat(IrWalk.Variables(scale)).Contains(loop.Variable)) return null;
        return new Candidate(effects.Symbol, location, scale, body.Span);
    }

    private static bool Fits(IrExpression e, IrSymbol effects) => e.Type.IsScalar || e.Type.Equals(effects.Type);

    /// <summary>Whether an expression can be computed before the transformed parameters; user functions are left alone, as they may print or reject.</summary>
    private static bool IsKnownEarly(IrExpression e, IrSymbol effects) =>
        IrWalk.All(e).All(part => part is not (IrUserCall or IrTargetValue or IrFunctionReference) && (part is not IrVariable v || v.Symbol != effects && v.Symbol.Kind is SymbolKind.Parameter or SymbolKind.Data or SymbolKind.TransformedData));

    /// <summary>The parameters, each behind those that its constraint mentions and else as declared; null where they go in a circle.</summary>
    private static List<IrSymbol>? Ordered(List<IrSymbol> parameters)
    {
        List<IrSymbol> order = [], open = [.. parameters];
        while (open.Count > 0)
        {
            IrSymbol? next = open.Find(parameter => IrWalk.Bounds(parameter).SelectMany(IrWalk.Variables).All(needed => needed.Kind != SymbolKind.Parameter || order.Contains(needed)));
            if (next is null) return null;
            order.Add(next);
            open.Remove(next);
        }
        return order;
    }
}
