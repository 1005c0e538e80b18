using System.Linq.Expressions;
using Terrace.Stan.Emit.Loops;
using Terrace.Stan.Ir;
using Terrace.Stan.Runtime;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit;

/// <summary>Variables: their locals, declarations and assignments.</summary>
internal sealed partial class MethodEmitter
{
    private bool IsActiveSymbol(IrSymbol symbol) => _differentiates && _activeSymbols.Contains(symbol) && symbol.Type.Base != BaseType.Int;

    private Value Read(IrSymbol symbol)
    {
        Storage storage = StorageOf(symbol);
        if (_nest is not null && _nest.Shape.Scratch.Contains(symbol)) return new ContainerValue(symbol.Type, storage.Offset!, storage.Dimensions) { IsActive = storage.IsActive, IsMutable = true, Scratch = storage.Offset };
        if (_nest is null || !symbol.Type.IsScalar || !_nest.Shape.Reassigned.Contains(symbol)) return Read(symbol.Type, storage);
        // A number that is assigned to again is copied, since the backward code may need the value of now.
        ParameterExpression copy = Local(storage.Number!);
        if (_level!.Variant.Contains(storage.Number!) && IsCarried(storage.Number!)) _nest.Carried.Add(copy);
        return new ScalarValue(symbol.Type, copy, storage.Adjoint is null ? null : new AdjointNode(storage.Adjoint));
    }

    /// <summary>Whether a number was declared before a loop, around the place that is written, that assigns to it.</summary>
    private bool IsCarried(ParameterExpression number)
    {
        for (LoopLevel? level = _level; level is not null; level = level.Outer) if (level.Carried.Contains(number)) return true;
        return false;
    }

    private Value Read(StanType type, Storage storage)
    {
        if (type.Base == BaseType.Tuple && type.Depth == 0) return new TupleValue(type, [.. type.Elements!.Select((element, i) => Read(element, storage.Parts[i]))]);
        if (type.IsScalar) return new ScalarValue(type, storage.Number!, storage.Adjoint is not null ? new AdjointNode(storage.Adjoint) : storage.Slot is null ? null : new SlotNode(storage.Slot, false));
        return new ContainerValue(type, storage.Offset!, storage.Dimensions) { IsActive = storage.IsActive, IsMutable = storage.IsMutable };
    }

    /// <summary>The locals of a variable; those of data are filled when they are first read.</summary>
    private Storage StorageOf(IrSymbol symbol)
    {
        if (_storage.TryGetValue(symbol, out Storage? storage)) return storage;
        if (symbol.Global < 0) throw new InvalidOperationException($"no storage for {symbol.Name}");
        (List<Expression> body, List<Expression>? replay, LoopLevel? level) = (_body, _replay, _level);
        (_body, _replay, _level) = (_prologue, null, null);
        storage = LoadGlobal(symbol);
        (_body, _replay, _level) = (body, replay, level);
        _storage[symbol] = storage;
        return storage;
    }

    private Storage LoadGlobal(IrSymbol symbol)
    {
        Expression Global(int k) => Expression.ArrayIndex(_g, Constant(symbol.Global + k));
        if (symbol.Type.IsInt) return new Storage { Number = Local(Global(0), symbol.Name) };
        if (symbol.Type.IsReal) return new Storage { Number = Local(ValueAt(Global(0)), symbol.Name) };
        return new Storage { Offset = Local(Global(0), symbol.Name), Dimensions = [.. Enumerable.Range(1, symbol.Type.IndexCount).Select(k => Local(Global(k)))] };
    }

    /// <summary>The locals of a variable without values.</summary>
    private Storage NewStorage(StanType type, string name, bool active, bool mutable)
    {
        active &= _differentiates && type.Base != BaseType.Int;
        if (type.Base == BaseType.Tuple && type.Depth == 0) return new Storage { Parts = [.. type.Elements!.Select((element, i) => NewStorage(element, $"{name}.{i + 1}", active, mutable))], IsActive = active };
        if (type.IsScalar) return new Storage { Number = NewLocal(type.IsInt ? typeof(int) : typeof(double), name), Slot = active ? NewLocal(typeof(int), name + "_slot") : null, IsActive = active };
        return new Storage { Offset = NewLocal(typeof(int), name), Dimensions = [.. Enumerable.Range(0, type.IndexCount).Select(_ => NewLocal(typeof(int)))], IsActive = active, IsMutable = mutable };
    }

    /// <summary>A declaration: sizes are evaluated, memory is taken and filled with the definition or with NaN.</summary>
    private void Declare(IrSymbol symbol, IrExpression? definition)
    {
        Storage storage = NewStorage(symbol.Type, symbol.Name, IsActiveSymbol(symbol), symbol.IsAssignedInParts);
        Value? value = definition is null ? null : Evaluate(definition);
        Declare(symbol, symbol.Type, storage, value);
        _storage[symbol] = storage;
    }

