using Terrace.Stan.Ir;
using Terrace.Stan.Types;

namespace Terrace.Stan.Analysis;

/// <summary>The sizes of an expression's dimensions, arrays first, as far as declarations tell them. On the way sizes that have to agree are handed to <paramref name="mustAgree"/>.</summary>
/// <param name="mustAgree">Takes the place and two parts whose sizes must be equal, with their sizes.</param>
internal sealed class ExpressionShape(Action<IrExpression, (IrExpression Part, SymbolicSize? Size), (IrExpression Part, SymbolicSize? Size)>? mustAgree)
{
    private const int MaximumDepth = 150;
    private int _depth;

    /// <summary>The shape alone.</summary>
    public static IReadOnlyList<SymbolicSize?>? Silent(IrExpression e, int depth) => new ExpressionShape(null) { _depth = depth }.Of(e);

    /// <summary>The sizes, or null when nothing is known; of single numbers none. Sizes within may be unknown too.</summary>
    public IReadOnlyList<SymbolicSize?>? Of(IrExpression e)
    {
        if (_depth > MaximumDepth) return null;
        _depth++;
        IReadOnlyList<SymbolicSize?>? shape = e switch
        {
            IrVariable x => Declared(x.Symbol),
            IrOperator x => Operator(x),
            IrBuiltinCall x => Call(x),
            IrUserCall x => Operands(x.Arguments),
            IrIndexed x => Indexed(x),
            IrPromotion x => Of(x.Operand),
            IrConditional x => Choice(x),
            IrArray x => Elements(x, x.Elements),
            IrRowVector x => Elements(x, x.Elements),
            IrTuple x => Operands(x.Elements),
            IrTupleElement x => Operands([x.Target]),
            _ => null,
        };
        _depth--;
        return shape?.Count == e.Type.IndexCount ? shape : e.Type.IsScalar ? [] : null;
    }

    /// <summary>The sizes with which a variable is declared.</summary>
    public static IReadOnlyList<SymbolicSize?>? Declared(IrSymbol symbol) =>
        symbol.Type.Base != BaseType.Tuple && symbol.Sizes.Count == symbol.Type.IndexCount ? [.. symbol.Sizes.Select(size => SymbolicSize.From(size, 1))] : null;

    private IReadOnlyList<SymbolicSize?>? Operands(IReadOnlyList<IrExpression> operands)
    {
        foreach (IrExpression operand in operands) Of(operand);
        return null;
    }

    private IReadOnlyList<SymbolicSize?>? Choice(IrConditional x)
    {
        Of(x.Condition);
        IReadOnlyList<SymbolicSize?>? a = Of(x.IfTrue), b = Of(x.IfFalse);
        return a is null || b is null || a.Count != b.Count ? null : [.. a.Zip(b, (left, right) => left is not null && right is not null && left.Plus(right, -1).Number == 0 ? left : null)];
    }

    private IReadOnlyList<SymbolicSize?>? Elements(IrExpression whole, IReadOnlyList<IrExpression> elements)
    {
        IReadOnlyList<SymbolicSize?>? first = null;
        foreach (IrExpression element in elements)
        {
            IReadOnlyList<SymbolicSize?>? shape = Of(element);
            if (first is null) first = shape;
            else if (shape is not null && shape.Count == first.Count && shape.Count > 0) Agree(whole, elements[0], first[0], element, shape[0]);
        }
        return first is null ? null : [SymbolicSize.Of(elements.Count), .. first];
    }

    private void Agree(IrExpression whole, IrExpression a, SymbolicSize? sizeA, IrExpression b, SymbolicSize? sizeB) => mustAgree?.Invoke(whole, (a, sizeA), (b, sizeB));

