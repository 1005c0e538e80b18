using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using Terrace.Stan.Emit;
using Terrace.Stan.Runtime;
using Terrace.Stan.Syntax;

namespace Terrace.Stan.Printing;

/// <summary>Prints the body of one method: the statements of its expression tree as C#, locals declared where they begin, places of the program as comments.</summary>
internal sealed class CSharpMethod
{
    private const int Loosest = 0, Choice = 1, Or = 2, And = 3, Equality = 4, Relation = 5, Sum = 6, Term = 7, Prefix = 8, Tightest = 9;
    private static readonly HashSet<string> Keywords = ["in", "is", "as", "if", "do", "for", "int", "new", "out", "ref", "try", "base", "bool", "byte", "case", "char", "else", "enum", "goto", "lock", "long", "null", "this", "true", "uint", "void", "false", "float", "short", "using", "where", "while", "double", "object", "params", "return", "string", "switch", "event", "fixed", "class", "const", "break", "throw", "catch", "checked", "default", "continue", "operator", "internal", "delegate", "decimal", "abstract", "explicit", "implicit", "interface", "namespace", "override", "private", "protected", "public", "readonly", "sealed", "static", "struct", "unsafe", "virtual", "volatile", "extern", "finally", "foreach", "sizeof", "stackalloc", "typeof", "unchecked", "ulong", "ushort", "sbyte"];
    private readonly StringBuilder _to;
    private readonly IReadOnlyList<Span> _sites;
    private readonly Func<StanCallable, string> _callable;
    private readonly Dictionary<ParameterExpression, string> _names = [];
    private readonly HashSet<string> _taken = [];
    private readonly Dictionary<LabelTarget, string> _labels = [];
    private readonly Stack<LoopExpression> _loops = new();
    private LocalScopes _scopes = null!;
    private LabelTarget? _done;

    /// <summary>Writes to a text.</summary>
    /// <param name="to">Takes the code.</param>
    /// <param name="sites">The places of the program by number.</param>
    /// <param name="callable">Names a user's function that is handed to a solver.</param>
    public CSharpMethod(StringBuilder to, IReadOnlyList<Span> sites, Func<StanCallable, string> callable) => (_to, _sites, _callable) = (to, sites, callable);

    /// <summary>The statements of a method.</summary>
    public void Write(LambdaExpression method, int depth)
    {
        (IReadOnlyList<Expression> statements, _done) = FailureInlining.Of(method);
        foreach (ParameterExpression parameter in method.Parameters) Name(parameter);
        statements = [.. statements.SelectMany(LocalScopes.Flat)];
        _scopes = new LocalScopes(statements, new HashSet<ParameterExpression>(method.Parameters));
        foreach (IGrouping<string, ParameterExpression> group in _scopes.AtTop.GroupBy(local => CSharpNames.Of(local.Type)))
            Line(depth, $"{group.Key} {string.Join(", ", group.Select(local => $"{Name(local)} = default"))};");
        foreach (Expression statement in statements) Statement(statement, depth);
    }

    private void Statement(Expression statement, int depth)
    {
        switch (statement)
        {
            case BlockExpression or DefaultExpression:
                foreach (Expression inner in LocalScopes.Flat(statement)) Statement(inner, depth);
                break;
            case ConditionalExpression choice when choice.Type == typeof(void):
                If(choice, depth);
                break;
            case LoopExpression loop:
                Line(depth, "while (true)");
                _loops.Push(loop);
                Braces(LocalScopes.Flat(loop.Body), depth, loop.ContinueLabel);
                _loops.Pop();
                if (loop.BreakLabel is not null && _labels.TryGetValue(loop.BreakLabel, out string? end)) Line(depth, $"{end}:;");
                break;
            case GotoExpression jump:
                Line(depth, Jump(jump.Target));
                break;
            case LabelExpression label:
                Line(depth, $"{Label(label.Target)}:;");
                break;
            default:
                Line(depth, Simple(statement));
                break;
        }
    }

    private string Simple(Expression statement)
    {
        if (statement is BinaryExpression { NodeType: ExpressionType.Assign } assignment)
        {
            string declared = assignment.Left is ParameterExpression local && _scopes.IsDeclaring(local, assignment) ? CSharpNames.Of(local.Type) + " " : "";
            string site = assignment.Left is MemberExpression { Member.Name: nameof(Workspace.Site) } && assignment.Right is ConstantExpression { Value: int number } && number < _sites.Count ? $" // {Place(_sites[number])}" : "";
            return $"{declared}{Text(assignment.Left)} = {Text(assignment.Right)};{site}";
        }
        return Text(statement) + ";";
    }