    private void Declare(IrSymbol symbol, StanType type, Storage storage, Value? value)
    {
        if (type.Base == BaseType.Tuple)
        {
            for (int k = 0; k < storage.Parts.Length; k++) Declare(symbol.Parts[k], symbol.Parts[k].Type, storage.Parts[k], value is TupleValue tuple ? tuple.Elements[k] : null);
            return;
        }
        if (type.IsScalar)
        {
            if (value is null) value = new ScalarValue(type, type.IsInt ? Constant(int.MinValue) : Constant(double.NaN));
            AssignScalar(storage, (ScalarValue)value);
            return;
        }
        for (int d = 0; d < storage.Dimensions.Length; d++)
        {
            Expression size = d < symbol.Sizes.Count ? Int(symbol.Sizes[d]) : Constant(0);
            Emit(Expression.Assign(storage.Dimensions[d], size));
            Emit(Expression.IfThen(Expression.LessThan(storage.Dimensions[d], Constant(0)), Call(typeof(Faults), nameof(Faults.NegativeSize), Expression.Constant(symbol.Name), storage.Dimensions[d])));
        }
        if (value is ContainerValue { IsFresh: true } fresh)
        {
            for (int d = 0; d < storage.Dimensions.Length; d++) CheckAssigned(symbol.Name, storage.Dimensions[d], fresh.Dimensions[d]);
            Emit(Expression.Assign(storage.Offset!, fresh.Offset));
            return;
        }
        Expression count = Product(storage.Dimensions);
        Emit(type.IsIntegral
            ? Expression.Assign(storage.Offset!, Call(nameof(Workspace.DeclareInts), count))
            : Expression.Assign(storage.Offset!, Call(nameof(Workspace.DeclareReals), count)));
        if (value is ContainerValue given) AssignWhole(symbol.Name, type, storage, given);
    }

    private void CheckAssigned(string name, Expression declared, Expression given)
    {
        if (!ReferenceEquals(declared, given)) Emit(Expression.IfThen(Expression.NotEqual(declared, given), Call(typeof(Faults), nameof(Faults.Size), Expression.Constant(name), declared, given)));
    }

    private void AssignScalar(Storage storage, ScalarValue value)
    {
        if (_nest is not null)
        {
            AssignNumber(storage, value, true);
            return;
        }
        if (storage.Number!.Type == typeof(int))
        {
            Emit(Expression.Assign(storage.Number, value.Expression));
            return;
        }
        if (storage.Slot is null)
        {
            Emit(Expression.Assign(storage.Number, ToDouble(value.Expression)));
            return;
        }
        // The slot is made before the value's local changes, as the value may read the variable itself.
        Expression number = Once(ToDouble(value.Expression));
        if (ReferenceEquals(number, storage.Number)) number = Local(number);
        Expression slot = Once(SlotOf(new ScalarValue(StanType.Real, number, value.Node)));
        Emit(Expression.Assign(storage.Number, number));
        Emit(Expression.Assign(storage.Slot, slot));
    }

    /// <summary>An assignment to a whole container: the variable takes over fresh memory when derivatives are recorded, and copies else.</summary>
    private void AssignWhole(string name, StanType type, Storage storage, ContainerValue value)
    {
        if (type.Base == BaseType.Tuple) throw new StanFaultException(StanFaultKind.Error, "arrays of tuples are not supported");
        for (int d = 0; d < storage.Dimensions.Length; d++) CheckAssigned(name, storage.Dimensions[d], value.Dimensions[d]);
        if (type.IsIntegral)
        {
            Emit(Call(typeof(Array), _i, value.Offset, storage.Offset!, Product(storage.Dimensions)));
            return;
        }
        if (_differentiates && value.IsFresh && !storage.IsMutable && storage.IsActive)
        {
            Emit(Expression.Assign(storage.Offset!, value.Offset));
            return;
        }
        Emit(Call(typeof(Copies), nameof(Copies.Assign), _w, storage.Offset!, Constant(1), value.Offset, Product(storage.Dimensions), Expression.Constant(value.IsActive), Expression.Constant(storage.IsActive)));
    }

    private void Assign(IrAssignment s)
    {
        Value value = Evaluate(s.Value);
        Storage storage = StorageOf(s.Symbol);
        Assign(s.Symbol.Name, s.Symbol.Type, storage, s.Path, 0, value);
    }

    private void Assign(string name, StanType type, Storage storage, IReadOnlyList<IrPathStep> path, int step, Value value)
    {
        if (step < path.Count && path[step].TupleElement >= 0)
        {
            Assign(name, type.Elements![path[step].TupleElement], storage.Parts[path[step].TupleElement], path, step + 1, value);
            return;
        }
        if (step == path.Count)
        {
            if (type.Base == BaseType.Tuple)
            {
                for (int k = 0; k < storage.Parts.Length; k++) Assign(name, type.Elements![k], storage.Parts[k], [], 0, ((TupleValue)value).Elements[k]);
                return;
            }
            if (type.IsScalar) AssignScalar(storage, (ScalarValue)value);
            else AssignWhole(name, type, storage, (ContainerValue)value);
            return;
        }
        // x[i][j] picks as x[i, j] does, as long as the brackets before the last pick single places.
        List<IrIndex> indexes = [.. path.Skip(step).SelectMany(s => s.Indexes)];
        var whole = (ContainerValue)Read(type, storage);
        if (_nest is not null && _nest.Shape.Scratch.Symbols.Any(symbol => ReferenceEquals(_storage.GetValueOrDefault(symbol), storage)))
            whole = new ContainerValue(type, whole.Offset, whole.Dimensions) { IsActive = whole.IsActive, IsMutable = true, Scratch = storage.Offset };
        AssignPart(name, whole, indexes, value);
    }

