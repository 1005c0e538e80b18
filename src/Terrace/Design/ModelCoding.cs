using Terrace.Design.Terms;
using Terrace.Formulas;

namespace Terrace.Design;

/// <summary>All that a model frame remembers of the training data, as plain data that can be saved.</summary>
internal sealed record ModelCoding
{
    /// <summary>The formula, with <c>.</c> written out.</summary>
    public required Formula Formula { get; init; }

    /// <summary>How the formula met the data.</summary>
    public required ModelFrameOptions Options { get; init; }

    /// <summary>What data-dependent calls learned.</summary>
    public required LearnedCalls Learned { get; init; }

    /// <summary>The variables of fixed and random effects.</summary>
    public required IReadOnlyList<ModelVariable> Variables { get; init; }

    /// <summary>The levels of each grouping variable.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> GroupVariableLevels { get; init; }

    /// <summary>The grouping factors, each once.</summary>
    public required IReadOnlyList<GroupingFactor> Groups { get; init; }

    /// <summary>What the response is, or null without one.</summary>
    public ResponseKind? ResponseKind { get; init; }

    /// <summary>Whether the levels of a categorical response rise; not saved, since only fitting asks.</summary>
    public bool ResponseIsOrdered { get; init; }

    /// <summary>The levels of a categorical response.</summary>
    public IReadOnlyList<string>? ResponseLevels { get; init; }
}
