using System.Globalization;
using System.Runtime.CompilerServices;
using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;
using Terrace.Stan.Syntax;
using Terrace.Stan.Types;

namespace Terrace.Stan.Lowering;

/// <summary>Gives expressions their types and resolves their names.</summary>
internal sealed class ExpressionLowering
{
    private readonly LoweringContext _context;
    private readonly CallLowering _calls;

    /// <summary>Works on what <paramref name="context"/> sees.</summary>
    public ExpressionLowering(LoweringContext context)
    {
        _context = context;
        _calls = new CallLowering(context, this);
    }

    /// <summary>The lowering of calls.</summary>
    public CallLowering Calls => _calls;

    /// <summary>A typed expression; what is wrong is reported and stands as <see cref="IrFault"/>.</summary>
    public IrExpression Lower(ExpressionSyntax syntax)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return Resolve(syntax);
    }

    private IrExpression Resolve(ExpressionSyntax syntax) => syntax switch
    {
        IntegerSyntax e => Integer(e),
        RealSyntax e => new IrReal(double.Parse(e.Text, NumberStyles.Float, CultureInfo.InvariantCulture), e.Span),
        ImaginarySyntax e => _context.Fault("unsupported-complex", "complex numbers are not supported", e.Span, "write the real and the imaginary part as two reals"),
        TextSyntax e => new IrText(e.Text.Trim('"'), e.Span),
        NameSyntax e => Name(e),
        ParenthesizedSyntax e => Lower(e.Inner),
        PrefixSyntax e => Prefix(e),
        TransposeSyntax e => Transpose(e),
        InfixSyntax e => Infix(e),
        ConditionalSyntax e => Conditional(e),
        CallSyntax e => _calls.Lower(e),
        IndexedSyntax e => Indexed(e),
        ArraySyntax e => Array(e),
        RowVectorSyntax e => RowVector(e),
        TupleSyntax e => Tuple(e),
        TupleElementSyntax e => TupleElement(e),
        _ => new IrFault(syntax.Span),
    };

    private IrExpression Integer(IntegerSyntax e) =>
        int.TryParse(e.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? new IrInteger(value, e.Span)
            : _context.Fault("integer-range", $"the integer {e.Text} is larger than {int.MaxValue}", e.Span, "write it as a real, with a decimal point");

    private IrExpression Name(NameSyntax e)
    {
        if (_context.Scope.Find(e.Name) is { } symbol) return new IrVariable(symbol, e.Span);
        if (e.Name == "lp__")
        {
            _context.Diagnostics.Deprecate("old-lp", "`lp__` as a variable is an old form", e.Span, "write `target()`");
            return new IrTargetValue(e.Span);
        }
        if (_context.Functions.ContainsKey(e.Name) || FunctionLibrary.Find(e.Name).Count > 0)
            return _context.Fault("function-as-value", $"`{e.Name}` is a function and stands here without arguments", e.Span, $"call it: `{e.Name}(…)`");
        string? near = Nearest.Name(e.Name, _context.Scope.Names);
        return _context.Fault("undeclared-variable", $"`{e.Name}` is not declared", e.Span, near is null ? null : $"did you mean `{near}`?");
    }

    private IrExpression Prefix(PrefixSyntax e)
    {
        IrExpression operand = Lower(e.Operand);
        if (operand is IrFault) return operand;
        if (OperatorTypes.Prefix(e.Operator, operand.Type) is not { } type) return _context.Fault("operator-type", $"`{e.Operator}` is not defined for {operand.Type}", e.Span);
        if (e.Operator == "+") return operand;
        if (e.Operator == "-" && operand is IrInteger i) return new IrInteger(-i.Value, e.Span);
        if (e.Operator == "-" && operand is IrReal r) return new IrReal(-r.Value, e.Span);
        return new IrOperator(e.Operator == "-" ? "neg" : "!", [operand], type, e.Span);
    }

    private IrExpression Transpose(TransposeSyntax e)
    {
        IrExpression operand = Lower(e.Operand);
        if (operand is IrFault) return operand;
        return OperatorTypes.Transpose(operand.Type) is { } type ? new IrOperator("'", [operand], type, e.Span) : _context.Fault("operator-type", $"`'` transposes vectors and matrices, not {operand.Type}", e.Span);
    }

    private IrExpression Infix(InfixSyntax e)
    {
        // A chain a + b + c … is as deep as it is long: lowered by a loop so that no length exhausts the stack.
        var chain = new Stack<InfixSyntax>();
        ExpressionSyntax at = e;
        while (at is InfixSyntax infix) { chain.Push(infix); at = infix.Left; }
        IrExpression left = Lower(at);
        while (chain.Count > 0)
        {
            InfixSyntax infix = chain.Pop();
            left = Operation(infix, left, Lower(infix.Right));
        }
        return left;
    }

    private IrExpression Operation(InfixSyntax e, IrExpression left, IrExpression right)
    {
        if (left is IrFault) return left;
        if (right is IrFault) return right;
        if (OperatorTypes.Infix(e.Operator, left.Type, right.Type) is not { } type)
        {
            string? hint = e.Operator == "*" && left.Type.Equals(right.Type) && left.Type.IsMatrixLike ? "`.*` multiplies element by element" : null;
            if (left.Type.Depth > 0 || right.Type.Depth > 0) hint = "arithmetic works on numbers, vectors and matrices; `to_vector` makes a vector of an array";
            return _context.Fault("operator-type", $"`{e.Operator}` is not defined between {left.Type} and {right.Type}", e.Span, hint);
        }
        if (type.IsInt && e.Operator == "/" && e.Left is not IntegerSyntax { Text: "0" })
            _context.Diagnostics.Warn("integer-division", "division of integers drops the remainder", e.Span, "write `%/%` if that is meant, or make one side real: `1.0 * …`");
        return new IrOperator(e.Operator, [left, right], type, e.Span);
    }

    private IrExpression Conditional(ConditionalSyntax e)
    {
        IrExpression condition = Lower(e.Condition), a = Lower(e.IfTrue), b = Lower(e.IfFalse);
        return Choice(condition, a, b, e.Span);
    }

    /// <summary>A choice between two values, brought to one type.</summary>
    public IrExpression Choice(IrExpression condition, IrExpression a, IrExpression b, Span span)
    {
        if (condition is IrFault || a is IrFault || b is IrFault) return new IrFault(span);
        if (!condition.Type.IsScalar) return _context.Fault("condition-type", $"a condition is a number, found {condition.Type}", condition.Span);
        StanType? type = Common(a.Type, b.Type);
        if (type is null) return _context.Fault("choice-type", $"the two choices have the types {a.Type} and {b.Type}", span, "both must have one type");
        return new IrConditional(condition, _context.Convert(a, type, "the first choice"), _context.Convert(b, type, "the second choice"), type, span);
    }

    private static StanType? Common(StanType a, StanType b) => a.ConvertsTo(b) ? b : b.ConvertsTo(a) ? a : null;

    private IrExpression Indexed(IndexedSyntax e)
    {
        IrExpression target = Lower(e.Target);
        IrIndex[] indexes = Indexes(e.Indexes);
        if (target is IrFault || indexes.Any(index => index.First is IrFault || index.Last is IrFault)) return new IrFault(e.Span);
        return IndexedType(target.Type, indexes, e.Span) is { } type ? new IrIndexed(target, indexes, type, e.Span) : new IrFault(e.Span);
    }

    /// <summary>The indexes of a pair of square brackets.</summary>
    public IrIndex[] Indexes(IReadOnlyList<IndexSyntax> syntax)
    {
        var indexes = new IrIndex[syntax.Count];
        for (int i = 0; i < indexes.Length; i++)
        {
            IndexSyntax s = syntax[i];
            IrExpression? first = s.Lower is null ? null : Lower(s.Lower), last = s.Upper is null ? null : Lower(s.Upper);
            if (s.IsRange)
            {
                indexes[i] = new IrIndex(IndexKind.Range, Place(first), Place(last));
                continue;
            }
            bool multiple = first!.Type is { Base: BaseType.Int, Depth: 1 };
            indexes[i] = new IrIndex(multiple ? IndexKind.Multiple : IndexKind.Single, multiple ? first : Place(first), null);
        }
        return indexes;
    }

    private IrExpression? Place(IrExpression? index)
    {
        if (index is null or IrFault || index.Type.IsInt) return index;
        return _context.Fault("index-type", $"an index is an integer or an array of integers, found {index.Type}", index.Span);
    }

    /// <summary>The type of a part, or null with the fault reported.</summary>
    public StanType? IndexedType(StanType type, IReadOnlyList<IrIndex> indexes, Span span)
    {
        if (type.Base == BaseType.Error) return StanType.Error;
        if (indexes.Count > type.IndexCount)
        {
            _context.Fault("too-many-indexes", type.IndexCount == 0 ? $"a value of type {type} cannot be indexed" : $"a value of type {type} takes at most {type.IndexCount} indexes, found {indexes.Count}", span);
            return null;
        }
        int kept = 0, i = 0;
        for (; i < indexes.Count && i < type.Depth; i++) if (indexes[i].Kind != IndexKind.Single) kept++;
        int depth = kept + Math.Max(0, type.Depth - indexes.Count);
        StanType inner = type with { Depth = 0 };
        if (i == indexes.Count) return inner.InArray(depth);
        bool firstSingle = indexes[i].Kind == IndexKind.Single;
        if (inner.Base is BaseType.Vector or BaseType.RowVector) return (firstSingle ? StanType.Real : inner).InArray(depth);
        bool hasSecond = i + 1 < indexes.Count, secondSingle = hasSecond && indexes[i + 1].Kind == IndexKind.Single;
        StanType part = (firstSingle, secondSingle) switch { (true, true) => StanType.Real, (true, false) => StanType.RowVector, (false, true) => StanType.Vector, _ => StanType.Matrix };
        return part.InArray(depth);
    }

    private IrExpression Array(ArraySyntax e)
    {
        if (e.Elements.Count == 0) return _context.Fault("empty-array", "an array needs at least one element here, as its type is not known otherwise", e.Span);
        IrExpression[] elements = [.. e.Elements.Select(Lower)];
        if (elements.Any(element => element is IrFault)) return new IrFault(e.Span);
        StanType? type = elements[0].Type;
        foreach (IrExpression element in elements)
        {
            StanType? common = Common(type, element.Type);
            if (common is null) return _context.Fault("array-elements", $"the elements of an array have one type, found {type} and {element.Type}", element.Span);
            type = common;
        }
        return new IrArray([.. elements.Select(element => _context.Convert(element, type, "an element of the array"))], type.InArray(), e.Span);
    }

    private IrExpression RowVector(RowVectorSyntax e)
    {
        IrExpression[] elements = [.. e.Elements.Select(Lower)];
        if (elements.Any(element => element is IrFault)) return new IrFault(e.Span);
        if (elements.All(element => element.Type.IsScalar)) return new IrRowVector([.. elements.Select(element => _context.Convert(element, StanType.Real, "an element"))], StanType.RowVector, e.Span);
        if (elements.All(element => element.Type.Equals(StanType.RowVector))) return new IrRowVector(elements, StanType.Matrix, e.Span);
        IrExpression odd = elements.First(element => !element.Type.IsScalar && !element.Type.Equals(StanType.RowVector) || !element.Type.Equals(elements[0].Type));
        return _context.Fault("row-vector-elements", $"square brackets hold numbers, which make a row vector, or row vectors, which make a matrix; found {odd.Type}", odd.Span, "curly brackets make an array");
    }

    private IrExpression Tuple(TupleSyntax e)
    {
        IrExpression[] elements = [.. e.Elements.Select(Lower)];
        if (elements.Any(element => element is IrFault)) return new IrFault(e.Span);
        return new IrTuple(elements, new StanType(BaseType.Tuple, 0, [.. elements.Select(element => element.Type)]), e.Span);
    }

    private IrExpression TupleElement(TupleElementSyntax e)
    {
        IrExpression target = Lower(e.Target);
        if (target is IrFault) return target;
        if (target.Type.Base != BaseType.Tuple || target.Type.Depth > 0) return _context.Fault("not-a-tuple", $"`.{e.Element}` picks from a tuple, found {target.Type}", e.Span);
        if (e.Element < 1 || e.Element > target.Type.Elements!.Count) return _context.Fault("tuple-element", $"the tuple has {target.Type.Elements!.Count} elements, there is no element {e.Element}", e.Span);
        return new IrTupleElement(target, e.Element - 1, target.Type.Elements[e.Element - 1], e.Span);
    }
}
