using Terrace.Formulas;

namespace Terrace.Design;

/// <summary>What to do with a row that lacks a value of a variable of the model.</summary>
public enum MissingValues
{
    /// <summary>Leave the row out and count it.</summary>
    Omit,

    /// <summary>Refuse the data.</summary>
    Fail,
}

/// <summary>What to do with a level of a grouping factor that the training data do not have.</summary>
public enum NewLevels
{
    /// <summary>Refuse the data.</summary>
    Reject,

    /// <summary>Give it a code beyond the known levels.</summary>
    Allow,
}

/// <summary>How a formula meets the training data.</summary>
public sealed record ModelFrameOptions
{
    /// <summary>
    /// The contrasts of factors by the variable's name (<c>factor(cyl)</c>, or the column's: <c>cyl</c>); others have treatment contrasts, ordered factors
    /// polynomials. As in lme4 they hold for the fixed effects.
    /// </summary>
    public IReadOnlyDictionary<string, ContrastCoding> Contrasts { get; init; } = new Dictionary<string, ContrastCoding>();

    /// <summary>The prior weights, or null.</summary>
    public Expression? Weights { get; init; }

    /// <summary>An offset besides those of the formula, or null.</summary>
    public Expression? Offset { get; init; }

    /// <summary>The numbers of binomial trials, or null.</summary>
    public Expression? Trials { get; init; }

    /// <summary>What to do with rows that lack a value.</summary>
    public MissingValues MissingValues { get; init; } = MissingValues.Omit;
}

/// <summary>How rows are encoded.</summary>
public sealed record EncodeOptions
{
    /// <summary>For new data that are predicted for: without response, weights and trials, which the data need not have; rows that lack a value are left out.</summary>
    public static EncodeOptions Prediction { get; } = new() { IncludeResponse = false, MissingValues = Design.MissingValues.Omit };

    /// <summary>Whether response, weights and trials are read.</summary>
    public bool IncludeResponse { get; init; } = true;

    /// <summary>What to do with new levels of grouping factors. A new level of a factor in the fixed effects is always refused.</summary>
    public NewLevels NewLevels { get; init; } = NewLevels.Reject;

    /// <summary>Whether rows with equal covariates share a cell.</summary>
    public bool Collapse { get; init; } = true;

    /// <summary>What to do with rows that lack a value; null for what the model frame was learned with.</summary>
    public MissingValues? MissingValues { get; init; }
}
