using Terrace.Numerics.Distributions;
using static Terrace.Numerics.Tests.Closeness;

namespace Terrace.Numerics.Tests.Distributions;

/// <summary>Expected values by 40-digit arithmetic; quantiles as R 4.2.2 prints them.</summary>
public class NormalTests
{
    [Theory]
    [InlineData(-3.0, 0.998650101968369905)]
    [InlineData(0.0, 0.5)]
    [InlineData(0.3, 0.382088577811047367)]
    [InlineData(1.0, 0.158655253931457051)]
    [InlineData(3.9, 4.80963440176027348e-5)]
    [InlineData(4.0, 3.16712418331199213e-5)]
    [InlineData(4.1, 2.06575069125467705e-5)]
    [InlineData(9.0, 1.12858840595384065e-19)]
    [InlineData(20.5, 1.07646732587909603e-93)]
    [InlineData(37.5, 4.60535300958195484e-308)]
    public void Upper_tail_is_accurate(double z, double expected) => Close(expected, Normal.UpperTail(z), 1e-12);

    [Theory]
    [InlineData(-3.0, 0.998650101968369905)]
    [InlineData(0.0, 0.5)]
    [InlineData(0.3, 0.382088577811047367)]
    [InlineData(1.0, 0.158655253931457051)]
    [InlineData(3.9, 4.80963440176027348e-5)]
    [InlineData(4.0, 3.16712418331199213e-5)]
    [InlineData(4.1, 2.06575069125467705e-5)]
    [InlineData(9.0, 1.12858840595384065e-19)]
    [InlineData(20.5, 1.07646732587909603e-93)]
    [InlineData(37.5, 4.60535300958195484e-308)]
    public void Lower_tail_mirrors_the_upper(double z, double expected) => Close(expected, Normal.Cdf(-z), 1e-12);

    [Theory]
    [InlineData(-1000.0, -500007.826694812184)]
    [InlineData(-40.0, -804.608442013753788)]
    [InlineData(-24.9, -314.140412761613163)]
    [InlineData(-25.1, -319.148387405888634)]
    [InlineData(-5.0, -15.0649983939887257)]
    [InlineData(0.5, -0.368946415288656393)]
    [InlineData(6.0, -9.86587645524375732e-10)]
    public void Log_cdf_is_accurate(double z, double expected) => Close(expected, Normal.LogCdf(z), 1e-12);

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-20)]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.97)]
    public void Quantile_inverts_the_cdf(double p) => Close(p, Normal.Cdf(Normal.Quantile(p)), 1e-12);

    [Fact]
    public void Quantile_has_its_ends_and_nothing_beyond()
    {
        Assert.Equal(double.NegativeInfinity, Normal.Quantile(0));
        Assert.Equal(double.PositiveInfinity, Normal.Quantile(1));
        Assert.True(double.IsNaN(Normal.Quantile(1.1)));
    }
}
