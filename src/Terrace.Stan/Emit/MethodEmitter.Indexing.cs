using System.Linq.Expressions;
using Terrace.Stan.Ir;
using Terrace.Stan.Runtime;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit;

/// <summary>Reading parts of containers: without copying where the part lies in one piece.</summary>
internal sealed partial class MethodEmitter
{
    private Value Indexed(IrIndexed e)
    {
        Value target = Evaluate(e.Target);
        return Part((ContainerValue)target, e.Indexes, e.Type);
    }

    private Value Part(ContainerValue x, IReadOnlyList<IrIndex> indexes, StanType type)
    {
        Index[] given = [.. indexes.Select(Evaluate)];
        int used = 0;
        while (used < given.Length && x.Type.Depth > 0 && given[used].Kind == IndexKind.Single)
        {
            x = Element(x, given[used].First!);
            used++;
        }
        Index[] rest = given[used..];
        if (rest.All(index => index.IsAll)) return x.Type.IsScalar ? ElementValue(x, x.Offset) : x;
        if (x.Type.Depth == 0)
        {
            if (x.Type.Base is BaseType.Vector or BaseType.RowVector)
            {
                if (rest[0].Kind == IndexKind.Single) return ElementValue(x, Once(Plus(x.Offset, Checked(rest[0].First!, x.Dimensions[0]))));
                if (rest[0].Kind == IndexKind.Range) return Range(x, rest[0], 0);
                return Gather(x, rest[0].Places!);
            }
            Expression rows = x.Dimensions[0], cols = x.Dimensions[1];
            bool column = rest.Length == 2 && rest[1].Kind == IndexKind.Single;
            if (rest[0].Kind == IndexKind.Single && (rest.Length == 1 || rest[1].IsAll))
            {
                Expression first = Once(Plus(x.Offset, Checked(rest[0].First!, rows)));
                Expression row = Once(Call(typeof(Copies), nameof(Copies.Strided), _w, first, rows, cols, Expression.Constant(x.IsActive && _differentiates)));
                return x.Type.IsIntegral ? throw new InvalidOperationException() : new ContainerValue(StanType.RowVector, row, [cols]) { IsActive = x.IsActive, IsFresh = true };
            }
            if (rest[0].Kind == IndexKind.Single && column)
                return ElementValue(x, Once(Plus(x.Offset, Plus(Times(Checked(rest[1].First!, cols), rows), Checked(rest[0].First!, rows)))));
            if (column && rest[0].Kind == IndexKind.Range)
            {
                Expression first = Once(Plus(x.Offset, Times(Checked(rest[1].First!, cols), rows)));
                var whole = new ContainerValue(StanType.Vector, first, [rows]) { IsActive = x.IsActive, IsMutable = x.IsMutable };
                return rest[0].IsAll ? whole : Range(whole, rest[0], 0);
            }
        }
        else if (rest.Length == 1)
        {
            return rest[0].Kind == IndexKind.Range ? Range(x, rest[0], 0) : Gather(x, rest[0].Places!);
        }
        return Selected(x, rest, type);
    }

    /// <summary>An index with its expressions evaluated.</summary>
    private sealed record Index(IndexKind Kind, Expression? First, Expression? Last, ContainerValue? Places)
    {
        public bool IsAll => Kind == IndexKind.Range && First is null && Last is null;
    }

    private Index Evaluate(IrIndex index) => index.Kind switch
    {
        IndexKind.Multiple => new Index(index.Kind, null, null, Container(index.First!)),
        _ => new Index(index.Kind, index.First is null ? null : Once(Int(index.First)), index.Last is null ? null : Once(Int(index.Last)), null),
    };

    /// <summary>An index from 0, checked against a size.</summary>
    private Expression Checked(Expression index, Expression size)
    {
        Expression place = Once(index is ConstantExpression { Value: int one } ? Constant(one - 1) : Expression.Subtract(index, Constant(1)));
        if (!CheckedByEnds(index, size)) EmitCheck(Expression.GreaterThanOrEqual(Expression.Convert(place, typeof(uint)), Expression.Convert(size, typeof(uint))), Call(typeof(Faults), nameof(Faults.Index), index, size));
        return place;
    }

    /// <summary>One element of an array.</summary>
    private ContainerValue Element(ContainerValue x, Expression index)
    {
        Expression place = Checked(index, x.Dimensions[0]);
        Expression offset = Once(Plus(x.Offset, Times(place, Product(x.Dimensions.Skip(1)))));
        return new ContainerValue(x.Type.Element, offset, x.Dimensions[1..]) { IsActive = x.IsActive, IsMutable = x.IsMutable, Scratch = x.Scratch };
    }