    private IReadOnlyList<SymbolicSize?>? Operator(IrOperator x)
    {
        if (x.Operands.Count == 1)
        {
            IReadOnlyList<SymbolicSize?>? operand = Of(x.Operands[0]);
            if (x.Sign != "'") return operand;
            return operand is { Count: 2 } ? [operand[1], operand[0]] : operand;
        }
        // A chain of sums is as deep as it is long; beyond the limit it is silent.
        IrExpression left = x.Operands[0], right = x.Operands[1];
        IReadOnlyList<SymbolicSize?>? a = Of(left), b = Of(right);
        if (left.Type.IsScalar) return b;
        if (right.Type.IsScalar) return a;
        if (a is null || b is null) return x.Sign is "*" or "\\" or "/" ? null : a ?? b;
        bool columnRow = x.Sign == "*" && left.Type.Base == BaseType.Vector;
        switch (x.Sign)
        {
            case "*" when columnRow: return [a[0], b[0]];
            case "*":
                Agree(x, left, a[^1], right, b[0]);
                return [.. a.Take(a.Count - 1), .. b.Skip(1)];
            case "\\":
                Agree(x, left, a[0], right, b[0]);
                return b;
            case "/" when right.Type.Base == BaseType.Matrix:
                Agree(x, left, a[^1], right, b[0]);
                return a;
            default:
                return Alike(x, left, a, right, b);
        }
    }

    private IReadOnlyList<SymbolicSize?> Alike(IrExpression whole, IrExpression left, IReadOnlyList<SymbolicSize?> a, IrExpression right, IReadOnlyList<SymbolicSize?> b)
    {
        if (a.Count != b.Count) return a;
        for (int i = 0; i < a.Count; i++) Agree(whole, left, a[i], right, b[i]);
        return [.. a.Zip(b, (p, q) => p is null || q is null ? p ?? q : p.Plus(q, -1).Number == 0 ? p : null)];
    }

    private IReadOnlyList<SymbolicSize?>? Indexed(IrIndexed x)
    {
        foreach (IrExpression end in x.Indexes.SelectMany(IrWalk.Ends)) Of(end);
        return Part(Of(x.Target), x.Indexes, x.Type);
    }

    /// <summary>The shape of a part of a container.</summary>
    public IReadOnlyList<SymbolicSize?>? Part(IReadOnlyList<SymbolicSize?>? whole, IReadOnlyList<IrIndex> indexes, StanType type)
    {
        if (whole is null || indexes.Count > whole.Count) return null;
        List<SymbolicSize?> shape = [];
        for (int i = 0; i < indexes.Count; i++)
        {
            switch (indexes[i].Kind)
            {
                case IndexKind.Single: continue;
                case IndexKind.Multiple: shape.Add(Of(indexes[i].First!)?[0]); break;
                default:
                    SymbolicSize? from = indexes[i].First is { } first ? SymbolicSize.From(first, 1) : SymbolicSize.Of(1), to = indexes[i].Last is { } last ? SymbolicSize.From(last, 1) : whole[i];
                    SymbolicSize? length = from is null || to is null ? null : to.Plus(from, -1).Plus(SymbolicSize.Of(1));
                    shape.Add(length is null || length.IsPassing || length.Number < 0 ? null : length);
                    break;
            }
        }
        shape.AddRange(whole.Skip(indexes.Count));
        return shape.Count == type.IndexCount ? shape : null;
    }

