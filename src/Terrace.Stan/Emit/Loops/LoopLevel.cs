using System.Linq.Expressions;

namespace Terrace.Stan.Emit.Loops;

/// <summary>When the derivatives of a loop's rounds are taken.</summary>
internal enum ReverseTime
{
    /// <summary>After each round of the outermost loop, for what it added to the target.</summary>
    Now,

    /// <summary>In the reverse pass, for the elements that it wrote.</summary>
    Later,
}

/// <summary>One loop of a nest of scalar loops while its code is written.</summary>
internal sealed class LoopLevel(LoopLevel? outer, bool isImmediate)
{
    /// <summary>The loop around this one.</summary>
    public LoopLevel? Outer { get; } = outer;

    /// <summary>Whether each round is differentiated as soon as it has run.</summary>
    public bool IsImmediate { get; } = isImmediate;

    /// <summary>The loop's variable.</summary>
    public ParameterExpression? Variable { get; set; }

    /// <summary>The first round.</summary>
    public Expression? Lower { get; init; }

    /// <summary>The last round.</summary>
    public Expression? Upper { get; init; }

    /// <summary>The locals whose value changes from round to round.</summary>
    public HashSet<ParameterExpression> Variant { get; } = [];

    /// <summary>Numbers declared before the loop that it assigns to: their values come from earlier rounds.</summary>
    public HashSet<ParameterExpression> Carried { get; } = [];

    /// <summary>What does not change from round to round, computed before the first.</summary>
    public List<Expression> Preheader { get; } = [];

    /// <summary>Memory that is taken once, before the first round.</summary>
    public List<Expression> Allocations { get; } = [];

    /// <summary>The open conditions: what stands under one is not computed before the loop, as it may not be computable.</summary>
    public int Conditions { get; set; }

    /// <summary>Whether the code that is written now runs backwards.</summary>
    public bool InReverse { get; set; }

    /// <summary>The adjoints of slots that no round changes, summed in a local and added to the slot at the end: by slot.</summary>
    public Dictionary<ParameterExpression, ParameterExpression> Sums { get; } = [];

    /// <summary>The same in the reverse pass.</summary>
    public Dictionary<ParameterExpression, ParameterExpression> LaterSums { get; } = [];
}

/// <summary>What holds for a whole nest of scalar loops.</summary>
internal sealed class LoopNest(ScalarLoopShape shape, ParameterExpression target)
{
    /// <summary>Its shape.</summary>
    public ScalarLoopShape Shape { get; } = shape;

    /// <summary>What the nest adds to the target.</summary>
    public ParameterExpression Target { get; } = target;

    /// <summary>Locals that a rerun of a round alone does not restore: numbers carried over from round to round.</summary>
    public HashSet<ParameterExpression> Carried { get; } = [];

    /// <summary>Adjoints of local numbers that something has been added to.</summary>
    public HashSet<ParameterExpression> TouchedNow { get; } = [];

    /// <summary>The same in the reverse pass.</summary>
    public HashSet<ParameterExpression> TouchedLater { get; } = [];

    /// <summary>Reads of memory that the nest does not change.</summary>
    public HashSet<Expression> StableReads { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The time for which code is written.</summary>
    public ReverseTime Time { get; set; }
}

/// <summary>A nest turned out not to be a scalar loop; it is written with the tape.</summary>
internal sealed class NotAScalarLoopException : Exception;
