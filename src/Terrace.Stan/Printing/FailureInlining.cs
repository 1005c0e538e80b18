using System.Linq.Expressions;

namespace Terrace.Stan.Printing;

/// <summary>Puts what a method does at a failure back to where it is found out: emitted code jumps to failures at its end, which keeps loops short and is hard to read.</summary>
internal sealed class FailureInlining : ExpressionVisitor
{
    private readonly Dictionary<LabelTarget, Expression> _failures = [];
    private LabelTarget? _done;

    /// <summary>The statements of a method without the failures at its end, and the label of its end.</summary>
    public static (IReadOnlyList<Expression> Statements, LabelTarget? Done) Of(LambdaExpression method)
    {
        Expression[] all = method.Body is BlockExpression block ? [.. block.Expressions] : [method.Body];
        var inlining = new FailureInlining();
        int end = all.Length - 1;
        if (end < 1 || all[end] is not LabelExpression last) return (all, null);
        int at = end - 1;
        while (at >= 1 && all[at] is not GotoExpression && all[at - 1] is LabelExpression label)
        {
            inlining._failures[label.Target] = all[at];
            at -= 2;
        }
        if (all[at] is not GotoExpression leave || leave.Target != last.Target) return (all, null);
        inlining._done = last.Target;
        return ([.. all.Take(at).Select(e => inlining.Visit(e)!)], inlining._done);
    }

    /// <inheritdoc/>
    protected override Expression VisitGoto(GotoExpression node) =>
        _failures.TryGetValue(node.Target, out Expression? failure) ? Expression.Block(typeof(void), failure, Expression.Goto(_done!)) : base.VisitGoto(node);
}