    private IReadOnlyList<SymbolicSize?>? Call(IrBuiltinCall x)
    {
        IReadOnlyList<IrExpression> arguments = x.Arguments;
        IReadOnlyList<SymbolicSize?>?[] shapes = [.. arguments.Select(Of)];
        if (x.Function is { Kind: BuiltinKind.Scalar } || x.Name is "abs") return AllAlike(x, shapes);
        if (x.Function is { Kind: BuiltinKind.Distribution } && !x.Name.EndsWith("_rng", StringComparison.Ordinal)) return Outcomes(x, shapes);
        switch (x.Name)
        {
            case "rep_vector" or "rep_row_vector" when arguments.Count == 2: return [Number(1)];
            case "rep_matrix" when arguments.Count == 3: return [Number(1), Number(2)];
            case "rep_array": return [.. arguments.Skip(1).Select((_, i) => Number(i + 1)), .. shapes[0] ?? new SymbolicSize?[arguments[0].Type.IndexCount]];
            case "ones_vector" or "zeros_vector" or "ones_row_vector" or "zeros_row_vector" or "ones_int_array" or "zeros_int_array" or "ones_array" or "zeros_array": return [Number(0)];
            case "linspaced_vector" or "linspaced_row_vector" or "linspaced_array" or "linspaced_int_array" or "one_hot_vector" or "one_hot_row_vector": return [Number(0)];
            case "identity_matrix": return [Number(0), Number(0)];
            case "to_vector" or "to_row_vector" or "to_array_1d" when arguments.Count == 1 && shapes[0] is { Count: 1 }: return shapes[0];
            case "softmax" or "log_softmax" or "cumulative_sum" or "sort_asc" or "sort_desc" or "reverse" or "sort_indices_asc" or "sort_indices_desc" or "cholesky_decompose" or "inverse" or "inverse_spd": return shapes[0];
            case "head" or "tail" when arguments.Count == 2 && shapes[0] is { } container: return [Number(1), .. container.Skip(1)];
            case "segment" when arguments.Count == 3 && shapes[0] is { } container: return [Number(2), .. container.Skip(1)];
            case "col" when shapes[0] is { Count: 2 } m: return [m[0]];
            case "row" when shapes[0] is { Count: 2 } m: return [m[1]];
            case "diagonal" when shapes[0] is { Count: 2 } m: return [m[0]];
            case "diag_matrix" when shapes[0] is { Count: 1 } v: return [v[0], v[0]];
            case "block" when arguments.Count == 5: return [Number(3), Number(4)];
            case "diag_pre_multiply" when shapes is [{ Count: 1 } v, { Count: 2 } m]:
                Agree(x, arguments[0], v[0], arguments[1], m[0]);
                return m;
            case "diag_post_multiply" when shapes is [{ Count: 2 } m, { Count: 1 } v]:
                Agree(x, arguments[0], m[1], arguments[1], v[0]);
                return m;
            case "dot_product" or "squared_distance" or "distance" when shapes is [{ Count: 1 } a, { Count: 1 } b]:
                Agree(x, arguments[0], a[0], arguments[1], b[0]);
                return [];
            case "append_row" or "append_array" when shapes is [{ } a, { } b] && a.Count == 1 && b.Count == 1 && a[0] is not null && b[0] is not null: return [a[0]!.Plus(b[0]!)];
            case "append_col" when shapes is [{ Count: 2 } a, { Count: 2 } b]:
                Agree(x, arguments[0], a[0], arguments[1], b[0]);
                return [a[0], a[1] is null || b[1] is null ? null : a[1]!.Plus(b[1]!)];
            default: return null;
        }

        SymbolicSize? Number(int i) => i < arguments.Count ? SymbolicSize.From(arguments[i], 1) : null;
    }

    private IReadOnlyList<SymbolicSize?>? AllAlike(IrBuiltinCall x, IReadOnlyList<SymbolicSize?>?[] shapes)
    {
        IReadOnlyList<SymbolicSize?>? result = null;
        int from = -1;
        for (int i = 0; i < shapes.Length; i++)
        {
            if (x.Arguments[i].Type.IsScalar || shapes[i] is not { } shape) continue;
            if (result is null) (result, from) = (shape, i);
            else Alike(x, x.Arguments[from], result, x.Arguments[i], shape);
        }
        return result ?? (x.Type.IsScalar ? [] : null);
    }

    /// <summary>Outcomes and parameters of a univariate distribution are single numbers or have as many elements each.</summary>
    private IReadOnlyList<SymbolicSize?> Outcomes(IrBuiltinCall x, IReadOnlyList<SymbolicSize?>?[] shapes)
    {
        int from = -1;
        for (int i = 0; i < shapes.Length; i++)
        {
            if (x.Arguments[i].Type.IsScalar || shapes[i] is not { Count: 1 } shape || shape[0] is null) continue;
            if (from < 0) from = i;
            else Agree(x, x.Arguments[from], shapes[from]![0], x.Arguments[i], shape[0]);
        }
        return [];
    }
}
