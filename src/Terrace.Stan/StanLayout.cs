using Terrace.Inference.Posterior;
using Terrace.Stan.Ir;
using Terrace.Stan.Runtime;
using Terrace.Stan.Types;

namespace Terrace.Stan;

/// <summary>The columns of a program's draws and the names of its unconstrained coordinates, from the sizes that the data settle.</summary>
internal static class StanLayout
{
    /// <summary>Checks that a draw fits in memory.</summary>
    /// <exception cref="StanRunException">It has more numbers than <paramref name="limit"/>.</exception>
    public static void Check(IrProgram program, int[] globals, long limit)
    {
        long total = 0;
        foreach (IrSymbol symbol in program.Parameters.Concat(IrProgram.TopLevel(program.TransformedParameters)).Concat(IrProgram.TopLevel(program.GeneratedQuantities)))
        {
            long own = 1;
            foreach (int size in Sizes(symbol, globals))
            {
                own *= size;
                if (own > limit) break;
            }
            total += own;
            if (total > limit) throw new StanRunException($"with `{symbol.Name}` a draw has more than {limit:N0} numbers, which is the limit", symbol.Span);
        }
    }

    /// <summary>The variables in the order of CmdStan's files, first index fastest, and the number of columns of parameters.</summary>
    public static (VariableLayout Layout, int ParameterColumns) Of(IrProgram program, int[] globals)
    {
        List<Variable> variables = [];
        int parameters = 0;
        foreach (IrSymbol symbol in program.Parameters)
        {
            Variable variable = Variable(symbol, globals);
            parameters += variable.Size;
            variables.Add(variable);
        }
        foreach (IrSymbol symbol in IrProgram.TopLevel(program.TransformedParameters).Concat(IrProgram.TopLevel(program.GeneratedQuantities))) variables.Add(Variable(symbol, globals));
        return (new VariableLayout(variables), parameters);
    }

    private static int[] Sizes(IrSymbol symbol, int[] globals) => [.. Enumerable.Range(1, symbol.Type.IndexCount).Select(k => globals[symbol.Global + k])];

    private static Variable Variable(IrSymbol symbol, int[] globals)
    {
        int[] sizes = Sizes(symbol, globals);
        return sizes.Length == 0 ? new Variable(symbol.Name) : new Variable(symbol.Name, Labels(sizes), sizes);
    }

    private static string[] Labels(int[] sizes)
    {
        int count = sizes.Aggregate(1, (product, size) => product * size);
        var labels = new string[count];
        var index = new int[sizes.Length];
        for (int k = 0; k < count; k++)
        {
            int rest = k;
            for (int d = 0; d < sizes.Length; d++)
            {
                index[d] = (rest % sizes[d]) + 1;
                rest /= sizes[d];
            }
            labels[k] = string.Join(",", index);
        }
        return labels;
    }

    /// <summary>A name for each unconstrained coordinate: that of the element where each element has one of its own, else the variable's with a number.</summary>
    public static IReadOnlyList<string> Coordinates(IrProgram program, int[] globals)
    {
        List<string> names = [];
        foreach (IrSymbol symbol in program.ReadingOrder)
        {
            int[] sizes = Sizes(symbol, globals);
            int outer = sizes.Take(symbol.Type.Depth).Aggregate(1, (product, size) => product * size);
            int rows = symbol.Type.Base is BaseType.Vector or BaseType.Matrix ? sizes[symbol.Type.Depth] : 1;
            int cols = symbol.Type.Base switch { BaseType.RowVector => sizes[symbol.Type.Depth], BaseType.Matrix => sizes[symbol.Type.Depth + 1], _ => 1 };
            ConstraintKind kind = symbol.Constraint.Kind;
            int free = Parameters.FreeSize(kind, outer, rows, cols);
            if (sizes.Length == 0) names.Add(symbol.Name);
            else for (int k = 0; k < free; k++) names.Add(Name(symbol, sizes, kind, k));
        }
        return names;
    }

    private static string Name(IrSymbol symbol, int[] sizes, ConstraintKind kind, int k)
    {
        if (kind > ConstraintKind.OffsetMultiplier) return $"{symbol.Name}.{k + 1}";
        // Coordinates lie as memory does: the last array index fastest, matrices column by column.
        int depth = symbol.Type.Depth, inner = sizes.Skip(depth).Aggregate(1, (product, size) => product * size);
        int block = k / inner, within = k % inner;
        var index = new int[sizes.Length];
        for (int d = depth - 1; d >= 0; d--)
        {
            index[d] = (block % sizes[d]) + 1;
            block /= sizes[d];
        }
        for (int d = depth; d < sizes.Length; d++)
        {
            index[d] = (within % sizes[d]) + 1;
            within /= sizes[d];
        }
        return $"{symbol.Name}[{string.Join(",", index)}]";
    }
}
