using System.Linq.Expressions;
using Terrace.Stan.Emit.Loops;
using Terrace.Stan.Ir;
using Terrace.Stan.Runtime;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit;

/// <summary>
/// Writes one method as an expression tree. Scalar arithmetic is differentiated here, at compile time: the tree of an expression is run backwards symbolically and leaves the partial derivatives by the slots it
/// read, which go to the adjoints at once where the value is added to the target, and into one linear record of the tape otherwise. Operations on containers are calls of the runtime, which records their adjoints.
/// </summary>
internal sealed partial class MethodEmitter
{
    private readonly ProgramEmitter _program;
    private readonly bool _differentiates;
    private readonly HashSet<IrSymbol> _activeSymbols;
    private readonly Dictionary<IrSymbol, Storage> _storage = [];
    private readonly List<ParameterExpression> _locals = [];
    private readonly List<Expression> _prologue = [];
    private readonly ParameterExpression _w = Expression.Parameter(typeof(Workspace), "w");
    private readonly ParameterExpression _v = Expression.Variable(typeof(double[]), "v");
    private readonly ParameterExpression _a = Expression.Variable(typeof(double[]), "a");
    private readonly ParameterExpression _i = Expression.Variable(typeof(int[]), "i");
    private readonly ParameterExpression _g = Expression.Variable(typeof(int[]), "g");
    private List<Expression> _body = [];
    private int _site;

    /// <summary>A method of a program.</summary>
    /// <param name="program">The program, for functions and places.</param>
    /// <param name="differentiates">Whether the method records derivatives.</param>
    /// <param name="active">The variables that depend on the parameters.</param>
    public MethodEmitter(ProgramEmitter program, bool differentiates, HashSet<IrSymbol> active)
    {
        _program = program;
        _differentiates = differentiates;
        _activeSymbols = active;
        _locals.AddRange([_v, _a, _i, _g]);
    }

    /// <summary>The finished method.</summary>
    public Expression<Action<Workspace>> Finish(string name)
    {
        List<Expression> all =
        [
            Expression.Assign(_v, Field(nameof(Workspace.V))), Expression.Assign(_a, Field(nameof(Workspace.A))), Expression.Assign(_i, Field(nameof(Workspace.I))),
            Expression.Assign(_g, Field(nameof(Workspace.Globals))), .. _prologue, .. _body,
        ];
        LabelTarget done = Expression.Label();
        all.Add(Expression.Goto(done));
        foreach ((LabelTarget label, Expression failure) in _failures)
        {
            all.Add(Expression.Label(label));
            all.Add(failure);
        }
        all.Add(Expression.Label(done));
        return Expression.Lambda<Action<Workspace>>(Expression.Block(_locals, all), name, [_w]);
    }

    private MemberExpression Field(string name) => Expression.Field(_w, name);

    private void Emit(Expression expression)
    {
        _body.Add(expression);
        _replay?.Add(expression);
    }

    /// <summary>Runs code generation into a list of its own.</summary>
    private List<Expression> Capture(Action generate)
    {
        List<Expression> outer = _body;
        List<Expression>? replay = _replay;
        _body = [];
        _replay = null;
        if (_level is not null) _level.Conditions++;
        generate();
        if (_level is not null) _level.Conditions--;
        List<Expression> inner = _body;
        _body = outer;
        _replay = replay;
        return inner;
    }

    private static Expression Sequence(List<Expression> statements) => statements.Count == 0 ? Expression.Empty() : Expression.Block(typeof(void), statements);

    private ParameterExpression NewLocal(Type type, string? name = null)
    {
        ParameterExpression local = Expression.Variable(type, name);
        _locals.Add(local);
        for (LoopLevel? level = _level; level is not null; level = level.Outer) level.Variant.Add(local);
        return local;
    }

    /// <summary>A local that holds the value of an expression.</summary>
    private ParameterExpression Local(Expression value, string? name = null)
    {
        if (_level is not null) return LoopLocal(value, name);
        ParameterExpression local = NewLocal(value.Type, name);
        Emit(Expression.Assign(local, value));
        return local;
    }

    /// <summary>The expression itself if reading it twice costs nothing, else a local with its value.</summary>
    private Expression Once(Expression value) => value is ConstantExpression or ParameterExpression ? value : Local(value);

    private static ConstantExpression Constant(int value) => Expression.Constant(value);

    private static ConstantExpression Constant(double value) => Expression.Constant(value);

    private static Expression Plus(Expression a, Expression b) => (a, b) switch
    {
        (ConstantExpression { Value: 0 }, _) => b,
        (_, ConstantExpression { Value: 0 }) => a,
        (ConstantExpression { Value: int x }, ConstantExpression { Value: int y }) => Constant(x + y),
        _ => Expression.Add(a, b),
    };

    private static Expression Times(Expression a, Expression b) => (a, b) switch
    {
        (ConstantExpression { Value: 1 }, _) => b,
        (_, ConstantExpression { Value: 1 }) => a,
        (ConstantExpression { Value: int x }, ConstantExpression { Value: int y }) => Constant(x * y),
        _ => Expression.Multiply(a, b),
    };

    private Expression Product(IEnumerable<Expression> factors) => factors.Aggregate((Expression)Constant(1), Times);

    private Expression ValueAt(Expression slot) => Expression.ArrayAccess(_v, slot);

    private Expression IntAt(Expression place) => Expression.ArrayAccess(_i, place);

    private MethodCallExpression Call(string method, params Expression[] arguments) => Expression.Call(_w, RuntimeMethods.Method(typeof(Workspace), method), arguments);

    private static MethodCallExpression Call(Type type, string method, params Expression[] arguments) => Expression.Call(RuntimeMethods.Method(type, method), arguments);

    private static Expression ToDouble(Expression value) => value switch
    {
        ConstantExpression { Value: int x } => Constant((double)x),
        { Type: var type } when type == typeof(int) => Expression.Convert(value, typeof(double)),
        _ => value,
    };

    /// <summary>The memory of one element of an array: 1, n, or rows × cols.</summary>
    private Expression InnerCount(ContainerValue x) => Product(x.Dimensions.Skip(x.Type.Depth));

    private Expression OuterCount(ContainerValue x) => Product(x.Dimensions.Take(x.Type.Depth));

    private Expression TotalCount(ContainerValue x) => Product(x.Dimensions);

    private static Expression Rows(ContainerValue x) => x.Type.Base switch { BaseType.Vector or BaseType.Matrix => x.Dimensions[x.Type.Depth], _ => Constant(1) };

    private static Expression Cols(ContainerValue x) => x.Type.Base switch { BaseType.RowVector => x.Dimensions[x.Type.Depth], BaseType.Matrix => x.Dimensions[x.Type.Depth + 1], _ => Constant(1) };
}
