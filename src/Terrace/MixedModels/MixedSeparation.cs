using Terrace.Design;
using Terrace.Families;
using Terrace.LinearModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>Finds what has no finite estimate in a generalised mixed model of yes-or-no outcomes or counts: fixed effects along which outcomes are predicted perfectly, and groups that each have one outcome only.</summary>
/// <remarks>
/// <para>A direction of β that predicts rows perfectly raises the likelihood of those rows whatever the random effects are, and therefore the marginal likelihood: a mixed model is separated exactly where its fixed effects alone are. They are
/// looked at only where the standard errors ask for it: above 10 per standard deviation of the column.</para>
/// <para>Albert and Anderson (1984), <em>On the existence of maximum likelihood estimates in logistic regression models</em>. Check: BadInputTests.</para>
/// </remarks>
internal static class MixedSeparation
{
    private const double Suspicious = 10;
    private const double LargeSd = 10;

    /// <summary>The warnings of a fit with this covariance of the fixed effects; none for families without boundary outcomes.</summary>
    public static IReadOnlyList<ModelWarning> Of(ModelRows rows, Observations observations, MixedModelCells cells, Matrix betaCovariance, double[] theta, CancellationToken cancellation)
    {
        if (observations.Family.Distribution is not (Distribution.Binomial or Distribution.Poisson)) return [];
        var found = new List<ModelWarning>();
        if (Suspect(rows, cells.Basis, betaCovariance) && OfFixedEffects(rows, observations, cancellation) is { } warning) found.Add(warning);
        if (!observations.Family.IsBinomial) return found;
        foreach (var term in cells.Layout.Terms)
        {
            double sd = term.Width == 1 && term.TermNames[0] == "(Intercept)" ? Math.Abs(theta[term.ThetaIndex(0, 0)]) : 0;
            if (sd > LargeSd && OneOutcomeEach(rows.Design.RandomTerms[term.FormulaPosition], observations)) found.Add(OfGroups(term, sd));
        }
        return found;
    }

    private static bool Suspect(ModelRows rows, FixedEffectsBasis basis, Matrix covariance)
    {
        for (int k = 0; k < basis.Kept.Length; k++)
        {
            double squares = 0;
            foreach (double x in rows.Design.X.Column(basis.Kept[k])) squares += x * x / rows.Cells;
            if (!(Math.Sqrt(covariance[k, k] * squares) < Suspicious)) return true;
        }
        return false;
    }

    private static ModelWarning? OfFixedEffects(ModelRows rows, Observations observations, CancellationToken cancellation)
    {
        DesignMatrices design = rows.Design with { RandomTerms = [] };
        try
        {
            var irls = new Irls(observations, design.X, design.Offset, new GlmOptions());
            IrlsResult result = irls.Run(cancellation: cancellation);
            return Separation.Find(irls, result, observations, design, "make it a group-level term (1 | level), which pools it");
        }
        catch (ModelException)
        {
            return null;
        }
    }

    private static bool OneOutcomeEach(RandomTermDesign term, Observations observations)
    {
        var outcome = new double[term.Levels.Count];
        Array.Fill(outcome, double.NaN);
        for (int c = 0; c < term.Codes.Length; c++)
        {
            if (observations.Weight[c] == 0) continue;
            double y = observations.Y[c];
            if (y is > 0 and < 1 || (!double.IsNaN(outcome[term.Codes[c]]) && outcome[term.Codes[c]] != y)) return false;
            outcome[term.Codes[c]] = y;
        }
        return true;
    }

    private static ModelWarning OfGroups(RandomTermLayout term, double sd) => new("separation",
        FormattableString.Invariant($"Every level of {term.Group} has one outcome only, so the standard deviation of (Intercept) by {term.Group} ({sd:G3}) says no more than that the groups differ completely, and standard errors mean little. Group more coarsely, or leave the term out."));
}
