using Terrace.Bayes;

namespace Terrace.Tests.Bayes;

public class SamplerChoiceTests
{
    [Fact]
    public void Small_models_are_sampled_plainly_and_the_reason_is_said()
    {
        (bool whiten, string reason) = SamplerChoice.Of(RandomBayesianProblem.Create("binomial", null, false, false).Model, SamplerKind.Auto);
        Assert.Equal(whiten, reason.StartsWith("whitened", StringComparison.Ordinal));
        Assert.Contains("times", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("neg-binomial", true, false)]
    [InlineData("poisson", false, true)]
    public void Whitening_is_refused_where_other_parameters_have_formulas(string family, bool dispersion, bool zeroInflation)
    {
        BayesianModel model = RandomBayesianProblem.Create(family, null, dispersion, zeroInflation).Model;
        Assert.False(SamplerChoice.Of(model, SamplerKind.Auto).Whiten);
        Assert.Contains("have formulas", Assert.Throws<ModelException>(() => SamplerChoice.Of(model, SamplerKind.Whitened)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_data_there_is_nothing_to_whiten_by() =>
        Assert.False(SamplerChoice.Of(RandomBayesianProblem.Create("binomial", null, false, false, priorOnly: true).Model, SamplerKind.Auto).Whiten);
}
