using Terrace.Formulas;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Design;

/// <summary>The rows of a model without some of its terms, made from the rows of the whole model: what tests of a term fit again.</summary>
internal static class ReducedDesign
{
    /// <summary>The rows with the fixed terms <paramref name="kept"/> only, coded as the formula with these terms would be.</summary>
    /// <exception cref="ModelException">The kept terms do not lie inside the model.</exception>
    public static ModelRows WithFixedTerms(ModelFrame frame, ModelRows rows, IReadOnlyList<FormulaTerm> kept)
    {
        DesignColumns plan = frame.PlanFixed(kept);
        Matrix x = frame.Fixed.Selection(plan) is { } places ? Columns(rows.Design.X, places)
            : Gemm.Product(rows.Design.X, false, DesignMapping.Between(frame.Fixed, plan, frame.Coding.Variables) ?? throw NotInside(kept), false);
        return rows with { Design = rows.Design with { X = x, ColumnNames = plan.Names, Assign = plan.Assign } };
    }

    /// <summary>The rows with these columns of the model matrix only.</summary>
    public static ModelRows WithColumns(ModelRows rows, int[] kept) => rows with
    {
        Design = rows.Design with
        {
            X = Columns(rows.Design.X, kept),
            ColumnNames = [.. kept.Select(j => rows.Design.ColumnNames[j])],
            Assign = [.. kept.Select(j => rows.Design.Assign[j])],
        },
    };

    /// <summary>The rows without random term <paramref name="position"/>.</summary>
    public static ModelRows WithoutRandomTerm(ModelRows rows, int position) =>
        rows with { Design = rows.Design with { RandomTerms = [.. rows.Design.RandomTerms.Where((_, t) => t != position)] } };

    /// <summary>The rows with random term <paramref name="position"/> reduced to <paramref name="term"/>.</summary>
    /// <exception cref="ModelException">The reduced term does not lie inside the term.</exception>
    public static ModelRows WithRandomTerm(ModelFrame frame, ModelRows rows, int position, RandomTerm term)
    {
        DesignColumns plan = frame.PlanRandom(term);
        RandomTermDesign whole = rows.Design.RandomTerms[position];
        Matrix z = frame.Random[position].Selection(plan) is { } places ? Columns(whole.Z, places)
            : Gemm.Product(whole.Z, false, DesignMapping.Between(frame.Random[position], plan, frame.Coding.Variables) ?? throw NotInside(term.Terms), false);
        RandomTermDesign reduced = whole with { Z = z, TermNames = plan.Names };
        return rows with { Design = rows.Design with { RandomTerms = [.. rows.Design.RandomTerms.Select((old, t) => t == position ? reduced : old)] } };
    }

    private static Matrix Columns(Matrix x, int[] kept)
    {
        var chosen = new Matrix(x.Rows, kept.Length);
        for (int j = 0; j < kept.Length; j++) x.Column(kept[j]).CopyTo(chosen.Column(j));
        return chosen;
    }

    private static ModelException NotInside(IReadOnlyList<FormulaTerm> kept) =>
        new($"The model with the terms {string.Join(" + ", kept.Select(term => term.Label))} alone does not lie inside the whole model, so that the two cannot be compared; fit it apart.");
}
