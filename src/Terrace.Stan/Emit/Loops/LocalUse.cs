using System.Linq.Expressions;

namespace Terrace.Stan.Emit.Loops;

/// <summary>The locals that code reads and assigns.</summary>
internal sealed class LocalUse : ExpressionVisitor
{
    /// <summary>All that occur.</summary>
    public HashSet<ParameterExpression> Used { get; } = [];

    /// <summary>Those that are assigned to.</summary>
    public HashSet<ParameterExpression> Assigned { get; } = [];

    /// <summary>The use of locals by code.</summary>
    public static LocalUse Of(IEnumerable<Expression> code)
    {
        var use = new LocalUse();
        foreach (Expression e in code) use.Visit(e);
        return use;
    }

    /// <summary>Whether code mentions one of the locals.</summary>
    public static bool Mentions(Expression code, HashSet<ParameterExpression> locals)
    {
        if (locals.Count == 0 || code is ConstantExpression) return false;
        if (code is ParameterExpression p) return locals.Contains(p);
        var use = new LocalUse();
        use.Visit(code);
        return use.Used.Overlaps(locals);
    }

    /// <inheritdoc/>
    protected override Expression VisitParameter(ParameterExpression node)
    {
        Used.Add(node);
        return node;
    }

    /// <inheritdoc/>
    protected override Expression VisitBinary(BinaryExpression node)
    {
        if (node.NodeType is ExpressionType.Assign or ExpressionType.AddAssign && node.Left is ParameterExpression p) Assigned.Add(p);
        return base.VisitBinary(node);
    }

    /// <inheritdoc/>
    protected override Expression VisitMethodCall(MethodCallExpression node)
    {
        System.Reflection.ParameterInfo[] parameters = node.Method.GetParameters();
        for (int k = 0; k < parameters.Length; k++) if (parameters[k].ParameterType.IsByRef && node.Arguments[k] is ParameterExpression p) Assigned.Add(p);
        return base.VisitMethodCall(node);
    }

    /// <inheritdoc/>
    protected override Expression VisitUnary(UnaryExpression node)
    {
        if (node.NodeType is ExpressionType.PreIncrementAssign or ExpressionType.PreDecrementAssign && node.Operand is ParameterExpression p) Assigned.Add(p);
        return base.VisitUnary(node);
    }
}
