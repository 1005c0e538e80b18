using System.Linq.Expressions;
using Terrace.Stan.Ir;
using Terrace.Stan.Runtime;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit;

/// <summary>What frames the blocks of a program: data in, parameters in, constraints checked, values out.</summary>
internal sealed partial class MethodEmitter
{
    private ParameterExpression? _column;

    /// <summary>Asks for each data variable, whose sizes may depend on those before.</summary>
    public void ReadData(IReadOnlyList<IrSymbol> data)
    {
        foreach (IrSymbol symbol in data)
        {
            Place(symbol);
            Emit(Call(nameof(Workspace.LoadData), Expression.Constant(symbol.Name), Expression.Constant(symbol.Type.IsIntegral), Constant(symbol.Global), Constant(symbol.Type.Depth), Constant((int)symbol.Type.Base), Sizes(symbol)));
            _storage[symbol] = LoadGlobal(symbol);
            CheckConstraint(symbol);
        }
    }

    private void Place(IrSymbol symbol) => Emit(Expression.Assign(Field(nameof(Workspace.Site)), Constant(_program.SiteOf(symbol.Span))));

    private NewArrayExpression Sizes(IrSymbol symbol) => Expression.NewArrayInit(typeof(int), symbol.Sizes.Select(Int));

    /// <summary>Leaves the transformed data where other methods find them.</summary>
    public void StoreGlobals(IEnumerable<IrSymbol> symbols)
    {
        foreach (IrSymbol symbol in symbols)
        {
            CheckConstraint(symbol);
            Storage storage = _storage[symbol];
            Expression Global(int k) => Expression.ArrayAccess(_g, Constant(symbol.Global + k));
            if (symbol.Type.IsInt) Emit(Expression.Assign(Global(0), storage.Number!));
            else if (symbol.Type.IsReal) Emit(Expression.Assign(Global(0), Call(nameof(Workspace.NewSlot), storage.Number!)));
            else if (symbol.Type.Base == BaseType.Tuple) throw new StanFaultException(StanFaultKind.Error, $"`{symbol.Name}`: tuples are supported for local variables and functions only");
            else
            {
                Emit(Expression.Assign(Global(0), storage.Offset!));
                for (int d = 0; d < storage.Dimensions.Length; d++) Emit(Expression.Assign(Global(d + 1), storage.Dimensions[d]));
            }
        }
    }

    /// <summary>Leaves the sizes of variables to come.</summary>
    public void StoreSizes(IEnumerable<IrSymbol> symbols)
    {
        foreach (IrSymbol symbol in symbols)
        {
            if (symbol.Type.Base == BaseType.Tuple) throw new StanFaultException(StanFaultKind.Error, $"`{symbol.Name}`: tuples are supported for local variables and functions only");
            Place(symbol);
            for (int d = 0; d < symbol.Sizes.Count; d++)
            {
                Expression size = Once(Int(symbol.Sizes[d]));
                Emit(Expression.IfThen(Expression.LessThan(size, Constant(0)), Call(typeof(Faults), nameof(Faults.NegativeSize), Expression.Constant(symbol.Name), size)));
                Emit(Expression.Assign(Expression.ArrayAccess(_g, Constant(symbol.Global + 1 + d)), size));
            }
        }
    }

    /// <summary>Parameters from the unconstrained position, one after the other.</summary>
    public void ReadParameters(IReadOnlyList<IrSymbol> parameters)
    {
        ParameterExpression position = Local(Field(nameof(Workspace.Position)), "position");
        foreach (IrSymbol symbol in parameters)
        {
            Place(symbol);
            ParameterExpression[] sizes = GlobalSizes(symbol);
            (Expression outer, Expression rows, Expression cols) = Shape(symbol.Type, sizes);
            (Expression first, Expression second) = Bounds(symbol.Constraint);
            Expression kind = Expression.Constant(symbol.Constraint.Kind);
            ParameterExpression block = Local(Call(typeof(Parameters), nameof(Parameters.Read), _w, kind, position, outer, rows, cols, first, second, Expression.Constant(_differentiates)));
            Emit(Expression.AddAssign(position, Call(typeof(Parameters), nameof(Parameters.FreeSize), kind, outer, rows, cols)));
            Adopt(symbol, block, sizes);
        }
    }

    private void Adopt(IrSymbol symbol, Expression block, ParameterExpression[] sizes)
    {
        ParameterExpression offset = Local(Expression.Property(block, nameof(Block.Offset)), symbol.Name);
        _storage[symbol] = symbol.Type.IsReal
            ? new Storage { Number = Local(ValueAt(offset), symbol.Name), Slot = _differentiates ? offset : null, IsActive = _differentiates }
            : new Storage { Offset = offset, Dimensions = sizes, IsActive = _differentiates };
    }

    private ParameterExpression[] GlobalSizes(IrSymbol symbol) => [.. Enumerable.Range(1, symbol.Type.IndexCount).Select(k => Local(Expression.ArrayIndex(_g, Constant(symbol.Global + k))))];

