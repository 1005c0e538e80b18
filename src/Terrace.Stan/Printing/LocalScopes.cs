using System.Linq.Expressions;

namespace Terrace.Stan.Printing;

/// <summary>
/// Where the locals of a method are declared in C#: with the assignment that comes first in the innermost list of statements that holds all their uses; at the top where there is no such assignment. Expression trees
/// have no such places: there every local begins as 0 at the top.
/// </summary>
internal sealed class LocalScopes
{
    private readonly Dictionary<ParameterExpression, Expression> _declaring = [];
    private readonly List<ParameterExpression> _atTop = [];

    /// <summary>Looks through a method.</summary>
    public LocalScopes(IReadOnlyList<Expression> statements, IReadOnlySet<ParameterExpression> given)
    {
        foreach (ParameterExpression local in Uses(statements))
        {
            if (given.Contains(local)) continue;
            if (DeclaringStatement(statements, local) is { } assignment) _declaring[local] = assignment;
            else _atTop.Add(local);
        }
    }

    /// <summary>The locals that begin at the top.</summary>
    public IReadOnlyList<ParameterExpression> AtTop => _atTop;

    /// <summary>Whether this statement is where the local begins.</summary>
    public bool IsDeclaring(ParameterExpression local, Expression statement) => _declaring.TryGetValue(local, out Expression? at) && ReferenceEquals(at, statement);

    /// <summary>The statements of a block as one list, blocks within it opened.</summary>
    public static IReadOnlyList<Expression> Flat(Expression e) => e is BlockExpression block ? [.. block.Expressions.SelectMany(Flat)] : e is DefaultExpression { Type: var type } && type == typeof(void) ? [] : [e];

    private static Expression? DeclaringStatement(IReadOnlyList<Expression> list, ParameterExpression local)
    {
        Expression[] using_ = [.. list.Where(statement => Mentions(statement, local))];
        if (using_.Length == 0) return null;
        if (using_[0] is BinaryExpression { NodeType: ExpressionType.Assign } assignment && assignment.Left == local)
        {
            if (Mentions(assignment.Right, local)) return null;
            // A jump to a label further down would skip the declaration.
            int from = list.ToList().IndexOf(assignment), label = list.ToList().FindIndex(from, e => e is LabelExpression);
            return label < 0 || !list.Skip(label).Any(statement => Mentions(statement, local)) ? assignment : null;
        }
        if (using_.Length > 1) return null;
        // One statement has all uses: they may lie together deeper in it.
        foreach (IReadOnlyList<Expression> inner in Lists(using_[0]))
        {
            if (!inner.Any(statement => Mentions(statement, local))) continue;
            return Uses(using_[0], local) == inner.Sum(statement => Uses(statement, local)) ? DeclaringStatement(inner, local) : null;
        }
        return null;
    }

    private static IEnumerable<IReadOnlyList<Expression>> Lists(Expression statement)
    {
        switch (statement)
        {
            case ConditionalExpression { Type: var type } choice when type == typeof(void):
                yield return Flat(choice.IfTrue);
                yield return Flat(choice.IfFalse);
                break;
            case LoopExpression loop:
                yield return Flat(loop.Body);
                break;
        }
    }

    private static bool Mentions(Expression e, ParameterExpression local) => Uses(e, local) > 0;

    private static int Uses(Expression e, ParameterExpression local)
    {
        var counting = new Counting();
        counting.Visit(e);
        return counting.Counts.GetValueOrDefault(local);
    }

    private static List<ParameterExpression> Uses(IReadOnlyList<Expression> statements)
    {
        var counting = new Counting();
        foreach (Expression e in statements) counting.Visit(e);
        return counting.Order;
    }

    private sealed class Counting : ExpressionVisitor
    {
        public Dictionary<ParameterExpression, int> Counts { get; } = [];

        public List<ParameterExpression> Order { get; } = [];

        protected override Expression VisitParameter(ParameterExpression node)
        {
            if (!Counts.TryGetValue(node, out int count)) Order.Add(node);
            Counts[node] = count + 1;
            return node;
        }
    }
}
