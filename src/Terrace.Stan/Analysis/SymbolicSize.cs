using System.Globalization;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Analysis;

/// <summary>A size as a linear form Σ cᵢ·aᵢ + c over integers aᵢ that keep their value: data, arguments, variables defined once. Two sizes are compared by their difference.</summary>
internal sealed class SymbolicSize
{
    private const int MaximumDepth = 12;
    private readonly SortedDictionary<string, (long Factor, bool Passing)> _terms = new(StringComparer.Ordinal);
    private readonly long _constant;

    private SymbolicSize(long constant) => _constant = constant;

    /// <summary>A number.</summary>
    public static SymbolicSize Of(long value) => new(value);

    /// <summary>A name of which only its own identity is known.</summary>
    private static SymbolicSize Atom(string name, bool passing = false) => new(0) { _terms = { [name] = (1, passing) } };

    /// <summary>Whether the variable of a loop is left in it, so that it holds for one round only.</summary>
    public bool IsPassing => _terms.Values.Any(term => term.Passing);

    /// <summary>The number, if it is one.</summary>
    public long? Number => _terms.Count == 0 ? _constant : null;

    /// <summary>this + factor · other.</summary>
    public SymbolicSize Plus(SymbolicSize other, long factor = 1)
    {
        var sum = new SymbolicSize(_constant + (factor * other._constant));
        foreach ((string name, (long Factor, bool Passing) term) in _terms) sum._terms[name] = term;
        foreach ((string name, (long own, bool passing)) in other._terms)
        {
            long total = (sum._terms.TryGetValue(name, out (long Factor, bool Passing) known) ? known.Factor : 0) + (factor * own);
            if (total == 0) sum._terms.Remove(name);
            else sum._terms[name] = (total, passing);
        }
        return sum;
    }

    /// <summary>The product, when one of them is a number or both are names.</summary>
    private SymbolicSize? Times(SymbolicSize other)
    {
        if (Number is { } a) return Of(0).Plus(other, a);
        if (other.Number is { } b) return Of(0).Plus(this, b);
        string[] names = [Wrapped(this), Wrapped(other)];
        System.Array.Sort(names, StringComparer.Ordinal);
        return Atom(string.Join(" * ", names), IsPassing || other.IsPassing);

        static string Wrapped(SymbolicSize size) => size._terms.Count == 1 && size._constant == 0 ? size.ToString() : $"({size})";
    }

    /// <summary>The size that an integer expression gives, or null if it cannot be told.</summary>
    public static SymbolicSize? From(IrExpression e, int depth = 0)
    {
        if (depth > MaximumDepth) return null;
        switch (e)
        {
            case IrInteger i: return Of(i.Value);
            case IrVariable v: return Variable(v.Symbol, depth);
            case IrOperator { Sign: "+" or "-" or "*", Operands.Count: 2 } o:
                SymbolicSize? left = From(o.Operands[0], depth + 1), right = From(o.Operands[1], depth + 1);
                if (left is null || right is null) return null;
                return o.Sign == "*" ? left.Times(right) : left.Plus(right, o.Sign == "+" ? 1 : -1);
            case IrIndexed { Target: IrVariable { Symbol: { Kind: SymbolKind.Data } array }, Indexes: [{ Kind: IndexKind.Single, First: { } at }] }:
                return From(at, depth + 1) is { } place ? Atom($"{array.Name}[{place}]", place.IsPassing) : null;
            case IrBuiltinCall { Name: "size" or "rows" or "cols" or "num_elements", Arguments: [{ } of] } call:
                IReadOnlyList<SymbolicSize?>? shape = ExpressionShape.Silent(of, depth + 1);
                if (shape is null || shape.Count == 0) return null;
                if (call.Name == "cols") return of.Type.Base == Types.BaseType.RowVector ? shape[^1] : shape.Count == 2 ? shape[1] : null;
                if (call.Name == "rows") return of.Type.Base == Types.BaseType.RowVector ? null : shape[0];
                return shape.Count == 1 || (call.Name == "size" && of.Type.Depth > 0) ? shape[0] : null;
            default: return null;
        }
    }

    private static SymbolicSize? Variable(IrSymbol symbol, int depth)
    {
        switch (symbol.Kind)
        {
            case SymbolKind.Data or SymbolKind.Argument: return Atom(symbol.Name);
            case SymbolKind.Loop: return Atom(symbol.Name, true);
            case SymbolKind.TransformedData or SymbolKind.Local or SymbolKind.TransformedParameter or SymbolKind.GeneratedQuantity:
                if (symbol.IsAssigned || symbol.Definition is null) return null;
                return From(symbol.Definition, depth + 1) ?? (symbol.Kind == SymbolKind.TransformedData ? Atom(symbol.Name) : null);
            default: return null;
        }
    }

    /// <summary>The size as a formula.</summary>
    public override string ToString()
    {
        var text = new System.Text.StringBuilder();
        foreach ((string name, (long factor, _)) in _terms.OrderBy(term => term.Value.Factor < 0))
        {
            if (text.Length > 0) text.Append(factor < 0 ? " - " : " + ");
            else if (factor < 0) text.Append('-');
            if (Math.Abs(factor) != 1) text.Append(CultureInfo.InvariantCulture, $"{Math.Abs(factor)} * ");
            text.Append(name);
        }
        if (text.Length == 0) return _constant.ToString(CultureInfo.InvariantCulture);
        if (_constant != 0) text.Append(CultureInfo.InvariantCulture, $" {(_constant < 0 ? '-' : '+')} {Math.Abs(_constant)}");
        return text.ToString();
    }
}
