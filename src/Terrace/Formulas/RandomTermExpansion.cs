namespace Terrace.Formulas;

/// <summary>
/// Separates the random terms <c>(x | g)</c> of a formula from its fixed terms and expands them as lme4 does: <c>(x || g)</c> to independent terms
/// <c>(1 | g) + (0 + x | g)</c> (a factor's columns are independent of each other too, see <see cref="RandomTerm.Undivided"/>), <c>(x | a/b)</c> to <c>(x | b:a) + (x | a)</c>, <c>(x | a*b)</c> to <c>(x | a) + (x | b) + (x | a:b)</c>.
/// A structured term <c>rw1(g)</c> is <c>(1 | rw1(g))</c>, see <see cref="StructureCall"/>.
/// </summary>
/// <remarks>
/// Bates, Mächler, Bolker and Walker (2015), Fitting linear mixed-effects models using lme4, section 2.2. Tests: RandomTermExpansionTests, against lme4's findbars.
/// </remarks>
internal static class RandomTermExpansion
{
    private const int MaxTerms = 1000;

    /// <summary>The independent terms of all bars.</summary>
    /// <exception cref="FormulaException">A bar is no random term, or there are too many terms.</exception>
    public static IReadOnlyList<RandomTerm> ExpandAll(IReadOnlyList<BinaryExpression> bars)
    {
        var terms = new List<RandomTerm>();
        foreach (BinaryExpression bar in bars)
        {
            terms.AddRange(Expand(bar));
            if (terms.Count > MaxTerms) throw TooMany(bar);
        }
        return terms;
    }

    /// <summary>Takes the random terms out of a right-hand side; what remains is null if there is nothing else.</summary>
    /// <exception cref="FormulaException">A random term is not simply added.</exception>
    public static Expression? Separate(Expression terms, List<BinaryExpression> bars)
    {
        switch (terms)
        {
            case ParenthesizedExpression { Inner: BinaryExpression { Operator: "|" or "||" } bar }:
                bars.Add(bar);
                return null;
            case CallExpression structured when StructureCall.IsTerm(structured):
                bars.Add(new BinaryExpression("|", new NumberExpression(1, structured.Place), structured, structured.Place));
                return null;
            case ParenthesizedExpression inner when HasBar(inner):
                Expression? rest = Separate(inner.Inner, bars);
                return rest is null ? null : new ParenthesizedExpression(rest, inner.Place);
            case UnaryExpression { Operator: "+" } plus when HasBar(plus): return Separate(plus.Operand, bars);
            case BinaryExpression { Operator: "+" } sum when HasBar(sum): return Sum(sum, bars);
            case BinaryExpression { Operator: "-" } difference when HasBar(difference):
                RefuseBars(difference.Right);
                Expression? left = Separate(difference.Left, bars);
                return left is null ? new UnaryExpression("-", difference.Right, difference.Place) : new BinaryExpression("-", left, difference.Right, difference.Place);
            default:
                RefuseBars(terms);
                return terms;
        }
    }

    /// <summary>The independent terms of one bar.</summary>
    public static IEnumerable<RandomTerm> Expand(BinaryExpression bar)
    {
        RefuseBars(bar.Left);
        TermExpansion effects = TermExpansion.Expand(bar.Left, null);
        if (effects.Offsets.Count > 0) throw bar.Left.Place.Fault("An offset cannot be part of a random term.");
        if (!effects.HasIntercept && effects.Terms.Count == 0) throw bar.Place.Fault("This random term has no effects; write 1 for an intercept.");
        foreach (Expression group in Groups(bar.Right))
        {
            var whole = new RandomTerm { HasIntercept = effects.HasIntercept, Terms = effects.Terms, Group = group };
            if (bar.Operator == "|")
            {
                yield return whole;
                continue;
            }
            if (effects.HasIntercept) yield return new RandomTerm { HasIntercept = true, Terms = [], Group = group, Undivided = whole };
            foreach (FormulaTerm term in effects.Terms) yield return new RandomTerm { HasIntercept = false, Terms = [term], Group = group, Undivided = whole };
        }
    }

