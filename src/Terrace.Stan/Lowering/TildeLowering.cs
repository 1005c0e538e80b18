using Terrace.Stan.Ir;
using Terrace.Stan.Syntax;
using Terrace.Stan.Types;

namespace Terrace.Stan.Lowering;

/// <summary>
/// Writes <c>y ~ d(θ) T[a, b]</c> out as additions to the target. A truncated density is divided by the probability of the kept interval (Stan reference manual, "Truncated distributions"), once for each
/// element of a container.
/// </summary>
internal sealed class TildeLowering(LoweringContext context, ExpressionLowering expressions)
{
    /// <summary>Appends the statements.</summary>
    public void Lower(TildeSyntax s, List<IrStatement> into)
    {
        IrExpression outcome = expressions.Lower(s.Outcome);
        IrExpression[] arguments = [.. s.Arguments.Select(expressions.Lower)];
        if (outcome is IrFault || arguments.Any(argument => argument is IrFault)) return;
        if (!context.AllowsTarget)
        {
            context.Fault("target-place", "`~` is possible in `model` and in functions whose name ends in `_lp`", s.Span);
            return;
        }
        IrExpression density = expressions.Calls.Density(s.Distribution, [outcome, .. arguments], s.Span);
        if (density is IrFault) return;
        into.Add(new IrTarget(density, false, s.Span));
        if (s.Truncation is { } truncation) Truncate(s, truncation, outcome, arguments, into);
    }

    private void Truncate(TildeSyntax s, TruncationSyntax truncation, IrExpression outcome, IrExpression[] arguments, List<IrStatement> into)
    {
        IrExpression? lower = truncation.Lower is null ? null : expressions.Lower(truncation.Lower), upper = truncation.Upper is null ? null : expressions.Lower(truncation.Upper);
        if (lower is IrFault || upper is IrFault) return;
        bool discrete = outcome.Type.IsIntegral;
        Span span = truncation.Span;
        // T[, ] leaves both ends open and truncates nothing.
        if (lower is null && upper is null) return;
        if (outcome.Type.Depth > 1 || outcome.Type.Base == BaseType.Matrix)
        {
            context.Fault("truncation", $"a truncated outcome is a number, a vector or an array of numbers, found {outcome.Type}", outcome.Span);
            return;
        }
        foreach (IrExpression? bound in (IrExpression?[])[lower, upper])
        {
            if (bound is null) continue;
            if (bound.Type.IsScalar && (!discrete || bound.Type.IsInt)) continue;
            context.Fault("truncation", $"a bound of a truncation is {(discrete ? "an integer" : "a number")}, found {bound.Type}", bound.Span);
            return;
        }
        // An integer outcome may equal the lower bound, so the mass below it ends one earlier.
        IrExpression? below = lower is null ? null : discrete ? new IrOperator("-", [lower, new IrInteger(1, span)], StanType.Int, span) : lower;
        IrExpression? correction;
        if (below is not null && upper is not null)
        {
            IrExpression? high = Cumulative("_lcdf", upper), low = Cumulative("_lcdf", below);
            if (high is null || low is null) { Missing(s, "_lcdf"); return; }
            correction = outcome.Type.IsScalar
                ? new IrBuiltinCall("log_diff_exp", FunctionLibrary.Find("log_diff_exp")[0], [high, low], false, StanType.Real, span)
                : null;
            if (correction is null) { EachElement(s, outcome, arguments, lower, upper, into); return; }
        }
        else
        {
            string suffix = below is null ? "_lcdf" : "_lccdf";
            correction = Cumulative(suffix, below ?? upper!);
            if (correction is null) { Missing(s, suffix); return; }
        }
        IrStatement kept = new IrTarget(new IrOperator("neg", [correction], StanType.Real, span), false, span);
        IrStatement lost = new IrTarget(new IrReal(double.NegativeInfinity, span), false, span);
        if (upper is not null) kept = new IrIf(new IrBuiltinCall("any_above", null, [outcome, upper], false, StanType.Int, span), lost, kept, span);
        if (lower is not null) kept = new IrIf(new IrBuiltinCall("any_below", null, [outcome, lower], false, StanType.Int, span), lost, kept, span);
        into.Add(kept);

        IrExpression? Cumulative(string suffix, IrExpression at)
        {
            if (!outcome.Type.IsScalar)
            {
                IrExpression size = new IrBuiltinCall("size", null, [outcome], false, StanType.Int, span);
                IrExpression value = discrete || at.Type.IsReal ? at : new IrPromotion(at, StanType.Real, span);
                at = new IrBuiltinCall("rep_array", null, [value, size], false, value.Type.InArray(), span);
            }
            return expressions.Calls.Cumulative(s.Distribution, suffix, [at, .. arguments], span);
        }
    }

    /// <summary>With two bounds each element has a term log(F(b) − F(a)) of its own, so a container is gone through.</summary>
    private void EachElement(TildeSyntax s, IrExpression outcome, IrExpression[] arguments, IrExpression? lower, IrExpression? upper, List<IrStatement> into)
    {
        Span span = s.Truncation!.Span;
        var index = new IrSymbol("truncated", StanType.Int, SymbolKind.Loop, span);
        IrExpression place = new IrVariable(index, span);
        IrExpression At(IrExpression value) => value.Type.IsScalar || value.Type.Base == BaseType.Matrix ? value : new IrIndexed(value, [new IrIndex(IndexKind.Single, place, null)], value.Type.Depth > 0 ? value.Type.Element : StanType.Real, span);
        IrExpression[] own = [.. arguments.Select(At)];
        bool discrete = outcome.Type.IsIntegral;
        IrExpression below = discrete ? new IrOperator("-", [lower!, new IrInteger(1, span)], StanType.Int, span) : lower!;
        IrExpression? high = expressions.Calls.Cumulative(s.Distribution, "_lcdf", [upper!, .. own], span), low = expressions.Calls.Cumulative(s.Distribution, "_lcdf", [below, .. own], span);
        if (high is null || low is null) { Missing(s, "_lcdf"); return; }
        IrExpression difference = new IrBuiltinCall("log_diff_exp", FunctionLibrary.Find("log_diff_exp")[0], [high, low], false, StanType.Real, span);
        IrStatement kept = new IrTarget(new IrOperator("neg", [difference], StanType.Real, span), false, span);
        IrStatement lost = new IrTarget(new IrReal(double.NegativeInfinity, span), false, span);
        kept = new IrIf(new IrBuiltinCall("any_above", null, [At(outcome), upper!], false, StanType.Int, span), lost, kept, span);
        kept = new IrIf(new IrBuiltinCall("any_below", null, [At(outcome), lower!], false, StanType.Int, span), lost, kept, span);
        into.Add(new IrFor(index, new IrInteger(1, span), new IrBuiltinCall("size", null, [outcome], false, StanType.Int, span), kept, span));
    }

    private void Missing(TildeSyntax s, string suffix) =>
        context.Fault("truncation", $"`{s.Distribution.Name}` cannot be truncated here: there is no `{s.Distribution.Name}{suffix}` for these arguments", s.Distribution.Span);
}
