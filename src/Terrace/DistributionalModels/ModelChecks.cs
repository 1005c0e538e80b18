using Terrace.Design;
using Terrace.Families;

namespace Terrace.DistributionalModels;

/// <summary>Refuses models that their family or their data cannot carry, before anything is computed.</summary>
internal static class ModelChecks
{
    /// <summary>Refuses formulas for parameters that the family lacks.</summary>
    /// <exception cref="ModelException">There is such a formula.</exception>
    public static void Components(ComponentRows rows, ResponseFamily family)
    {
        if (rows.Dispersion is not null && !family.HasDispersion)
            throw new ModelException($"The {family.Name} family has no dispersion for a formula to describe; leave the dispersion formula out, or choose another family such as neg-binomial.");
        if (rows.ZeroInflation is not null && !family.AllowsZeroInflation && !family.IsHurdle)
            throw new ModelException($"The {family.Name} family has no zeros to inflate; a zero-inflation formula is for counts: poisson, neg-binomial, neg-binomial-1, hurdle-poisson, hurdle-neg-binomial.");
    }

    /// <summary>Refuses the expected information where it is not known.</summary>
    /// <exception cref="ModelException">It is asked for and not known.</exception>
    public static void Expected(Information information, ResponseLikelihood likelihood, bool hasGroups)
    {
        if (information == Information.Observed || !hasGroups || likelihood.HasExpectedInformation) return;
        throw new ModelException($"The expected information is known for poisson and neg-binomial models without a zero part only, not for {likelihood.Family.Name}{(likelihood.Cells.ZeroInflation is null ? "" : " with zero inflation")}; leave the option out.");
    }

    /// <summary>Refuses responses whose estimates would be infinite.</summary>
    /// <exception cref="ModelException">The response does not vary, or lacks the zeros or positive counts that a zero part needs.</exception>
    public static void OutcomeVaries(OutcomeValues outcomes, ResponseFamily family, bool zeroInflated, string response)
    {
        double[] y = [.. outcomes.Y.Where((_, row) => outcomes.Weight[row] > 0)];
        double[] trials = outcomes.Trials is { } all ? [.. all.Where((_, row) => outcomes.Weight[row] > 0)] : [];
        if (family.Kind == ResponseType.Count && Array.TrueForAll(y, value => value == 0)) throw new ModelException($"The response '{response}' is 0 in all rows, so a model of counts has nothing to estimate; check the response, or the condition that chooses the rows.");
        if (trials.Length > 0 && (Array.TrueForAll(y, value => value == 0) || y.SequenceEqual(trials)))
            throw new ModelException($"The response '{response}' has {(y[0] == 0 ? "no success" : "only successes")}, so there is nothing to estimate; check the response, or the condition that chooses the rows.");
        if (family.Kind is ResponseType.Share or ResponseType.Real or ResponseType.Positive && Array.TrueForAll(y, value => value == y[0]))
            throw new ModelException($"The response '{response}' does not vary: it is {RowResponses.Show(y[0])} in all rows, so there is nothing to estimate; check the response, or the condition that chooses the rows.");
        if ((family.IsHurdle || zeroInflated) && !Array.Exists(y, value => value == 0))
            throw new ModelException($"The response '{response}' is never 0, so the zero part of the model cannot be estimated; choose {(family.IsHurdle ? "a family without 'hurdle', or leave rows of 0 in" : "the model without zero inflation")}.");
        if (family.IsHurdle && Array.TrueForAll(y, value => value <= 1))
            throw new ModelException($"The response '{response}' is never above 1, so the counts above zero have no variation to estimate; choose the binomial family for whether it is 0.");
    }

    /// <summary>Refuses a grouping factor with a level for each row where the family has a residual spread of its own.</summary>
    /// <exception cref="ModelException">There is one.</exception>
    public static void ResidualVariation(ModelRows rows, ResponseFamily family)
    {
        if (family.Kind is not (ResponseType.Real or ResponseType.Positive or ResponseType.Share)) return;
        foreach (RandomTermDesign term in rows.Design.RandomTerms)
        {
            if (term.Levels.Count >= rows.Rows)
                throw new ModelException($"The grouping factor '{term.Group}' has {term.Levels.Count} levels for {rows.Rows} rows; with one row in each group its effects cannot be told from the residuals. Leave the term out or group more coarsely.");
        }
    }
}