    private void AssignPart(string name, ContainerValue x, List<IrIndex> indexes, Value value)
    {
        Index[] given = [.. indexes.Select(Evaluate)];
        int used = 0;
        while (used < given.Length && x.Type.Depth > 0 && given[used].Kind == IndexKind.Single) x = Element(x, given[used++].First!);
        Index[] rest = given[used..];
        Expression active = Expression.Constant(x.IsActive);
        if (x.Type.IsScalar)
        {
            AssignElement(x, x.Offset, (ScalarValue)value);
            return;
        }
        if (x.Type.Depth == 0 && rest.Length > 0 && rest.All(index => index.Kind == IndexKind.Single) && rest.Length == x.Type.IndexCount)
        {
            Expression place = x.Type.Base == BaseType.Matrix
                ? Plus(x.Offset, Plus(Times(Checked(rest[1].First!, x.Dimensions[1]), x.Dimensions[0]), Checked(rest[0].First!, x.Dimensions[0])))
                : Plus(x.Offset, Checked(rest[0].First!, x.Dimensions[0]));
            AssignElement(x, Once(place), (ScalarValue)value);
            return;
        }
        var source = (ContainerValue)value;
        if (rest.All(index => index.IsAll) || (rest.Length == 1 && rest[0].Kind == IndexKind.Range && (x.Type.Depth > 0 || x.Type.Base != BaseType.Matrix)))
        {
            ContainerValue target = rest.Length == 0 || rest.All(index => index.IsAll) ? x : Range(x, rest[0], 0);
            for (int d = 0; d < target.Dimensions.Length; d++) CheckAssigned(name, target.Dimensions[d], source.Dimensions[d]);
            CopyTo(target.Offset, Constant(1), TotalCount(target));
            return;
        }
        if (x.Type is { Depth: 0, Base: BaseType.Matrix } && rest[0].Kind == IndexKind.Single && (rest.Length == 1 || rest[1].IsAll))
        {
            CheckAssigned(name, x.Dimensions[1], source.Dimensions[0]);
            CopyTo(Plus(x.Offset, Checked(rest[0].First!, x.Dimensions[0])), x.Dimensions[0], x.Dimensions[1]);
            return;
        }
        if (x.Type is { Depth: 0, Base: BaseType.Matrix } && rest.Length == 2 && rest[0].IsAll && rest[1].Kind == IndexKind.Single)
        {
            CheckAssigned(name, x.Dimensions[0], source.Dimensions[0]);
            CopyTo(Plus(x.Offset, Times(Checked(rest[1].First!, x.Dimensions[1]), x.Dimensions[0])), Constant(1), x.Dimensions[0]);
            return;
        }
        (Expression places, Expression[] dimensions) = Places(x, rest);
        for (int d = 0; d < dimensions.Length; d++) CheckAssigned(name, dimensions[d], source.Dimensions[d]);
        Emit(x.Type.IsIntegral
            ? Call(typeof(Selections), nameof(Selections.IntsToPlaces), _w, places, source.Offset)
            : Call(typeof(Selections), nameof(Selections.ToPlaces), _w, places, Separate(source).Offset, Expression.Constant(source.IsActive), active));

        void CopyTo(Expression target, Expression stride, Expression count)
        {
            if (x.Type.IsIntegral) Emit(Call(typeof(Array), _i, source.Offset, target, count));
            else Emit(Call(typeof(Copies), nameof(Copies.Assign), _w, target, stride, Separate(source).Offset, count, Expression.Constant(source.IsActive), active));
        }
    }

    /// <summary>A source that cannot overlap its target: a part of a variable that is assigned to in parts is copied first.</summary>
    private ContainerValue Separate(ContainerValue source)
    {
        if (source.IsFresh || !source.IsMutable || source.Type.IsIntegral) return source;
        return StableCopy(source);
    }

    private void AssignElement(ContainerValue x, Expression place, ScalarValue value)
    {
        if (x.Type.IsIntegral)
        {
            Emit(Expression.Assign(IntAt(place), value.Expression));
            return;
        }
        if (_nest is not null)
        {
            AssignScalarElement(x, place, value);
            return;
        }
        place = Once(place);
        Expression number = Once(ToDouble(value.Expression));
        Emit(Expression.Assign(ValueAt(place), number));
        if (x.IsActive && _differentiates) RecordEdges(value.Node, place);
    }
}
