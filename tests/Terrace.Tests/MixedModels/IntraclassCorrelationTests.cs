using Terrace.MixedModels;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

public class IntraclassCorrelationTests
{
    [Fact]
    public void Of_a_linear_model_is_the_share_of_the_groups() =>
        AssertClose(Share(MixedFixture.Fit("lmer_radon_floor"), f => f.Sigma * f.Sigma), MixedFixture.Fit("lmer_radon_floor").Icc!.Value, 1e-12, "ICC");

    [Fact]
    public void Of_a_logit_model_has_the_logistic_variance() =>
        AssertClose(Share(MixedFixture.Fit("glmer_election88_mrp"), _ => Math.PI * Math.PI / 3), MixedFixture.Fit("glmer_election88_mrp").Icc!.Value, 1e-12, "ICC");

    [Fact]
    public void Of_a_Poisson_model_uses_the_mean_count() =>
        AssertClose(Share(MixedFixture.Fit("glmer_grouseticks"), f => Math.Log(1 + 1 / Math.Exp(f.Beta[0] + f.Terms.Sum(t => t.Covariance[0, 0]) / 2))),
            MixedFixture.Fit("glmer_grouseticks").Icc!.Value, 1e-12, "ICC");

    [Fact]
    public void Is_not_defined_with_random_slopes() => Assert.Null(MixedFixture.Fit("lmer_sleepstudy_slope_REML").Icc);

    private static double Share(MixedModelFit fit, Func<MixedModelFit, double> residual)
    {
        double groups = fit.Terms.Sum(t => t.StandardDeviation(0) * t.StandardDeviation(0));
        return groups / (groups + residual(fit));
    }
}
