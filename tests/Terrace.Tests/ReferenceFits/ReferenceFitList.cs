using Terrace.Families;

namespace Terrace.Tests.ReferenceFits;

/// <summary>All reference fits of the table, one line each; where a fit is not in the table, which test compares it or what it waits for.</summary>
internal static class ReferenceFitList
{
    /// <summary>Σ log [C(n, s) (s/n)^s (1 − s/n)^(n − s)] over the rows of cbpp: what lme4's quadrature fits leave out.</summary>
    private const double CbppSaturated = -41.9783537689356;

    /// <summary>The rows of the table.</summary>
    public static IReadOnlyList<Func<FittedReference>> Fits { get; } =
    [
        () => ReferenceFit.Linear("glm_cbpp_cbind"),
        () => ReferenceFit.Linear("glm_cbpp_proportion_weights"),
        () => ReferenceFit.Linear("glm_cbpp_quasibinomial"),
        () => ReferenceFit.Linear("glm_clotting_gamma_inverse"),
        () => ReferenceFit.Linear("glm_clotting_gamma_log"),
        () => ReferenceFit.Linear("glm_clotting_inverse_gaussian"),
        () => ReferenceFit.Linear("glm_contraception"),
        () => ReferenceFit.Linear("glm_contraception_cauchit"),
        () => ReferenceFit.Linear("glm_contraception_cloglog"),
        () => ReferenceFit.Linear("glm_contraception_probit"),
        () => ReferenceFit.Linear("glm_owls_poisson_offset"),
        () => ReferenceFit.Linear("glm_owls_quasipoisson"),
        () => ReferenceFit.Linear("glm_radon_gaussian"),
        () => ReferenceFit.Linear("glm_students"),
        () => ReferenceFit.Linear("glm_students_complete_pooling"),
        () => ReferenceFit.Linear("glm_warpbreaks_poisson_sqrt"),
        () => ReferenceFit.Linear("lm_mtcars"),
        () => ReferenceFit.Linear("lm_mtcars_aliased"),
        () => ReferenceFit.Linear("lm_mtcars_interaction_factor"),
        () => ReferenceFit.Linear("lm_mtcars_no_intercept"),
        () => ReferenceFit.Linear("lm_mtcars_poly_log"),
        () => ReferenceFit.Linear("lm_mtcars_power_minus"),
        () => ReferenceFit.Linear("lm_mtcars_weights_offset"),
        () => ReferenceFit.Linear("lm_radon_complete_pooling"),
        () => ReferenceFit.Linear("lm_radon_no_pooling"),
        () => ReferenceFit.Linear("lm_warpbreaks_ordered_poly"),
        () => ReferenceFit.Linear("lm_warpbreaks_sum_helmert"),
        () => ReferenceFit.LinearMixed("lmer_dyestuff2_singular_ML"),
        () => ReferenceFit.LinearMixed("lmer_dyestuff2_singular_REML"),
        () => ReferenceFit.LinearMixed("lmer_dyestuff_ML"),
        () => ReferenceFit.LinearMixed("lmer_dyestuff_REML"),
        () => ReferenceFit.LinearMixed("lmer_insteval_ML"),
        () => ReferenceFit.LinearMixed("lmer_insteval_REML"),
        () => ReferenceFit.LinearMixed("lmer_insteval_service_dept_ML"),
        () => ReferenceFit.LinearMixed("lmer_nes2000"),
        () => ReferenceFit.LinearMixed("lmer_nes_year_slope_state"),
        () => ReferenceFit.LinearMixed("lmer_owls_contr_sum"),
        () => ReferenceFit.LinearMixed("lmer_owls_interaction"),
        () => ReferenceFit.LinearMixed("lmer_pastes_explicit_ML"),
        () => ReferenceFit.LinearMixed("lmer_pastes_nested"),
        () => ReferenceFit.LinearMixed("lmer_penicillin_crossed"),
        () => ReferenceFit.LinearMixed("lmer_radon_floor"),
        () => ReferenceFit.LinearMixed("lmer_radon_floor_uranium"),
        () => ReferenceFit.LinearMixed("lmer_radon_no_predictors"),
        () => ReferenceFit.LinearMixed("lmer_radon_slope_interaction", "lme4 stops on the boundary; started elsewhere it finds this optimum too"),
        () => ReferenceFit.LinearMixed("lmer_radon_uncorrelated_ML"),
        () => ReferenceFit.LinearMixed("lmer_radon_varying_slope"),
        () => ReferenceFit.LinearMixed("lmer_sleepstudy_intercept_ML"),
        () => ReferenceFit.LinearMixed("lmer_sleepstudy_intercept_REML"),
        () => ReferenceFit.LinearMixed("lmer_sleepstudy_offset"),
        () => ReferenceFit.LinearMixed("lmer_sleepstudy_poly2"),
        () => ReferenceFit.LinearMixed("lmer_sleepstudy_slope_ML"),
        () => ReferenceFit.LinearMixed("lmer_sleepstudy_slope_REML"),
        () => ReferenceFit.LinearMixed("lmer_sleepstudy_slope_only"),
        () => ReferenceFit.LinearMixed("lmer_sleepstudy_uncorrelated_REML"),
        () => ReferenceFit.LinearMixed("lmer_sleepstudy_weights"),
        () => ReferenceFit.LinearMixed("lmer_theoph_logical_factor"),
        () => ReferenceFit.GeneralizedMixed("glmer_cbpp_AGQ25", 25, missing: CbppSaturated, note: "lme4 leaves out the saturated model's log likelihood, −41.98, added here"),
        () => ReferenceFit.GeneralizedMixed("glmer_cbpp_AGQ9", 9, missing: CbppSaturated, note: "lme4 leaves out the saturated model's log likelihood, −41.98, added here"),
        () => ReferenceFit.GeneralizedMixed("glmer_cbpp_laplace"),
        () => ReferenceFit.GeneralizedMixed("glmer_cbpp_observation_level"),
        () => ReferenceFit.GeneralizedMixed("glmer_cbpp_proportion_weights"),
        () => ReferenceFit.GeneralizedMixed("glmer_contraception"),
        () => ReferenceFit.GeneralizedMixed("glmer_contraception_AGQ9", 9),
        () => ReferenceFit.GeneralizedMixed("glmer_contraception_probit", information: Information.Expected, note: "with `--information expected`, lme4's choice"),
        () => ReferenceFit.Observed("glmer_contraception_probit"),
        () => ReferenceFit.GeneralizedMixed("glmer_contraception_slope"),
        () => ReferenceFit.GeneralizedMixed("glmer_election88_gelmanhill_full"),
        () => ReferenceFit.GeneralizedMixed("glmer_election88_mrp"),
        () => ReferenceFit.GeneralizedMixed("glmer_election88_state"),
        () => ReferenceFit.GeneralizedMixed("glmer_grouseticks"),
        () => ReferenceFit.GeneralizedMixed("glmer_owls_poisson_offset"),
        () => ReferenceFit.GeneralizedMixed("glmer_students"),
        () => ReferenceFit.GeneralizedMixed("glmer_students_AGQ9", 9),
        () => ReferenceFit.GeneralizedMixed("glmer_students_nAGQ0", 0),
        () => ReferenceFit.GeneralizedMixed("glmer_theoph_gamma_log", information: Information.Expected, missing: 1, note: "with `--information expected`; lme4 counts the dispersion in −2 log likelihood, as R's AIC of the gamma family does: 1 is added here"),
        () => ReferenceFit.GeneralizedMixed("glmer_verbagg_crossed"),
        () => ReferenceFit.GlmmTmb("glmmtmb_cbpp_binomial", "binomial"),
        () => ReferenceFit.GlmmTmb("glmmtmb_sleepstudy_ML"),
        () => ReferenceFit.GlmmTmb("glmmtmb_sleepstudy_REML", reml: true),
        () => DistributionalReferenceFit.GlmNb("glm_nb_owls"),
        () => DistributionalReferenceFit.GlmerNb("glmer_nb_owls"),
        () => DistributionalReferenceFit.GlmmTmb("glmmtmb_cbpp_betabinomial"),
        () => DistributionalReferenceFit.GlmmTmb("glmmtmb_owls_nbinom1"),
        () => DistributionalReferenceFit.GlmmTmb("glmmtmb_owls_nbinom2"),
        () => DistributionalReferenceFit.GlmmTmb("glmmtmb_owls_zip"),
        () => DistributionalReferenceFit.GlmmTmb("glmmtmb_repvote_beta"),
        () => DistributionalReferenceFit.GlmmTmb("glmmtmb_salamanders_dispersion_model"),
        () => DistributionalReferenceFit.GlmmTmb("glmmtmb_salamanders_hurdle_poisson"),
        () => DistributionalReferenceFit.GlmmTmb("glmmtmb_salamanders_zinb"),
        () => NonlinearReferenceFit.LeastSquares("nls_orange", "circumference ~ SSlogis(age, Asym, xmid, scal)", "Orange"),
        () => NonlinearReferenceFit.Mixed("nlmer_orange_asym", "Orange"),
    ];

    /// <summary>References that are no single fit, and the test that compares with them.</summary>
    public static IReadOnlyDictionary<string, string> Elsewhere { get; } = new Dictionary<string, string>
    {
        ["glmer_nb_owls_theta"] = "the row of glmer_nb_owls",
        ["crosscheck_glmmtmb"] = "the column glmmTMB of this table",
        ["pbkrtest_sleepstudy"] = "KenwardRogerTests",
        ["nlmer_orange_asym_xmid"] = "NonlinearMixedModelTests (only the likelihood: lme4's own optimum is below that of the smaller model)",
        ["nlmer_theoph_ssfol"] = "NonlinearMixedModelTests (only the likelihood)",
    };

    /// <summary>Comparisons that wait for a kind of model.</summary>
    public static IReadOnlyDictionary<string, string> Waiting { get; } = new Dictionary<string, string>
    {
        ["bootmer_students"] = "the parametric bootstrap",
        ["lmer_sleepstudy_profile"] = "profile likelihood",
    };
}
