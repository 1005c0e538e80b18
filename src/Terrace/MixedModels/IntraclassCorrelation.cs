using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>The adjusted intraclass correlation: the share of the groups in the variance that the fixed effects leave, on the scale of the linear predictor.</summary>
/// <remarks>
/// <para>ICC = Σ σ_g² / (Σ σ_g² + σ_d²), σ_d² the residual variance: σ² (Gaussian), π²/3 (logit), 1 (probit), π²/6 (cloglog), log(1 + 1/λ) (Poisson log) with
/// λ = exp(β₀ + Σ σ_g²/2).</para>
/// <para>Nakagawa, Johnson and Schielzeth (2017), <em>The coefficient of determination R² and intra-class correlation coefficient from generalized linear mixed-effects
/// models revisited and expanded</em>, tables 1 and 2. Not defined here for random slopes or other families. Check: IntraclassCorrelationTests.</para>
/// </remarks>
internal static class IntraclassCorrelation
{
    public static double? Of(Family family, IReadOnlyList<RandomTermFit> terms, double sigma, double intercept)
    {
        if (terms.Any(t => t.TermNames.Count != 1 || t.TermNames[0] != "(Intercept)")) return null;
        double groups = terms.Sum(t => t.Covariance[0, 0]);
        double? residual = (family.Name, family.Link.Name) switch
        {
            ("gaussian", "identity") => sigma * sigma,
            ("binomial", "logit") => Math.PI * Math.PI / 3,
            ("binomial", "probit") => 1,
            ("binomial", "cloglog") => Math.PI * Math.PI / 6,
            ("poisson", "log") when !double.IsNaN(intercept) => Math.Log(1 + Math.Exp(-intercept - groups / 2)),
            _ => null,
        };
        return groups / (groups + residual);
    }
}
