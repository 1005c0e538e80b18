using Terrace.Design;

namespace Terrace.MixedModels;

/// <summary>Makes sure that rows handed to a diagnostic are those of the fit.</summary>
internal static class FittedRows
{
    /// <summary>Throws unless <paramref name="rows"/> have the cells, columns and terms of <paramref name="fit"/>.</summary>
    /// <exception cref="ArgumentException">They are other rows.</exception>
    public static void Require(MixedModelFit fit, ModelRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        bool same = rows.Cells == fit.Cells && rows.Rows == fit.RowToCell.Count && rows.Response is not null && rows.Design.RandomTerms.Count == fit.Terms.Count
            && rows.Design.ColumnNames.SequenceEqual(fit.FixedNames) && fit.Terms.All(term => rows.Design.RandomTerms[term.FormulaPosition].Group == term.Group);
        if (!same) throw new ArgumentException("The rows are not those that the model was fitted to.", nameof(rows));
    }
}
