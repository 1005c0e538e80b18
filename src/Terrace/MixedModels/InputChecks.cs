using Terrace.Design;
using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>What a mixed model's data must satisfy before anything is computed, as lme4 checks it.</summary>
internal static class InputChecks
{
    /// <summary>Checks the grouping factors of any mixed model.</summary>
    /// <exception cref="ModelException">There is no random-effects term, a grouping factor has one level only, or a number is out of range.</exception>
    public static void Groups(ModelRows rows)
    {
        if (rows.Design.RandomTerms.Count == 0)
            throw new ModelException("The formula has no random-effects term such as (1 | group); fit it as a linear or generalised linear model instead.");
        foreach (var term in rows.Design.RandomTerms)
        {
            if (term.Levels.Count < 2)
                throw new ModelException($"The grouping factor '{term.Group}' has only one level, so there is no variation between groups to estimate; leave the term out.");
        }
        NumberRange.Require(rows.Design);
    }

    /// <summary>Checks what a model with a residual variance must have besides.</summary>
    /// <exception cref="ModelException">A grouping factor has a level for each row, or a term has as many effects as there are rows, while all weights are equal.</exception>
    public static void ResidualVariance(ModelRows rows, Observations observations)
    {
        double first = observations.RowWeight[0];
        if (!observations.RowWeight.Any(w => w != first)) ResidualVariance(rows.Design.RandomTerms, rows.Rows);
    }

    /// <summary>The same for <paramref name="rows"/> rows of equal weight.</summary>
    public static void ResidualVariance(IReadOnlyList<RandomTermDesign> terms, int rows)
    {
        foreach (var term in terms)
        {
            if (term.Levels.Count >= rows)
                throw new ModelException($"The grouping factor '{term.Group}' has {term.Levels.Count} levels for {rows} rows; with one row in each group its effects cannot be told from the residuals. Leave the term out or group more coarsely.");
            long effects = (long)term.Levels.Count * term.TermNames.Count;
            if (effects >= rows)
                throw new ModelException($"The term ({string.Join(" + ", term.TermNames)} | {term.Group}) has {effects} random effects for {rows} rows, so they cannot be told from the residuals; leave out one of its covariates.");
        }
    }

    /// <summary>Checks that a generalised model's estimates can be finite: not all outcomes are 0, or all trials successes, or, where a dispersion is estimated, all equal.</summary>
    /// <exception cref="ModelException">The response does not vary in such a way.</exception>
    public static void OutcomeVaries(Observations observations, string response)
    {
        Family family = observations.Family;
        double first = observations.Y[0];
        if (observations.Y.Any(y => y != first) || observations.WithinSquares.Any(squares => squares > 0)) return;
        if (family.HasKnownDispersion && first != 0 && !(family.IsBinomial && first == 1)) return;
        throw new ModelException(FormattableString.Invariant($"The response '{response}' does not vary: it is {first} in all {observations.Rows} rows, so a mixed model has nothing to estimate. Check the response, or the condition that chooses the rows."));
    }

    /// <summary>Checks that something is left to explain after the fixed effects.</summary>
    /// <exception cref="ModelException">The response is constant, or the fixed effects fit it exactly.</exception>
    public static void ResponseVaries(double residualSquares, double totalSquares, int rows, int fixedColumns, string response)
    {
        if (rows <= fixedColumns)
            throw new ModelException($"There are {rows} rows for {fixedColumns} fixed-effects coefficients; a mixed model needs more rows than coefficients.");
        if (!(residualSquares > 1e-20 * totalSquares))
            throw new ModelException($"The response '{response}' is constant, or the fixed effects fit it exactly; there is no variation left for the random effects.");
    }
}
