using Terrace.Families;

namespace Terrace.Tests.Families;

/// <summary>The table of families: names, links, starting and valid means.</summary>
public class FamilyTests
{
    [Theory]
    [InlineData("gaussian", "identity")]
    [InlineData("binomial", "logit")]
    [InlineData("quasibinomial", "logit")]
    [InlineData("poisson", "log")]
    [InlineData("quasipoisson", "log")]
    [InlineData("gamma", "inverse")]
    [InlineData("inverse-gaussian", "1/mu^2")]
    public void Has_its_default_link(string name, string link) => Assert.Equal(link, Family.Parse(name).Link.Name);

    [Fact]
    public void An_unknown_family_is_refused_with_the_list_of_families()
    {
        var error = Assert.Throws<ModelException>(() => Family.Parse("bernoulli"));
        Assert.Contains("'bernoulli'", error.Message, StringComparison.Ordinal);
        Assert.Contains("binomial, quasibinomial, poisson", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_that_the_family_lacks_is_refused_with_the_list_of_its_links()
    {
        var error = Assert.Throws<ModelException>(() => Family.Parse("poisson", "logit"));
        Assert.Contains("log, identity, sqrt", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gaussian", true, false)]
    [InlineData("binomial", true, true)]
    [InlineData("quasibinomial", false, false)]
    [InlineData("poisson", true, true)]
    [InlineData("quasipoisson", false, false)]
    [InlineData("gamma", true, false)]
    public void Knows_whether_it_has_a_likelihood_and_a_dispersion(string name, bool likelihood, bool known)
    {
        Family family = Family.Parse(name);
        Assert.Equal(likelihood, family.HasLikelihood);
        Assert.Equal(known, family.HasKnownDispersion);
    }

    [Theory]
    [InlineData("gaussian")]
    [InlineData("binomial")]
    [InlineData("poisson")]
    [InlineData("gamma")]
    [InlineData("inverse-gaussian")]
    public void The_slope_of_the_unit_deviance_is_minus_twice_the_residual_over_the_variance(string name)
    {
        Family family = Family.Parse(name);
        const double y = 0.6, mean = 0.4, h = 1e-5;
        double slope = (family.UnitDeviance(y, mean + h) - family.UnitDeviance(y, mean - h)) / (2 * h);
        Assert.Equal(-2 * (y - mean) / family.Variance(mean), slope, 1e-6);
        Assert.Equal(0, family.UnitDeviance(y, y), 1e-15);
    }

    [Fact]
    public void Starts_where_R_starts()
    {
        Assert.Equal((3 * 1.0 + 0.5) / 4, Family.Binomial().StartingMean(1, 3));
        Assert.Equal(4.1, Family.Poisson().StartingMean(4, 1), 1e-15);
        Assert.Equal(2.5, Family.Gamma().StartingMean(2.5, 1));
    }

    // R: dbinom(3, 10, 0.2, log = TRUE), dpois(4, 2.5, TRUE), dnorm(1, 0.3, sqrt(2/4), TRUE), dgamma(1.7, 1/0.4, scale = 2 * 0.4, log = TRUE),
    // statmod-free inverse Gaussian: -0.5 * (log(2 pi 0.4 1.7^3) + (1.7 - 2)^2 / (0.4 * 4 * 1.7)).
    [Theory]
    [InlineData("binomial", 0.3, 0.2, 10, 10, 1, -1.60282685371972)]
    [InlineData("poisson", 4, 2.5, 1, 1, 1, -2.01289090285133)]
    [InlineData("gaussian", 1, 0.3, 4, 1, 2, -1.06236494292470)]
    [InlineData("gamma", 1.7, 2, 1, 1, 0.4, -1.05588161559414)]
    [InlineData("inverse-gaussian", 1.7, 2, 1, 1, 0.4, -1.27327966150791)]
    public void Log_densities_agree_with_R(string name, double y, double mean, double weight, double trials, double dispersion, double expected) =>
        Assert.Equal(expected, Family.Parse(name).LogDensity(y, mean, weight, trials, dispersion), 1e-12);
}
