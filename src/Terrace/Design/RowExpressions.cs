using Terrace.Formulas;

namespace Terrace.Design;

/// <summary>Everything that a model evaluates in each row, each expression once.</summary>
internal sealed record RowExpressions
{
    /// <summary>The variables of the fixed and random effects.</summary>
    public required IReadOnlyList<Expression> Variables { get; init; }

    /// <summary>The factors that make up the grouping factors.</summary>
    public required IReadOnlyList<Expression> GroupVariables { get; init; }

    /// <summary>The offsets, of the formula and of the options.</summary>
    public required IReadOnlyList<Expression> Offsets { get; init; }

    /// <summary>Nothing, the response, or the successes and failures of <c>cbind(s, f)</c>.</summary>
    public required IReadOnlyList<Expression> Response { get; init; }

    /// <summary>The prior weights, or null.</summary>
    public Expression? Weights { get; init; }

    /// <summary>The binomial trials, or null.</summary>
    public Expression? Trials { get; init; }

    /// <summary>All of them.</summary>
    public IEnumerable<Expression> All =>
        [.. Response, .. Variables, .. GroupVariables, .. Offsets, .. new[] { Weights, Trials }.OfType<Expression>()];

    /// <summary>The expressions of a formula with its options.</summary>
    public static RowExpressions Of(Formula formula, ModelFrameOptions options) => new()
    {
        Variables = [.. formula.FixedTerms.Concat(formula.RandomTerms.SelectMany(term => term.Terms)).SelectMany(term => term.Variables).Distinct()],
        GroupVariables = [.. formula.RandomTerms.SelectMany(term => term.GroupFactors).Distinct()],
        Offsets = options.Offset is { } offset ? [.. formula.Offsets, offset] : formula.Offsets,
        Response = Sides(formula.Response),
        Weights = options.Weights,
        Trials = options.Trials,
    };

    /// <summary>The same without what only fitting needs.</summary>
    public RowExpressions WithoutResponse() => this with { Response = [], Weights = null, Trials = null };

    private static IReadOnlyList<Expression> Sides(Expression? response)
    {
        if (response is null) return [];
        if (response is not CallExpression { Function: "cbind" } both) return [response];
        if (both.Arguments.Count != 2) throw both.Place.Fault("cbind() needs two columns here: cbind(successes, failures).");
        return [both.Arguments[0].Value, both.Arguments[1].Value];
    }
}
