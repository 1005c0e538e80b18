using Terrace.Stan.Syntax;

namespace Terrace.Stan.Formatting;

/// <summary>The declared types of the names in sight: enough to tell integers from reals and arrays from vectors without resolving the program.</summary>
internal sealed class DeclaredTypes
{
    private static readonly HashSet<string> IntegerFunctions = ["size", "rows", "cols", "num_elements", "choose", "int_step", "is_nan", "is_inf", "rank"];
    private static readonly HashSet<string> IntegerIfArgumentsAre = ["abs", "max", "min", "sum", "prod", "to_array_1d", "rep_array", "sort_asc", "sort_desc"];
    private readonly Stack<Dictionary<string, TypeSyntax>> _scopes = new([[]]);
    private readonly Dictionary<string, TypeSyntax?> _functions;

    /// <summary>Takes a program, for what its functions return.</summary>
    public DeclaredTypes(ProgramSyntax program)
    {
        _functions = [];
        foreach (FunctionSyntax function in program.Functions ?? []) _functions[function.Name.Name] = function.Returns;
    }

    /// <summary>Opens a scope.</summary>
    public void Enter() => _scopes.Push([]);

    /// <summary>Closes the scope that was opened last.</summary>
    public void Leave() => _scopes.Pop();

    /// <summary>Adds a variable.</summary>
    public void Declare(string name, TypeSyntax type) => _scopes.Peek()[name] = type;

    /// <summary>A type without sizes.</summary>
    public static TypeSyntax Plain(string name, Span span) => new(name, [], [], [], [], false, span);

    /// <summary>The type of a variable or of a part of one; null for what is no such thing or was not declared here.</summary>
    public TypeSyntax? Of(ExpressionSyntax e) => e switch
    {
        NameSyntax name => _scopes.Select(scope => scope.GetValueOrDefault(name.Name)).FirstOrDefault(type => type is not null),
        ParenthesizedSyntax inner => Of(inner.Inner),
        IndexedSyntax indexed => Of(indexed.Target) is { } type ? Part(type, indexed.Indexes) : null,
        CallSyntax call => _functions.GetValueOrDefault(call.Function.Name),
        _ => null,
    };

    /// <summary>The type of what a loop over a container takes from it.</summary>
    public TypeSyntax? Element(ExpressionSyntax container) =>
        Of(container) switch
        {
            { ArraySizes.Count: > 0 } array => array with { ArraySizes = [.. array.ArraySizes.Skip(1)] },
            { } vector => Plain("real", vector.Span),
            null => null,
        };

    /// <summary>Whether an expression is certainly made of integers.</summary>
    public bool IsInteger(ExpressionSyntax e) => e switch
    {
        IntegerSyntax => true,
        NameSyntax or IndexedSyntax => Of(e) is { Base: "int" },
        ParenthesizedSyntax inner => IsInteger(inner.Inner),
        PrefixSyntax prefix => prefix.Operator == "!" || IsInteger(prefix.Operand),
        InfixSyntax { Operator: "+" or "-" or "*" or "/" or "%" or "%/%" } infix => IsInteger(infix.Left) && IsInteger(infix.Right),
        InfixSyntax infix => infix.Operator is not ("^" or ".^" or ".*" or "./" or "\\"),
        ConditionalSyntax choice => IsInteger(choice.IfTrue) && IsInteger(choice.IfFalse),
        ArraySyntax array => array.Elements.All(IsInteger),
        CallSyntax call when _functions.TryGetValue(call.Function.Name, out TypeSyntax? returns) => returns is { Base: "int" },
        CallSyntax call => IntegerFunctions.Contains(call.Function.Name) || (IntegerIfArgumentsAre.Contains(call.Function.Name) && call.Arguments.All(IsInteger)),
        _ => false,
    };

    private TypeSyntax Part(TypeSyntax type, IReadOnlyList<IndexSyntax> indexes)
    {
        foreach (IndexSyntax index in indexes)
        {
            bool single = !index.IsRange && index.Lower is not null && Of(index.Lower) is not { ArraySizes.Count: > 0 };
            if (type.ArraySizes.Count > 0)
            {
                if (single) type = type with { ArraySizes = [.. type.ArraySizes.Skip(1)] };
                else break;
            }
            else if (single)
            {
                type = Plain(type.Base.Contains("matrix", StringComparison.Ordinal) || type.Base.StartsWith("cholesky", StringComparison.Ordinal) || type.Base.StartsWith("corr", StringComparison.Ordinal) || type.Base.StartsWith("cov", StringComparison.Ordinal) ? "row_vector" : "real", type.Span);
            }
        }
        return type;
    }
}
