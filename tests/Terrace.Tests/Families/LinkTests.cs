using Terrace.Families;

namespace Terrace.Tests.Families;

/// <summary>Each link: inverse, derivatives against finite differences, the clamps of R's make.link.</summary>
public class LinkTests
{
    public static TheoryData<string> Names => [.. Link.All.Select(l => l.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Eta_of_the_mean_of_eta_is_eta(string name)
    {
        Link link = Named(name);
        foreach (double eta in Points(link)) Assert.Equal(eta, link.Eta(link.Mean(eta)), 1e-10);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_of_the_mean_agree_with_central_differences(string name)
    {
        Link link = Named(name);
        foreach (double eta in Points(link))
        {
            Close(Slope(link.Mean, eta), link.Slope(eta));
            Close(Slope(link.Slope, eta), link.Second(eta));
            Close(Slope(link.Second, eta), link.Third(eta));
        }
    }

    [Theory]
    [InlineData("logit", 40, 1 - 2.220446049250313e-16)]
    [InlineData("logit", -40, 2.220446049250313e-16)]
    [InlineData("probit", -40, 2.220446049250313e-16)]
    [InlineData("cloglog", -800, 2.220446049250313e-16)]
    [InlineData("cauchit", -1e300, 2.220446049250313e-16)]
    [InlineData("log", -800, 2.220446049250313e-16)]
    public void Means_stay_epsilon_away_from_the_boundary(string name, double eta, double expected) =>
        Assert.Equal(1, Named(name).Mean(eta) / expected, 1e-6);

    [Theory]
    [InlineData("probit", 1.3, 0.90319951541439)]
    [InlineData("cauchit", 2.5, 0.878881058409157)]
    [InlineData("cloglog", 0.4, 0.775038206450082)]
    public void Means_agree_with_R(string name, double eta, double expected) => Assert.Equal(expected, Named(name).Mean(eta), 1e-14);

    [Theory]
    [InlineData("sqrt", -1.0)]
    [InlineData("inverse", 0.0)]
    [InlineData("1/mu^2", -0.1)]
    public void Knows_where_the_mean_is_undefined(string name, double eta) => Assert.False(Named(name).IsValidEta(eta));

    internal static Link Named(string name) => Link.All.Single(l => l.Name == name);

    private static double[] Points(Link link) => link.IsValidEta(-1) ? [-1.7, -0.4, 0.3, 1.1] : [0.2, 0.7, 1.9];

    private static double Slope(Func<double, double> f, double x)
    {
        const double h = 1e-3; // five points: error of order h^4
        return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);
    }

    private static void Close(double expected, double actual) => Assert.True(Math.Abs(expected - actual) <= 1e-7 * (1 + Math.Abs(expected)), $"{expected} is not {actual}");
}
