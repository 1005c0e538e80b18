using System.Numerics;

namespace Terrace.Formulas;

/// <summary>
/// Expands a model formula to its terms by the Wilkinson–Rogers algebra, exactly as R's <c>terms()</c>: a term is a set of variables (bits in order of first
/// appearance); <c>+</c> joins lists of terms, <c>a:b</c> joins every term of a with every term of b, <c>a*b = a + b + a:b</c>, <c>a/b = a + b %in% a</c>,
/// <c>a %in% b</c> adds all variables of b to the terms of a, <c>a^n</c> multiplies without repeats, <c>-</c> removes; <c>1</c> and <c>0</c> switch the intercept.
/// The terms come ordered by degree, then by appearance; a term that equals the response is dropped.
/// </summary>
/// <remarks>
/// Wilkinson and Rogers (1973), Symbolic description of factorial models for analysis of variance, with R's rules of order. Deviation: <c>a^1</c> is allowed, and an offset cannot
/// be subtracted. Tests: TermExpansionTests, against R's term labels.
/// </remarks>
internal sealed class TermExpansion
{
    private const int MaxTerms = 4096;
    private const long MaxPairs = 1_000_000;
    private const int MaxDegree = 64;

    private readonly List<Expression> _variables = [];
    private readonly Dictionary<Expression, int> _index = [];
    private bool _isRemoving;

    /// <summary>Whether the model has an intercept.</summary>
    public bool HasIntercept { get; private set; } = true;

    /// <summary>The terms in R's order.</summary>
    public IReadOnlyList<FormulaTerm> Terms { get; private set; } = [];

    /// <summary>The arguments of the <c>offset()</c> calls.</summary>
    public IReadOnlyList<Expression> Offsets { get; private set; } = [];

    /// <summary>Expands the right-hand side <paramref name="terms"/> (null for an intercept alone).</summary>
    /// <exception cref="FormulaException">The expression is no model formula, or has too many terms.</exception>
    public static TermExpansion Expand(Expression? terms, Expression? response)
    {
        var expansion = new TermExpansion();
        if (terms is null) return expansion;
        expansion.Install(terms);
        IEnumerable<BigInteger> sets = expansion.Encode(terms);
        if (response is not null && expansion._index.TryGetValue(response, out int own)) sets = sets.Where(set => set != BigInteger.One << own);
        if (sets.Any(set => Degree(set) > MaxDegree)) throw terms.Place.Fault($"This makes an interaction of more than {MaxDegree} variables.");
        expansion.Finish(sets);
        return expansion;
    }

    private void Finish(IEnumerable<BigInteger> sets)
    {
        BigInteger offsets = BigInteger.Zero;
        var offsetExpressions = new List<Expression>();
        for (int i = 0; i < _variables.Count; i++)
        {
            if (_variables[i] is not CallExpression { Function: "offset" } call) continue;
            if (call.Arguments.Count != 1) throw call.Place.Fault("offset() has one argument.");
            offsets |= BigInteger.One << i;
            offsetExpressions.Add(call.Arguments[0].Value);
        }
        Offsets = offsetExpressions;
        Terms = [.. sets.Where(set => (set & offsets).IsZero).OrderBy(Degree).Select(set => new FormulaTerm(VariablesOf(set)))];
    }

    private static int Degree(BigInteger set)
    {
        int degree = 0;
        foreach (byte bits in set.ToByteArray()) degree += BitOperations.PopCount(bits);
        return degree;
    }

    private List<Expression> VariablesOf(BigInteger set)
    {
        var variables = new List<Expression>();
        byte[] bytes = set.ToByteArray();
        for (int i = 0; i < Math.Min(_variables.Count, bytes.Length * 8); i++)
            if ((bytes[i / 8] >> (i % 8) & 1) == 1) variables.Add(_variables[i]);
        return variables;
    }

    private static bool IsAlgebra(BinaryExpression binary) => binary.Operator is "+" or "-" or "*" or "/" or ":" or "^" or "%in%";

    // Numbers the variables in the order of the text, before any term is formed: this fixes the order within interactions.
    private void Install(Expression expression)
    {
        switch (expression)
        {
            case NumberExpression or NullExpression: break;
            case ParenthesizedExpression inner: Install(inner.Inner); break;
            case UnaryExpression { Operator: not "!" } unary: Install(unary.Operand); break;
            case BinaryExpression { Operator: "^" } power: Install(power.Left); break;
            case BinaryExpression binary when IsAlgebra(binary):
                Install(binary.Left);
                Install(binary.Right);
                break;
            default: Bit(expression); break;
        }
    }

