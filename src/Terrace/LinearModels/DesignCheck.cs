using Terrace.Design;

namespace Terrace.LinearModels;

/// <summary>Refuses designs that a model without group-level terms cannot use.</summary>
internal static class DesignCheck
{
    /// <summary>Throws unless the design has no group-level terms and only finite numbers.</summary>
    /// <exception cref="ModelException">It has; the message names the term or the column.</exception>
    public static void Require(ModelRows rows)
    {
        DesignMatrices design = rows.Design;
        if (design.RandomTerms.Count > 0)
            throw new ModelException($"The formula has group-level terms (for {design.RandomTerms[0].Group}); fit a mixed model, or leave them out.");
        for (int j = 0; j < design.X.Columns; j++)
            if (design.X.Column(j).ContainsAnyExceptInRange(double.MinValue, double.MaxValue))
                throw new ModelException($"The column '{design.ColumnNames[j]}' has values that are not finite numbers; check the logarithms and divisions in the formula.");
        if (Array.Exists(design.Offset, o => !double.IsFinite(o)))
            throw new ModelException("The offset has values that are not finite numbers; check its logarithms, of zero for example.");
    }
}
