namespace Terrace.Formulas;

/// <summary>
/// The formula of a nonlinear model as lme4 and R's nls write it: <c>response ~ mean function</c> or <c>response ~ mean function ~ random terms</c>, as in
/// <c>circumference ~ SSlogis(age, Asym, xmid, scal) ~ Asym | Tree</c>. The names left of a bar are parameters of the mean function, each of which varies by the group;
/// there is no intercept. Immutable. Which names of the mean function are parameters and which are columns is settled when the formula meets its data.
/// </summary>
/// <remarks>The three-part formula is that of Bates, Mächler, Bolker and Walker's lme4 (2015); <c>||</c>, <c>/</c> and <c>*</c> expand as in <see cref="RandomTermExpansion"/>.</remarks>
public sealed class NonlinearFormula
{
    private const string HowToVary = "left of the bar stand the parameters that vary by the group, as in (Asym | Tree)";
    private readonly Expression? _random;

    private NonlinearFormula(Expression response, Expression mean, Expression? random)
    {
        Response = response;
        Mean = mean;
        _random = random;
        var bars = new List<BinaryExpression>();
        if (random is BinaryExpression { Operator: "|" or "||" } bare) bars.Add(bare);
        else if (random is not null) FixedPart = RandomTermExpansion.Separate(random, bars);
        if (random is not null && bars.Count == 0) throw random.Place.Fault($"The third part of a nonlinear formula has the random terms: {HowToVary}. Without any, leave the third part out.");
        RandomTerms = RandomTermExpansion.ExpandAll([.. bars.Select(WithoutIntercept)]);
        foreach (Expression effect in RandomTerms.SelectMany(term => term.Terms).SelectMany(term => term.Variables)) RequireName(effect);
        foreach (FormulaTerm product in RandomTerms.SelectMany(term => term.Terms).Where(term => term.Degree > 1))
            throw product.Variables[0].Place.Fault($"A random term of a nonlinear model has no interactions; {HowToVary}.");
    }

    /// <summary>The response.</summary>
    public Expression Response { get; }

    /// <summary>The mean function: a call such as <c>SSlogis(age, Asym, xmid, scal)</c>, or arithmetic such as <c>a * exp(-b * x)</c>.</summary>
    public Expression Mean { get; }

    /// <summary>The random terms in the order of the formula, <c>||</c>, <c>/</c> and <c>*</c> expanded; empty for a model without them. Their effects are names of parameters.</summary>
    public IReadOnlyList<RandomTerm> RandomTerms { get; }

    /// <summary>What stands beside the random terms in the third part, or null.</summary>
    internal Expression? FixedPart { get; }

    /// <summary>Whether the formula has a third part.</summary>
    internal bool HasThirdPart => _random is not null;

    /// <summary>Parses a formula.</summary>
    /// <exception cref="FormulaException">The text is no such formula; the message shows where and why.</exception>
    public static NonlinearFormula Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (response, mean, random) = ExpressionParser.ParseNonlinearFormula(text);
        return new NonlinearFormula(response, mean, random);
    }

    /// <summary>The formula as text that parses to an equal formula.</summary>
    public override string ToString() => _random is null ? $"{Response} ~ {Mean}" : $"{Response} ~ {Mean} ~ {_random}";

    private static BinaryExpression WithoutIntercept(BinaryExpression bar)
    {
        if (bar.Left.Variables.Count == 0) throw bar.Left.Place.Fault($"A nonlinear model has no intercept; {HowToVary}.");
        TermExpansion given = TermExpansion.Expand(new BinaryExpression("+", new NumberExpression(0, bar.Place), bar.Left, bar.Place), null);
        if (given.HasIntercept) throw bar.Left.Place.Fault($"A nonlinear model has no intercept; {HowToVary}.");
        return new BinaryExpression(bar.Operator, new BinaryExpression("+", new NumberExpression(0, bar.Place), bar.Left, bar.Place), bar.Right, bar.Place);
    }

    private static void RequireName(Expression effect)
    {
        if (effect is not NameExpression) throw effect.Place.Fault($"'{effect}' is no parameter; {HowToVary}.");
    }
}
