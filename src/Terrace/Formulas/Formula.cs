namespace Terrace.Formulas;

/// <summary>
/// A model formula in R's language with lme4's random terms, parsed and expanded: <c>y ~ x * z + offset(e) + (1 + x | county)</c>. Immutable; equal formulas
/// say the same.
/// </summary>
public sealed class Formula : IEquatable<Formula>
{
    private readonly Expression _rightHandSide;

    private Formula(Expression? response, Expression rightHandSide)
    {
        Response = response;
        _rightHandSide = rightHandSide;
        var bars = new List<BinaryExpression>();
        Expression? fixedPart = RandomTermExpansion.Separate(rightHandSide, bars);
        TermExpansion expansion = TermExpansion.Expand(fixedPart, response);
        HasIntercept = expansion.HasIntercept;
        FixedTerms = expansion.Terms;
        Offsets = expansion.Offsets;
        RandomTerms = RandomTermExpansion.ExpandAll(bars);
    }

    /// <summary>The left-hand side, or null in a one-sided formula.</summary>
    public Expression? Response { get; }

    /// <summary>Whether the fixed effects have an intercept.</summary>
    public bool HasIntercept { get; }

    /// <summary>The fixed terms in R's order (by degree, then by appearance), without intercept and offsets.</summary>
    public IReadOnlyList<FormulaTerm> FixedTerms { get; }

    /// <summary>What stands in the <c>offset()</c> calls.</summary>
    public IReadOnlyList<Expression> Offsets { get; }

    /// <summary>The random terms in the order of the formula, <c>||</c>, <c>/</c> and <c>*</c> expanded.</summary>
    public IReadOnlyList<RandomTerm> RandomTerms { get; }

    /// <summary>Whether a <c>.</c> waits for <see cref="ExpandDot"/>; until then it counts as a variable of that name.</summary>
    public bool HasDot => _rightHandSide.Variables.Contains(".", StringComparer.Ordinal);

    /// <summary>The names of the columns that the formula uses, response included, each once, in order of appearance.</summary>
    public IReadOnlyList<string> Variables
    {
        get
        {
            var names = new List<string>();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            Response?.CollectVariables(names, seen);
            foreach (Expression used in UsedExpressions()) used.CollectVariables(names, seen);
            return names;
        }
    }

    /// <summary>Parses a formula.</summary>
    /// <exception cref="FormulaException">The text is no formula; the message shows where and why.</exception>
    public static Formula Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (Expression? response, Expression terms) = ExpressionParser.ParseFormula(text);
        return new Formula(response, terms);
    }

    /// <summary>A formula of parts that stand elsewhere, whose places its messages show.</summary>
    internal static Formula Of(Expression response, Expression rightHandSide) => new(response, rightHandSide);

    /// <summary>The formula with <c>.</c> replaced by those of <paramref name="columns"/> that the response does not use.</summary>
    /// <exception cref="FormulaException">No column is left for the dot.</exception>
    public Formula ExpandDot(IEnumerable<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (!HasDot) return this;
        IReadOnlyList<string> used = Response?.Variables ?? [];
        Expression dot = _rightHandSide.SelfAndParts().First(part => part is NameExpression { Name: "." });
        Expression[] all = [.. columns.Where(column => !used.Contains(column)).Select(column => new NameExpression(column, dot.Place))];
        if (all.Length == 0) throw dot.Place.Fault("The data have no column besides the response for '.' to stand for.");
        return new Formula(Response, DotReplacement.Replace(_rightHandSide, all));
    }

    /// <summary>Whether both formulas say the same.</summary>
    public bool Equals(Formula? other) => other is not null && Equals(Response, other.Response) && _rightHandSide.Equals(other._rightHandSide);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Formula);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Response, _rightHandSide);

    /// <summary>The formula as text that parses to an equal formula.</summary>
    public override string ToString() => Response is null ? $"~{_rightHandSide}" : $"{Response} ~ {_rightHandSide}";

    private IEnumerable<Expression> UsedExpressions()
    {
        foreach (FormulaTerm term in FixedTerms)
            foreach (Expression variable in term.Variables) yield return variable;
        foreach (Expression offset in Offsets) yield return offset;
        foreach (RandomTerm term in RandomTerms)
        {
            foreach (Expression variable in term.Terms.SelectMany(effect => effect.Variables)) yield return variable;
            foreach (Expression factor in term.GroupFactors) yield return factor;
        }
    }
}
