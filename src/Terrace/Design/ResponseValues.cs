namespace Terrace.Design;

/// <summary>The left-hand side of a formula, evaluated, before a family gives it a meaning.</summary>
public sealed record ResponseValues
{
    /// <summary>The response as the formula writes it.</summary>
    public required string Name { get; init; }

    /// <summary>What the left-hand side is.</summary>
    public required ResponseKind Kind { get; init; }

    /// <summary>Numbers as they are; logical false 0, true 1; a factor or text as the code of its level (from 0); of <c>cbind(s, f)</c> the successes.</summary>
    public required double[] Values { get; init; }

    /// <summary>The failures of <c>cbind(s, f)</c>, otherwise null.</summary>
    public double[]? Failures { get; init; }

    /// <summary>The levels of a factor or text response (all that the training data have), otherwise null.</summary>
    public IReadOnlyList<string>? Levels { get; init; }

    /// <summary>Whether the levels rise: the response is an ordered factor.</summary>
    public bool IsOrdered { get; init; }
}

/// <summary>The kinds of response.</summary>
public enum ResponseKind
{
    /// <summary>Numbers.</summary>
    Numeric,

    /// <summary>True or false.</summary>
    Logical,

    /// <summary>A factor, ordered factor or text.</summary>
    Categorical,

    /// <summary><c>cbind(successes, failures)</c>.</summary>
    SuccessesAndFailures,
}
