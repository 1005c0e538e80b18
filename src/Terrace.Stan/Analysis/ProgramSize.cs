using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Analysis;

/// <summary>Programs that are too long to be compiled: each block and each function becomes one method, and a method holds only so much.</summary>
internal static class ProgramSize
{
    /// <summary>The most statements of a block or a function.</summary>
    public const int MaximumStatements = 10_000;

    /// <summary>The most operations of a block or a function.</summary>
    public const int MaximumOperations = 200_000;

    /// <summary>Reports blocks and functions that are too long.</summary>
    public static void Check(IrProgram program, DiagnosticBag diagnostics)
    {
        Check(program.TransformedData, "`transformed data`", diagnostics);
        Check([.. program.TransformedParameters, .. program.Model], "`transformed parameters` and `model` together", diagnostics);
        Check(program.GeneratedQuantities, "`generated quantities`", diagnostics);
        foreach (IrFunction function in program.Functions) if (function.Body is not null) Check([function.Body], $"the function `{function.Name}`", diagnostics);
        int variables = program.Data.Count + program.Parameters.Count;
        if (variables > MaximumStatements) diagnostics.Error("program-size", $"the program declares {variables:N0} variables of data and parameters, and at most {MaximumStatements:N0} can be compiled", (program.Parameters.Count > 0 ? program.Parameters : program.Data)[^1].Span, "use containers");
    }

    private static void Check(IReadOnlyList<IrStatement> block, string name, DiagnosticBag diagnostics)
    {
        long statements = 0, operations = 0;
        foreach (IrStatement statement in block.SelectMany(IrWalk.All))
        {
            statements++;
            foreach (IrExpression e in IrWalk.Expressions(statement)) operations += IrWalk.All(e).Count();
            if (statements <= MaximumStatements && operations <= MaximumOperations) continue;
            string what = statements > MaximumStatements ? $"more than {MaximumStatements:N0} statements" : $"more than {MaximumOperations:N0} operations";
            diagnostics.Error("program-size", $"there are {what} in {name}, more than can be compiled", statement.Span, "use loops, containers and functions");
            return;
        }
    }
}
