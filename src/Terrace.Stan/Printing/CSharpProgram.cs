using System.Globalization;
using System.Linq.Expressions;
using System.Text;
using Terrace.Stan.Runtime;
using Terrace.Stan.Syntax;
using Terrace.Stan.Types;

namespace Terrace.Stan.Printing;

/// <summary>
/// Prints the methods of a program as one static class of C#. It is the code that runs: the same calls of the runtime in the same order. It compiles where the runtime's internals can be seen.
/// </summary>
internal sealed class CSharpProgram(string name, IReadOnlyList<Span> sites)
{
    private readonly List<(StanCallable Callable, string Code)> _callables = [];

    /// <summary>The class.</summary>
    /// <param name="methods">The methods as they were written, each with its number among the functions, or −1.</param>
    public string Write(IReadOnlyList<(LambdaExpression Method, int Number)> methods)
    {
        var bodies = new StringBuilder();
        var names = new SortedDictionary<int, string>();
        foreach ((LambdaExpression method, int number) in methods)
        {
            string own = StanPrinter.Identifier(method.Name ?? "method");
            if (number >= 0) names[number] = own = $"{own}{number.ToString(CultureInfo.InvariantCulture)}";
            bodies.Append('\n').Append(Summary(method.Name ?? "", number)).Append("    public static void ").Append(own).Append("(Workspace w)\n    {\n");
            new CSharpMethod(bodies, sites, CallableName).Write(method, 2);
            bodies.Append("    }\n");
        }
        var to = new StringBuilder();
        to.Append("// ").Append(name.ReplaceLineEndings(" ")).Append(" as Terrace compiles it: v are the values of a workspace, a the adjoints at the same places, i the integers, g where the program's variables lie.\n");
        to.Append("using System;\n\nnamespace Terrace.Stan.Runtime;\n\ninternal static unsafe class ").Append(StanPrinter.Identifier(name)).Append("\n{\n");
        to.Append("    /// <summary>What compiled code calls by number: user functions for each combination of constant and active arguments, and the reverse passes of loops.</summary>\n");
        to.Append("    public static readonly Action<Workspace>[] Functions = new Action<Workspace>[] { ").Append(string.Join(", ", names.Values)).Append(" };\n");
        for (int k = 0; k < _callables.Count; k++)
            to.Append(CultureInfo.InvariantCulture, $"\n    /// <summary>A user's function as solvers call it.</summary>\n    private static readonly StanCallable Callable{k} = {_callables[k].Code};\n");
        return to.Append(bodies).Append("}\n").ToString();
    }

    private static string Summary(string method, int number) => $"    /// <summary>{(number >= 0 ? method.StartsWith("reverse_", StringComparison.Ordinal) ? "The reverse pass of a loop." : $"The user's function {method}." : method switch
    {
        "transform_data" => "Reads and checks the data, and runs the transformed data.",
        "log_density" => "The log density; derivatives are recorded or added to the adjoints on the way.",
        "write_draw" => "The values of a draw: parameters, transformed parameters, generated quantities.",
        _ => "From values of the parameters back to the unconstrained position.",
    })}</summary>\n";

    private string CallableName(StanCallable callable)
    {
        int known = _callables.FindIndex(entry => entry.Callable == callable);
        if (known < 0)
        {
            (int index, StanType[] arguments, bool[] active, StanType returns, bool returnsActive) = ((FunctionAdapter)callable.Target!).Parts;
            string code = $"new FunctionAdapter({index}, new Types.StanType[] {{ {string.Join(", ", arguments.Select(Type))} }}, new bool[] {{ {string.Join(", ", active.Select(Word))} }}, {Type(returns)}, {Word(returnsActive)}).Callable";
            known = _callables.Count;
            _callables.Add((callable, code));
        }
        return $"Callable{known}";
    }

    private static string Word(bool value) => value ? "true" : "false";

    private static string Type(StanType type) => type.Elements is { Count: > 0 } elements
        ? $"new Types.StanType(Types.BaseType.{type.Base}, {type.Depth}, new Types.StanType[] {{ {string.Join(", ", elements.Select(Type))} }})"
        : $"new Types.StanType(Types.BaseType.{type.Base}, {type.Depth})";
}
