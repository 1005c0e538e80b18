using Terrace.Families;

namespace Terrace.Tests.Families;

/// <summary>Every family with every link: the kernel's score, information and slope against finite differences and a plain loop.</summary>
public class FamilyKernelTests
{
    private static readonly double[] Weights = [1, 2.5, 0.5, 3, 1];

    public static TheoryData<string, string> Models
    {
        get
        {
            var models = new TheoryData<string, string>();
            foreach (FamilyDefinition definition in FamilyDefinition.All)
                foreach (Link link in definition.Links) models.Add(definition.Name, link.Name);
            return models;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_deviance_is_the_sum_of_weighted_unit_deviances(string name, string link)
    {
        Family family = Family.Parse(name, link);
        (double[] eta, double[] y) = Data(family);
        double expected = 0;
        for (int i = 0; i < y.Length; i++) expected += Weights[i] * family.UnitDeviance(y[i], family.Link.Mean(eta[i]));
        double constant = family.Kernel.DevianceConstant(y, Weights);
        Close(expected, family.Kernel.Deviance(eta, y, Weights) + constant);
        Close(expected, family.Kernel.Evaluate(eta, y, Weights, Information.Expected, new double[5], new double[5], []) + constant);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_score_and_the_observed_information_are_derivatives_of_the_deviance(string name, string link)
    {
        Family family = Family.Parse(name, link);
        (double[] eta, double[] y) = Data(family);
        (double[] score, double[] information, double[] slope) = Evaluate(family, eta, y, Information.Observed);
        for (int i = 0; i < y.Length; i++)
        {
            int row = i;
            Close(-0.5 * Derivative(eta, row, e => family.Kernel.Deviance(e, y, Weights)), score[i]);
            Close(-Derivative(eta, row, e => Evaluate(family, e, y, Information.Observed).Score[row]), information[i]);
            Close(Derivative(eta, row, e => Evaluate(family, e, y, Information.Observed).Information[row]), slope[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_expected_information_is_slope_squared_over_variance_and_its_slope_the_derivative(string name, string link)
    {
        Family family = Family.Parse(name, link);
        (double[] eta, double[] y) = Data(family);
        (_, double[] information, double[] slope) = Evaluate(family, eta, y, Information.Expected);
        for (int i = 0; i < y.Length; i++)
        {
            int row = i;
            double g = family.Link.Slope(eta[i]);
            Close(Weights[i] * g * g / family.Variance(family.Link.Mean(eta[i])), information[i]);
            Close(Derivative(eta, row, e => Evaluate(family, e, y, Information.Expected).Information[row]), slope[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void With_the_canonical_link_observed_and_expected_information_agree(string name, string link)
    {
        Family family = Family.Parse(name, link);
        (double[] eta, double[] y) = Data(family);
        double[] observed = Evaluate(family, eta, y, Information.Observed).Information, expected = Evaluate(family, eta, y, Information.Expected).Information;
        double difference = observed.Zip(expected, (a, b) => Math.Abs(a - b)).Max();
        Assert.Equal(family.IsCanonical, difference < 1e-12);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(800)]
    public void The_logistic_kernel_stays_finite_and_exact_far_out(double eta)
    {
        IFamilyKernel kernel = Family.Binomial().Kernel;
        Assert.Equal(2 * eta, kernel.Deviance([eta, -eta], [0, 0], [1, 1]), 1e-12);
        Assert.Equal(2 * eta, kernel.Deviance([eta, -eta], [1, 1], [1, 1]), 1e-12);
    }

    [Theory]
    [InlineData("binomial")]
    [InlineData("poisson")]
    public void The_fast_kernels_agree_with_the_general_one_on_any_number_of_rows(string name)
    {
        Family family = Family.Parse(name);
        IFamilyKernel general = name == "binomial" ? new ExponentialFamilyKernel<BinomialVariance, LogitLink>() : new ExponentialFamilyKernel<PoissonVariance, LogLink>();
        foreach (int n in new[] { 1, 7, 256, 257, 1000 })
        {
            double[] eta = [.. Enumerable.Range(0, n).Select(i => 4 * Math.Sin(i))], weight = [.. Enumerable.Range(0, n).Select(i => 1.0 + i % 3)];
            double[] y = [.. Enumerable.Range(0, n).Select(i => name == "binomial" ? i % 4 / 3.0 : i % 5)];
            double[][] fast = [new double[n], new double[n], new double[n]], slow = [new double[n], new double[n], new double[n]];
            double a = family.Kernel.Evaluate(eta, y, weight, Information.Observed, fast[0], fast[1], fast[2]) + family.Kernel.DevianceConstant(y, weight);
            double b = general.Evaluate(eta, y, weight, Information.Observed, slow[0], slow[1], slow[2]);
            Assert.Equal(1, a / b, 1e-12);
            Assert.Equal(1, (family.Kernel.Deviance(eta, y, weight) + family.Kernel.DevianceConstant(y, weight)) / b, 1e-12);
            for (int k = 0; k < 3; k++)
                for (int i = 0; i < n; i++) Assert.Equal(slow[k][i], fast[k][i], 1e-11);
            double[] mean = new double[n], expected = new double[n];
            family.Kernel.Means(eta, mean);
            general.Means(eta, expected);
            for (int i = 0; i < n; i++) Assert.Equal(1, mean[i] / expected[i], 1e-13);
        }
    }

    [Fact]
    public void A_linear_predictor_outside_the_range_of_the_link_has_infinite_deviance()
    {
        Assert.Equal(double.PositiveInfinity, Family.Gamma(Link.Identity).Kernel.Deviance([-1], [2], [1]));
        Assert.Equal(double.PositiveInfinity, Family.Poisson(Link.Sqrt).Kernel.Deviance([-1], [2], [1]));
    }

    private static (double[] Score, double[] Information, double[] Slope) Evaluate(Family family, double[] eta, double[] y, Information kind)
    {
        double[] score = new double[y.Length], information = new double[y.Length], slope = new double[y.Length];
        family.Kernel.Evaluate(eta, y, Weights, kind, score, information, slope);
        return (score, information, slope);
    }

    // Means inside the range of the family, and responses that differ from them.
    private static (double[] Eta, double[] Y) Data(Family family)
    {
        double[] means = family.IsBinomial ? [0.2, 0.35, 0.5, 0.64, 0.8] : [0.6, 0.9, 1.4, 2.2, 3.1];
        double[] y = family.IsBinomial ? [0, 0.4, 1, 0.5, 1] : family.Distribution == Distribution.Poisson ? [0, 1, 3, 2, 4] : [0.7, 1.2, 1.1, 2.9, 2.2];
        return ([.. means.Select(family.Link.Eta)], y);
    }

    private static double Derivative(double[] eta, int row, Func<double[], double> f)
    {
        const double h = 1e-3; // five points: error of order h^4
        double At(double step)
        {
            var moved = (double[])eta.Clone();
            moved[row] += step * Math.Min(1, Math.Abs(eta[row]) + 0.1);
            return f(moved);
        }
        return (8 * (At(h) - At(-h)) - (At(2 * h) - At(-2 * h))) / (12 * h * Math.Min(1, Math.Abs(eta[row]) + 0.1));
    }

    private static void Close(double expected, double actual) => Assert.True(Math.Abs(expected - actual) <= 2e-7 * (1 + Math.Abs(expected)), $"{expected} is not {actual}");
}