    /// <summary>The number at a place.</summary>
    private ScalarValue ElementValue(ContainerValue x, Expression place)
    {
        Expression element = x.Type.IsIntegral ? IntAt(place) : ValueAt(place);
        if (!x.IsMutable) _nest?.StableReads.Add(element);
        if (x.Type.IsIntegral) return new ScalarValue(StanType.Int, Once(element));
        return new ScalarValue(StanType.Real, Once(element), x.IsActive && _differentiates ? new SlotNode(place, x.IsMutable) { Scratch = x.Scratch } : null);
    }

    /// <summary>A range of the first dimension, which lies in one piece.</summary>
    private ContainerValue Range(ContainerValue x, Index range, int dimension) => ArrayPart(x, range.First ?? Constant(1), range.Last ?? x.Dimensions[dimension]);

    private ContainerValue Gather(ContainerValue x, ContainerValue places)
    {
        Expression inner = Once(Product(x.Dimensions.Skip(1)));
        Expression index = ToIntBlock(places.IsMutable && x.IsActive ? CopyInts(places) : places);
        Expression offset = Once(x.Type.IsIntegral
            ? Call(typeof(Selections), nameof(Selections.GatherInts), _w, x.Offset, x.Dimensions[0], inner, index)
            : Call(typeof(Selections), nameof(Selections.Gather), _w, x.Offset, x.Dimensions[0], inner, index, Expression.Constant(x.IsActive && _differentiates)));
        return new ContainerValue(x.Type, offset, [places.Dimensions[0], .. x.Dimensions.Skip(1)]) { IsActive = x.IsActive, IsFresh = true };
    }

    private ContainerValue CopyInts(ContainerValue x)
    {
        ContainerValue copy = FromIntBlock(Call(typeof(ArrayFunctions), nameof(ArrayFunctions.RepeatInts), _w, ToIntBlock(x), Constant(1)));
        return new ContainerValue(x.Type, copy.Offset, x.Dimensions) { IsFresh = true };
    }

    /// <summary>Any other combination of indexes, by a list of places.</summary>
    private ContainerValue Selected(ContainerValue x, Index[] indexes, StanType type)
    {
        (Expression places, Expression[] dimensions) = Places(x, indexes);
        Expression offset = Once(x.Type.IsIntegral
            ? Call(typeof(Selections), nameof(Selections.IntsFromPlaces), _w, places)
            : Call(typeof(Selections), nameof(Selections.FromPlaces), _w, places, Expression.Constant(x.IsActive && _differentiates)));
        return new ContainerValue(type with { Depth = type.Depth }, offset, dimensions) { IsActive = x.IsActive, IsFresh = true };
    }

    /// <summary>The absolute places that indexes pick, in the order of the result, and the result's sizes.</summary>
    private (Expression Places, Expression[] Dimensions) Places(ContainerValue x, Index[] indexes)
    {
        Emit(Call(nameof(Workspace.BeginSelection)));
        List<Expression> dimensions = [];
        int depth = x.Type.Depth;
        for (int d = 0; d < depth; d++) Select(d, Once(Product(x.Dimensions.Skip(d + 1))), true);
        if (x.Type.Base == BaseType.Matrix)
        {
            Expression? cols = Select(depth + 1, x.Dimensions[depth], false);
            Expression? rows = Select(depth, Constant(1), false);
            if (rows is not null) dimensions.Add(rows);
            if (cols is not null) dimensions.Add(cols);
        }
        else if (x.Type.Base is BaseType.Vector or BaseType.RowVector)
        {
            Select(depth, Constant(1), true);
        }
        return (Local(Call(nameof(Workspace.EndSelection), x.Offset)), [.. dimensions]);

        Expression? Select(int d, Expression stride, bool add)
        {
            Index index = d < indexes.Length ? indexes[d] : new Index(IndexKind.Range, null, null, null);
            Expression size = x.Dimensions[d];
            switch (index.Kind)
            {
                case IndexKind.Single:
                    Emit(Call(nameof(Workspace.SelectSingle), size, stride, index.First!));
                    return null;
                case IndexKind.Multiple:
                    Expression many = Local(Call(nameof(Workspace.SelectMultiple), size, stride, ToIntBlock(index.Places!)));
                    if (add) dimensions.Add(many);
                    return many;
                default:
                    Expression count = Local(Call(nameof(Workspace.SelectRange), size, stride, index.First ?? Constant(1), index.Last ?? size));
                    if (add) dimensions.Add(count);
                    return count;
            }
        }
    }
}