    private (Expression Outer, Expression Rows, Expression Cols) Shape(StanType type, Expression[] sizes)
    {
        Expression outer = Once(Product(sizes.Take(type.Depth)));
        return type.Base switch
        {
            BaseType.Vector => (outer, sizes[type.Depth], Constant(1)),
            BaseType.RowVector => (outer, Constant(1), sizes[type.Depth]),
            BaseType.Matrix => (outer, sizes[type.Depth], sizes[type.Depth + 1]),
            _ => (outer, Constant(1), Constant(1)),
        };
    }

    private (Expression First, Expression Second) Bounds(IrConstraint constraint)
    {
        bool affine = constraint.Kind == ConstraintKind.OffsetMultiplier;
        Expression Bound(IrExpression? bound, double fallback) => Local(bound is null ? Call(nameof(Workspace.AllocateScalar), Constant(fallback), Expression.Constant(false)) : ToBlock(Evaluate(bound)));
        if (!affine && !constraint.IsBounds) return (Expression.Default(typeof(Block)), Expression.Default(typeof(Block)));
        return (Bound(constraint.First, affine ? 0 : double.NegativeInfinity), Bound(constraint.Second, affine ? 1 : double.PositiveInfinity));
    }

    /// <summary>Checks the declared constraints of variables that are computed.</summary>
    public void CheckConstraints(IEnumerable<IrSymbol> symbols)
    {
        foreach (IrSymbol symbol in symbols) CheckConstraint(symbol);
    }

    private void CheckConstraint(IrSymbol symbol)
    {
        if (symbol.Constraint.Kind is ConstraintKind.None or ConstraintKind.OffsetMultiplier) return;
        Place(symbol);
        Value value = Read(symbol);
        Expression block = value switch
        {
            ContainerValue { Type.IsIntegral: true } ints => RawBlock(Reals(ints)),
            ContainerValue x => RawBlock(x),
            _ => Call(nameof(Workspace.AllocateScalar), ToDouble(((ScalarValue)value).Expression), Expression.Constant(false)),
        };
        (Expression first, Expression second) = Bounds(symbol.Constraint);
        Emit(Call(typeof(Parameters), nameof(Parameters.Check), _w, Expression.Constant(symbol.Constraint.Kind), Local(block), first, second, Expression.Constant(symbol.Name)));
    }

    /// <summary>Writes values to the draw, in the order of the file's columns.</summary>
    public void WriteOutputs(IEnumerable<IrSymbol> symbols)
    {
        ParameterExpression at = _column ??= Local(Constant(0));
        MemberExpression output = Field(nameof(Workspace.Output));
        foreach (IrSymbol symbol in symbols)
        {
            Value value = Read(symbol);
            if (value is ScalarValue scalar)
            {
                Emit(Expression.Assign(Expression.ArrayAccess(output, at), ToDouble(scalar.Expression)));
                Emit(Expression.PreIncrementAssign(at));
                continue;
            }
            var x = (ContainerValue)value;
            Emit(Expression.AddAssign(at, Call(nameof(Workspace.WriteColumns), at, x.Offset, Expression.Constant(x.Type.IsIntegral), Constant(x.Type.Depth), Expression.Constant(x.Type.Base == BaseType.Matrix), Expression.NewArrayInit(typeof(int), x.Dimensions))));
        }
    }

    /// <summary>Given values of the parameters, which lie in <see cref="Workspace.Output"/> as a draw does, back to the position; where gaps are to be filled, parameters without values keep their part of the position.</summary>
    public void FreeParameters(IReadOnlyList<IrSymbol> columns, IReadOnlyList<IrSymbol> parameters)
    {
        ParameterExpression position = Local(Field(nameof(Workspace.Position)), "position");
        Dictionary<IrSymbol, (ParameterExpression First, ParameterExpression[] Sizes)> places = [];
        Expression next = Constant(0);
        foreach (IrSymbol symbol in columns)
        {
            ParameterExpression[] sizes = GlobalSizes(symbol);
            ParameterExpression column = Local(next, "column");
            places[symbol] = (column, sizes);
            next = Plus(column, Product(sizes));
        }
        foreach (IrSymbol symbol in parameters)
        {
            Place(symbol);
            (ParameterExpression column, ParameterExpression[] sizes) = places[symbol];
            (Expression outer, Expression rows, Expression cols) = Shape(symbol.Type, sizes);
            (Expression first, Expression second) = Bounds(symbol.Constraint);
            Expression kind = Expression.Constant(symbol.Constraint.Kind);
            ParameterExpression block = Local(Call(typeof(Parameters), nameof(Parameters.FreeOrRead), _w, kind, column, position, outer, rows, cols, Constant(symbol.Type.Depth), Expression.NewArrayInit(typeof(int), sizes), first, second, Expression.Constant(symbol.Name)));
            Adopt(symbol, block, sizes);
            Emit(Expression.AddAssign(position, Call(typeof(Parameters), nameof(Parameters.FreeSize), kind, outer, rows, cols)));
        }
    }
}
