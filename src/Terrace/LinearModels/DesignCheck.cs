using Terrace.Design;

namespace Terrace.LinearModels;

/// <summary>Refuses designs that a model without group-level terms cannot use.</summary>
internal static class DesignCheck
{
    /// <summary>Throws unless the design has no group-level terms and only numbers that can be computed with.</summary>
    /// <exception cref="ModelException">It has; the message names the term or the column.</exception>
    public static void Require(ModelRows rows)
    {
        DesignMatrices design = rows.Design;
        if (design.RandomTerms.Count > 0)
            throw new ModelException($"The formula has group-level terms (for {design.RandomTerms[0].Group}); fit a mixed model, or leave them out.");
        NumberRange.Require(design);
    }
}