    private static string Place(Span span)
    {
        string text = string.Join(' ', span.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return $"line {span.Line}: {(text.Length <= 80 ? text : text[..79] + "…")}";
    }

    private void If(ConditionalExpression choice, int depth)
    {
        Line(depth, $"if ({Text(choice.Test)})");
        Braces(LocalScopes.Flat(choice.IfTrue), depth);
        IReadOnlyList<Expression> otherwise = LocalScopes.Flat(choice.IfFalse);
        if (otherwise.Count == 0) return;
        Line(depth, "else");
        Braces(otherwise, depth);
    }

    private void Braces(IReadOnlyList<Expression> statements, int depth, LabelTarget? next = null)
    {
        Line(depth, "{");
        foreach (Expression statement in statements) Statement(statement, depth + 1);
        if (next is not null && _labels.TryGetValue(next, out string? label)) Line(depth + 1, $"{label}:;");
        Line(depth, "}");
    }

    private string Jump(LabelTarget target)
    {
        if (target == _done) return "return;";
        if (_loops.Count > 0 && _loops.Peek().BreakLabel == target) return "break;";
        if (_loops.Count > 0 && _loops.Peek().ContinueLabel == target) return "continue;";
        return $"goto {Label(target)};";
    }

    private string Label(LabelTarget target)
    {
        if (!_labels.TryGetValue(target, out string? name)) _labels[target] = name = $"L{_labels.Count + 1}";
        return name;
    }

    private string Text(Expression e, int within = Loosest)
    {
        (string text, int binds) = Bound(e);
        return binds < within ? $"({text})" : text;
    }

    private (string Text, int Binds) Bound(Expression e)
    {
        switch (e)
        {
            case ParameterExpression x: return (Name(x), Tightest);
            case ConstantExpression x: return Constant(x);
            case BinaryExpression { NodeType: ExpressionType.ArrayIndex } x: return ($"{Text(x.Left, Tightest)}[{Text(x.Right)}]", Tightest);
            case BinaryExpression { NodeType: ExpressionType.Add, Right: ConstantExpression { Value: int and < 0 and > int.MinValue and var shift } } x: return ($"{Text(x.Left, Sum)} - {-shift}", Sum);
            case BinaryExpression x:
                (string sign, int binds) = Sign(x.NodeType);
                return ($"{Text(x.Left, binds)} {sign} {Text(x.Right, binds == Loosest ? Loosest : binds + 1)}", binds);
            case UnaryExpression x: return Unary(x);
            case ConditionalExpression x: return ($"{Text(x.Test, Or)} ? {Text(x.IfTrue, Choice)} : {Text(x.IfFalse, Choice)}", Choice);
            case IndexExpression x: return ($"{Text(x.Object!, Tightest)}[{string.Join(", ", x.Arguments.Select(argument => Text(argument)))}]", Tightest);
            case MemberExpression x: return ($"{(x.Expression is null ? CSharpNames.Of(x.Member.DeclaringType!) : Text(x.Expression, Tightest))}.{x.Member.Name}", Tightest);
            case MethodCallExpression x: return ($"{(x.Object is null ? CSharpNames.Of(x.Method.DeclaringType!) : Text(x.Object, Tightest))}.{CSharpNames.Of(x.Method)}({Arguments(x.Arguments, x.Method)})", Tightest);
            case NewExpression x: return ($"new {CSharpNames.Of(x.Type)}({string.Join(", ", x.Arguments.Select(argument => Text(argument)))})", Tightest);
            case NewArrayExpression x: return (x.Expressions.Count == 0 ? $"new {CSharpNames.Of(x.Type.GetElementType()!)}[0]" : $"new {CSharpNames.Of(x.Type)} {{ {string.Join(", ", x.Expressions.Select(element => Text(element)))} }}", Tightest);
            case DefaultExpression x: return ($"default({CSharpNames.Of(x.Type)})", Tightest);
            case InvocationExpression x: return ($"{Text(x.Expression, Tightest)}({string.Join(", ", x.Arguments.Select(argument => Text(argument)))})", Tightest);
            default: throw new NotSupportedException($"a node {e.NodeType} of compiled code has no form in C# here");
        }
    }

    private string Arguments(IReadOnlyList<Expression> arguments, MethodInfo method)
    {
        ParameterInfo[] parameters = method.GetParameters();
        return string.Join(", ", arguments.Select((argument, k) => (parameters[k].ParameterType.IsByRef ? parameters[k].IsOut ? "out " : parameters[k].IsIn ? "" : "ref " : "") + Text(argument)));
    }

    private (string, int) Unary(UnaryExpression x) => x.NodeType switch
    {
        ExpressionType.Convert => ($"({CSharpNames.Of(x.Type)}){Text(x.Operand, Prefix)}", Prefix),
        // Two minus signs in a row would be a decrement.
        ExpressionType.Negate => ($"-{Text(x.Operand, Tightest)}", Prefix),
        ExpressionType.Not => ($"!{Text(x.Operand, Prefix)}", Prefix),
        ExpressionType.PreIncrementAssign => ($"++{Text(x.Operand, Prefix)}", Prefix),
        ExpressionType.PreDecrementAssign => ($"--{Text(x.Operand, Prefix)}", Prefix),
        ExpressionType.ArrayLength => ($"{Text(x.Operand, Tightest)}.Length", Tightest),
        _ => throw new NotSupportedException($"a node {x.NodeType} of compiled code has no form in C# here"),
    };

    private static (string Sign, int Binds) Sign(ExpressionType type) => type switch
    {
        ExpressionType.Assign => ("=", Loosest),
        ExpressionType.AddAssign => ("+=", Loosest),
        ExpressionType.SubtractAssign => ("-=", Loosest),
        ExpressionType.MultiplyAssign => ("*=", Loosest),
        ExpressionType.OrElse => ("||", Or),
        ExpressionType.AndAlso => ("&&", And),
        ExpressionType.Equal => ("==", Equality),
        ExpressionType.NotEqual => ("!=", Equality),
        ExpressionType.LessThan => ("<", Relation),
        ExpressionType.LessThanOrEqual => ("<=", Relation),
        ExpressionType.GreaterThan => (">", Relation),
        ExpressionType.GreaterThanOrEqual => (">=", Relation),
        ExpressionType.Add => ("+", Sum),
        ExpressionType.Subtract => ("-", Sum),
        ExpressionType.Multiply => ("*", Term),
        ExpressionType.Divide => ("/", Term),
        ExpressionType.Modulo => ("%", Term),
        _ => throw new NotSupportedException($"a node {type} of compiled code has no form in C# here"),
    };

    private (string, int) Constant(ConstantExpression x)
    {
        switch (x.Value)
        {
            case null: return (x.Type.IsValueType ? $"default({CSharpNames.Of(x.Type)})" : "null", Tightest);
            case bool value: return (value ? "true" : "false", Tightest);
            case int.MinValue: return ("int.MinValue", Tightest);
            case int value: return (value.ToString(System.Globalization.CultureInfo.InvariantCulture), value < 0 ? Prefix : Tightest);
            case long value: return (value.ToString(System.Globalization.CultureInfo.InvariantCulture) + "L", value < 0 ? Prefix : Tightest);
            case double value: return (CSharpNames.Number(value), double.IsNegative(value) && double.IsFinite(value) ? Prefix : Tightest);
            case string value: return (CSharpNames.Quoted(value), Tightest);
            case nint pointer when pointer == 0: return ("0", Tightest);
            case nint pointer: return (CSharpNames.Pointer(RuntimeMethods.At(pointer) ?? throw new NotSupportedException("an address of compiled code is that of no known method")), Prefix);
            case Enum value when Enum.IsDefined(value.GetType(), value): return ($"{CSharpNames.Of(value.GetType())}.{value}", Tightest);
            case StanCallable callable: return (_callable(callable), Tightest);
            case Array { Length: 0 } array: return ($"new {CSharpNames.Of(array.GetType().GetElementType()!)}[0]", Tightest);
            default: throw new NotSupportedException($"a constant of the type {x.Type} has no form in C# here");
        }
    }

    private string Name(ParameterExpression local)
    {
        if (_names.TryGetValue(local, out string? known)) return known;
        string name = local.Name is { Length: > 0 } own ? own : local.Type == typeof(double) ? "x" : local.Type == typeof(int) ? "n" : local.Type == typeof(bool) ? "is" : "block";
        if (Keywords.Contains(name)) name = "@" + name;
        string free = name;
        if (local.Name is not { Length: > 0 } || !_taken.Add(free))
        {
            for (int k = 1; ; k++)
            {
                free = $"{name}{k}";
                if (_taken.Add(free)) break;
            }
        }
        return _names[local] = free;
    }

    private void Line(int depth, string text) => _to.Append(' ', 4 * depth).Append(text).Append('\n');
}
