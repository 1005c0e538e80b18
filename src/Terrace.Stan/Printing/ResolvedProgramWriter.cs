using System.Globalization;
using System.Text;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Printing;

/// <summary>Prints a resolved program in a form near the language: every conversion, every density and every name as the compiler took it.</summary>
internal sealed class ResolvedProgramWriter
{
    private readonly StringBuilder _to = new();

    /// <summary>The program.</summary>
    public string Write(IrProgram program)
    {
        foreach (IrFunction function in program.Functions)
        {
            Line(0, $"function {function.Returns} {function.Name}({string.Join(", ", function.Arguments.Select(argument => $"{(argument.IsDataOnly ? "data " : "")}{argument.Type} {argument.Name}"))})");
            if (function.Body is not null) Statement(function.Body, 1);
        }
        Symbols("data", program.Data);
        Block("transformed data", program.TransformedData);
        Symbols("parameters", program.Parameters);
        Block("transformed parameters", program.TransformedParameters);
        Block("model", program.Model);
        Block("generated quantities", program.GeneratedQuantities);
        return _to.ToString();
    }

    private void Symbols(string title, List<IrSymbol> symbols)
    {
        if (symbols.Count > 0) Line(0, title);
        foreach (IrSymbol symbol in symbols) Line(1, Declared(symbol));
    }

    private void Block(string title, List<IrStatement> statements)
    {
        if (statements.Count > 0) Line(0, title);
        foreach (IrStatement statement in statements) Statement(statement, 1);
    }

    private static string Declared(IrSymbol symbol)
    {
        string sizes = symbol.Sizes.Count == 0 ? "" : $" sized [{string.Join(", ", symbol.Sizes.Select(Text))}]", constraint = Constraint(symbol.Constraint);
        return $"{symbol.Name} : {symbol.Type}{sizes}{constraint}";
    }

    private static string Constraint(IrConstraint c)
    {
        if (c.Kind == ConstraintKind.None) return "";
        if (!c.IsBounds && c.Kind != ConstraintKind.OffsetMultiplier) return $", {c.Kind}";
        (string first, string second) = c.IsBounds ? ("lower", "upper") : ("offset", "multiplier");
        return $", {string.Join(", ", ((string?[])[c.First is null ? null : $"{first} {Text(c.First)}", c.Second is null ? null : $"{second} {Text(c.Second)}"]).OfType<string>())}";
    }

    private void Statement(IrStatement statement, int depth)
    {
        switch (statement)
        {
            case IrDeclaration s: Line(depth, $"declare {Declared(s.Symbol)}{(s.Value is null ? "" : $" = {Text(s.Value)}")}"); break;
            case IrAssignment s: Line(depth, $"{Place(s)} = {Text(s.Value)}"); break;
            case IrUnpack s: Line(depth, $"({string.Join(", ", s.Parts.Select(Place))}) = {Text(s.Value)}"); break;
            case IrTarget s: Line(depth, $"{(s.Jacobian ? "jacobian" : "target")} += {Text(s.Value)}"); break;
            case IrBlock s: foreach (IrStatement inner in s.Statements) Statement(inner, depth); break;
            case IrIf s:
                Line(depth, $"if {Text(s.Condition)}");
                Statement(s.Then, depth + 1);
                if (s.Else is null) break;
                Line(depth, "else");
                Statement(s.Else, depth + 1);
                break;
            case IrFor s:
                Line(depth, $"for {s.Variable.Name} from {Text(s.Lower)} to {Text(s.Upper)}");
                Statement(s.Body, depth + 1);
                break;
            case IrForEach s:
                Line(depth, $"for each {s.Variable.Name} of {Text(s.Container)}");
                Statement(s.Body, depth + 1);
                break;
            case IrWhile s:
                Line(depth, $"while {Text(s.Condition)}");
                Statement(s.Body, depth + 1);
                break;
            case IrReturn s: Line(depth, s.Value is null ? "return" : $"return {Text(s.Value)}"); break;
            case IrBreak: Line(depth, "break"); break;
            case IrContinue: Line(depth, "continue"); break;
            case IrMessage s: Line(depth, $"{s.Kind.ToString().ToLowerInvariant()} {string.Join(", ", s.Parts.Select(Text))}"); break;
            case IrCallStatement s: Line(depth, Text(s.Call)); break;
            default: Line(depth, statement.GetType().Name); break;
        }
    }

    private static string Place(IrAssignment s) => s.Symbol.Name + string.Concat(s.Path.Select(step => step.TupleElement >= 0 ? $".{step.TupleElement + 1}" : $"[{string.Join(", ", step.Indexes.Select(Index))}]"));

    private static string Index(IrIndex index) => index.Kind == IndexKind.Range ? $"{(index.First is null ? "" : Text(index.First))}:{(index.Last is null ? "" : Text(index.Last))}" : Text(index.First!);

    /// <summary>An expression; calls tell whether constants are dropped, promotions stand as the type that is made.</summary>
    public static string Text(IrExpression expression) => expression switch
    {
        IrInteger e => e.Value.ToString(CultureInfo.InvariantCulture),
        IrReal e => e.Value.ToString("0.0################", CultureInfo.InvariantCulture),
        IrVariable e => e.Symbol.Name,
        IrOperator { Operands.Count: 1 } e => e.Sign == "'" ? $"{Text(e.Operands[0])}'" : $"{(e.Sign == "neg" ? "-" : e.Sign)}{Text(e.Operands[0])}",
        IrOperator e => $"({Text(e.Operands[0])} {e.Sign} {Text(e.Operands[1])})",
        IrBuiltinCall e => $"{e.Name}{(e.DropConstants ? "<up to constants>" : "")}({Arguments(e.Name, e.Arguments)})",
        IrUserCall e => $"{e.Function.Name}{(e.DropConstants ? "<up to constants>" : "")}({Arguments(e.Function.Name, e.Arguments)})",
        IrIndexed e => $"{Text(e.Target)}[{string.Join(", ", e.Indexes.Select(Index))}]",
        IrConditional e => $"({Text(e.Condition)} ? {Text(e.IfTrue)} : {Text(e.IfFalse)})",
        IrArray e => $"{{{string.Join(", ", e.Elements.Select(Text))}}}",
        IrRowVector e => $"[{string.Join(", ", e.Elements.Select(Text))}]",
        IrTuple e => $"({string.Join(", ", e.Elements.Select(Text))})",
        IrTupleElement e => $"{Text(e.Target)}.{e.Element + 1}",
        IrPromotion { Type.IsReal: true } e => Text(e.Operand),
        IrPromotion e => $"as<{e.Type}>({Text(e.Operand)})",
        IrTargetValue => "target()",
        IrText e => $"\"{e.Text}\"",
        IrFunctionReference e => e.Overloads[0].Name,
        _ => expression.GetType().Name,
    };

    private static string Arguments(string name, IReadOnlyList<IrExpression> arguments)
    {
        bool bar = arguments.Count > 1 && (name.EndsWith("pdf", StringComparison.Ordinal) || name.EndsWith("pmf", StringComparison.Ordinal) || name.EndsWith("cdf", StringComparison.Ordinal));
        return bar ? $"{Text(arguments[0])} | {string.Join(", ", arguments.Skip(1).Select(Text))}" : string.Join(", ", arguments.Select(Text));
    }

    private void Line(int depth, string text) => _to.Append(' ', 2 * depth).Append(text).Append('\n');
}