    private BigInteger Bit(Expression variable)
    {
        if (!_index.TryGetValue(variable, out int i))
        {
            i = _variables.Count;
            _index.Add(variable, i);
            _variables.Add(variable);
        }
        return BigInteger.One << i;
    }

    private TermList Encode(Expression expression) => expression switch
    {
        NumberExpression number => Intercept(number),
        NullExpression => [],
        ParenthesizedExpression inner => Encode(inner.Inner),
        UnaryExpression { Operator: "+" } unary => Encode(unary.Operand),
        UnaryExpression { Operator: "-" } unary => Remove([], unary.Operand),
        BinaryExpression { Operator: "+" } sum => Joined(Encode(sum.Left), Encode(sum.Right)),
        BinaryExpression { Operator: "-" } difference => Remove(Encode(difference.Left), difference.Right),
        BinaryExpression { Operator: ":" } product => Products(Encode(product.Left), Encode(product.Right), product),
        BinaryExpression { Operator: "*" } cross => Crossed(cross),
        BinaryExpression { Operator: "/" } nest => Nested(nest),
        BinaryExpression { Operator: "%in%" } within => Within(Encode(within.Left), Encode(within.Right)),
        BinaryExpression { Operator: "^" } power => Powered(power),
        TextExpression or LogicalExpression => throw expression.Place.Fault($"{expression} is no variable; a term is a column or a function of columns."),
        BinaryExpression { Operator: "|" or "||" } bar => throw bar.Place.Fault("A random term stands in parentheses, added to the others: y ~ x + (1 | group)."),
        CallExpression { Function: "offset" } call when _isRemoving => throw call.Place.Fault("An offset cannot be removed; leave it out, or write offset(-(x)) to subtract it."),
        _ => [Bit(expression)],
    };

    private TermList Intercept(NumberExpression number)
    {
        if (number.Value is not (0 or 1)) throw number.Place.Fault("Of numbers only 0 and 1 can be a term (without and with intercept); arithmetic goes into I(), as in I(2 * x).");
        HasIntercept = (number.Value == 1) != _isRemoving;
        return [];
    }

    private TermList Remove(TermList from, Expression removed)
    {
        _isRemoving = !_isRemoving;
        TermList sets = Encode(removed);
        _isRemoving = !_isRemoving;
        return [.. from.Where(set => !sets.Contains(set))];
    }

    private static TermList Joined(TermList left, TermList right)
    {
        foreach (BigInteger set in right) left.Add(set);
        return left;
    }

    private static TermList Products(TermList left, TermList right, Expression source)
    {
        if ((long)left.Count * right.Count > MaxPairs) throw TooMany(source);
        var products = new TermList();
        foreach (BigInteger a in left)
            foreach (BigInteger b in right) products.Add(a | b);
        return products.Count > MaxTerms ? throw TooMany(source) : products;
    }

    private static FormulaException TooMany(Expression source) => source.Place.Fault($"This makes more than {MaxTerms} terms.");

    private TermList Crossed(BinaryExpression cross)
    {
        TermList left = Encode(cross.Left), right = Encode(cross.Right);
        TermList products = Products(left, right, cross);
        return Joined(Joined(left, right), products);
    }

    private TermList Nested(BinaryExpression nest)
    {
        TermList left = Encode(nest.Left);
        TermList inner = Within(Encode(nest.Right), left);
        return Joined(left, inner);
    }

    private static TermList Within(TermList inner, TermList outer)
    {
        BigInteger all = outer.Aggregate(BigInteger.Zero, (union, set) => union | set);
        return [.. inner.Select(set => set | all)];
    }

    private TermList Powered(BinaryExpression power)
    {
        if (power.Right.WithoutParentheses() is not NumberExpression { Value: >= 1 } exponent || exponent.Value != Math.Floor(exponent.Value))
            throw power.Place.Fault("Outside I() a power takes interactions, so it must be a whole number of at least 1; x squared is I(x^2).");
        TermList factor = Encode(power.Left), result = factor;
        for (int i = 1; i < exponent.Value; i++)
        {
            TermList next = Products(result, factor, power);
            if (next.Count == result.Count && i >= factor.Count) break;
            result = next;
        }
        return result;
    }
}
