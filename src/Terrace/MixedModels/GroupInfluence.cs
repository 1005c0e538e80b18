using Terrace.Design;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>How much the fixed effects owe to each level of a grouping factor: what they become when all rows of the level are left out.</summary>
/// <remarks>
/// <para>With V = Cov(β) of the whole fit, Cook's distance of level g is (β_(g) − β)'V⁻¹(β_(g) − β)/p; DFBETAS are (β_(g) − β)_j over the standard error without the level. <em>Exact</em>: the model is fitted again without the level. Otherwise
/// θ and σ are kept and only the joint least-squares problem is solved again without the level's rows, for a generalised model at its last working weights (one Newton step).</para>
/// <para>Demidenko and Stukel (2005), section 4; Nieuwenhuis, te Grotenhuis and Pelzer (2012), <em>influence.ME</em>; signs of lme4's <c>influence(fit, groups = )</c>, whose Cook's distances are these times (G − p)/G for G levels. Rows are left out by a weight of 0, which leaves the level
/// without data and its effect 0. Check: GroupInfluenceTests (lme4; refits of data without the rows).</para>
/// </remarks>
public sealed record GroupInfluence
{
    /// <summary>The grouping factor.</summary>
    public required string Group { get; init; }

    /// <summary>Its levels.</summary>
    public required IReadOnlyList<string> Levels { get; init; }

    /// <summary>The estimated fixed effects: the columns of the matrices.</summary>
    public required IReadOnlyList<string> Terms { get; init; }

    /// <summary>Whether the model was fitted again without each level.</summary>
    public required bool IsExact { get; init; }

    /// <summary>The fixed effects without the level, levels × terms; NaN where they cannot be estimated without it.</summary>
    public required Matrix FixedEffects { get; init; }

    /// <summary>Their changes in standard errors, levels × terms.</summary>
    public required Matrix Dfbetas { get; init; }

    /// <summary>Cook's distance of each level.</summary>
    public required IReadOnlyList<double> CooksDistance { get; init; }

    /// <summary>The standard deviations of the random effects without the level, levels × (all covariates of all terms, then σ); null unless <see cref="IsExact"/>.</summary>
    public Matrix? StandardDeviations { get; init; }

    /// <summary>Leaves out the levels of <paramref name="group"/> (null for the factor of the first term) one by one.</summary>
    /// <exception cref="ModelException">The model has no such grouping factor.</exception>
    public static GroupInfluence Of(MixedModelFit fit, ModelRows rows, string? group = null, bool exact = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        RandomTermFit term = group is null ? fit.TermsInFormulaOrder[0] : fit.Terms.FirstOrDefault(t => t.Group == group)
            ?? throw new ModelException($"The model has no grouping factor '{group}'; it has {string.Join(", ", fit.Terms.Select(t => t.Group).Distinct())}.");
        FittedRows.Require(fit, rows);
        int[] codes = rows.Design.RandomTerms[term.FormulaPosition].Codes;
        ICaseDeletion deletion = exact ? new RefittedDeletion(fit, rows) : new OneStepDeletion(fit, rows);
        int levels = term.Levels.Count, p = fit.Estimated.Count;
        Matrix effects = new(levels, p), changes = new(levels, p), deviations = new(levels, fit.Terms.Sum(t => t.TermNames.Count) + 1);
        var distance = new double[levels];
        for (int g = 0; g < levels; g++)
        {
            cancellation.ThrowIfCancellationRequested();
            DeletedFit? without = deletion.Without(codes, g, cancellation);
            distance[g] = Fill(fit, without, g, effects, changes);
            for (int k = 0; k < deviations.Columns; k++) deviations[g, k] = without?.StandardDeviations is { } sds ? sds[k] : double.NaN;
        }
        return new GroupInfluence
        {
            Group = term.Group,
            Levels = term.Levels,
            Terms = [.. fit.Estimated.Select(j => fit.FixedNames[j])],
            IsExact = exact,
            FixedEffects = effects,
            Dfbetas = changes,
            CooksDistance = distance,
            StandardDeviations = exact ? deviations : null,
        };
    }

    private static double Fill(MixedModelFit fit, DeletedFit? without, int level, Matrix effects, Matrix changes)
    {
        int p = effects.Columns;
        var delta = new double[p];
        for (int j = 0; j < p; j++)
        {
            effects[level, j] = without is null ? double.NaN : without.Beta[j];
            delta[j] = effects[level, j] - fit.Beta[fit.Estimated[j]];
            changes[level, j] = without is null ? double.NaN : delta[j] / Math.Sqrt(without.Covariance[j, j]);
        }
        Matrix factor = fit.BetaCovariance.Copy();
        if (without is null || p == 0 || !Cholesky.TryFactor(factor)) return double.NaN;
        Cholesky.SolveLower(factor, delta);
        return delta.Sum(d => d * d) / p;
    }
}