    /// <summary>The factors that <c>:</c> joins in a grouping expression.</summary>
    public static void CollectFactors(Expression group, List<Expression> factors)
    {
        switch (group)
        {
            case ParenthesizedExpression inner: CollectFactors(inner.Inner, factors); break;
            case CallExpression call when StructureCall.Of(call) is { } structure: factors.Add(structure.Variable); break;
            case BinaryExpression { Operator: ":" } interaction:
                CollectFactors(interaction.Left, factors);
                CollectFactors(interaction.Right, factors);
                break;
            default: factors.Add(group); break;
        }
    }

    private static Expression? Sum(BinaryExpression sum, List<BinaryExpression> bars)
    {
        Expression? left = Separate(sum.Left, bars), right = Separate(sum.Right, bars);
        if (left is null) return right;
        return right is null ? left : new BinaryExpression("+", left, right, sum.Place);
    }

    // The bars of the model formula itself; inside a function call '|' is "or".
    private static Expression? FindBar(Expression terms) => terms switch
    {
        BinaryExpression { Operator: "|" or "||" } bar => bar,
        CallExpression call => StructureCall.Is(call) ? call : null,
        _ => terms.Parts().Select(FindBar).FirstOrDefault(bar => bar is not null),
    };

    private static bool HasBar(Expression terms) => FindBar(terms) is not null;

    private static void RefuseBars(Expression terms)
    {
        if (FindBar(terms) is CallExpression { Function: "gr" } grouping) throw grouping.Place.Fault("gr() stands right of a bar: (1 | gr(g, cov = FILE)).");
        if (FindBar(terms) is CallExpression structured) throw structured.Place.Fault($"A structured term can only be added to the others: y ~ x + {structured.Function}(age).");
        if (FindBar(terms) is { } bar) throw bar.Place.Fault("A random term stands in parentheses and can only be added to the others: y ~ x + (1 | group).");
    }

    private static List<Expression> Groups(Expression group)
    {
        switch (group)
        {
            case ParenthesizedExpression inner: return Groups(inner.Inner);
            case BinaryExpression { Operator: "/" } nested:
                Expression outer = Single(nested.Left, out List<Expression> outers);
                return [.. Groups(nested.Right).Select(inner => Interaction(inner, outer, nested)), .. outers];
            case BinaryExpression { Operator: "*" } crossed:
                List<Expression> left = Groups(crossed.Left), right = Groups(crossed.Right);
                return Limited([.. left, .. right, .. left.SelectMany(a => right.Select(b => Interaction(a, b, crossed))).Take(MaxTerms)], crossed);
            case BinaryExpression { Operator: "+" } sum: return [.. Groups(sum.Left), .. Groups(sum.Right)];
            case BinaryExpression { Operator: ":" } interaction:
                List<Expression> first = Groups(interaction.Left), second = Groups(interaction.Right);
                return Limited([.. first.SelectMany(a => second.Select(b => Interaction(a, b, interaction))).Take(MaxTerms + 1)], interaction);
            case CallExpression call when StructureCall.Of(call) is not null: return [group];
            case NumberExpression or TextExpression or LogicalExpression or NullExpression or NameExpression { Name: "." }:
                throw group.Place.Fault("A grouping factor must be a variable.");
            case BinaryExpression or UnaryExpression: throw group.Place.Fault("A grouping factor is a variable, or variables joined by ':' or '/'.");
            default: return [group];
        }
    }

    private static List<Expression> Limited(List<Expression> groups, Expression source) => groups.Count > MaxTerms ? throw TooMany(source) : groups;

    private static FormulaException TooMany(Expression source) => source.Place.Fault($"This makes more than {MaxTerms} random terms.");

    // a/b/c nests in the finest of a/b: (x | c:(b:a)), (x | b:a), (x | a).
    private static Expression Single(Expression outer, out List<Expression> groups)
    {
        groups = Groups(outer);
        return groups[0];
    }

    private static BinaryExpression Interaction(Expression left, Expression right, Expression at)
    {
        if (StructureCall.Is(left) || StructureCall.Is(right)) throw at.Place.Fault("A structured grouping factor cannot be joined with others; make one variable of them.");
        Expression second = right is BinaryExpression ? new ParenthesizedExpression(right, right.Place) : right;
        return new BinaryExpression(":", left, second, at.Place);
    }
}
