using Terrace.Families;
using static Terrace.Tests.Families.RowsByHand;

namespace Terrace.Tests.Families;

/// <summary>Sums over cells give the deviance, Pearson statistic and log likelihood of the rows.</summary>
public class ObservationsTests
{
    private static readonly double[] Group = [0, 1, 0, 1, 1, 0, 1, 0];

    public static TheoryData<string, double[], double[], double> Cases => new()
    {
        { "gaussian", [1.2, -0.4, 3, 2.5, 0.1, 0, 1, 1.7], [1, 2, 0.5, 1, 3, 1, 1, 2], 0.7 },
        { "binomial", [0.5, 0.25, 1, 0, 0.75, 0, 1, 0.5], [2, 4, 3, 1, 4, 2, 5, 6], 1 },
        { "poisson", [0, 3, 2, 1, 4, 1, 0, 2], [1, 2, 1, 1, 3, 1, 1, 2], 1 },
        { "gamma", [0.5, 1.3, 2.2, 0.9, 4, 1, 0.2, 2], [1, 2, 1, 1, 3, 1, 1, 2], 0.45 },
        { "inverse-gaussian", [0.5, 1.3, 2.2, 0.9, 4, 1, 0.2, 2], [1, 2, 1, 1, 3, 1, 1, 2], 0.45 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Cells_and_constants_give_the_deviance_pearson_and_likelihood_of_the_rows(string name, double[] y, double[] weights, double dispersion)
    {
        Family family = Family.Parse(name);
        Observations observations = Observations.Resolve(Make([.. Group.Select(g => new[] { 1, g })], Numbers(y), weights, collapse: true), family);
        Assert.Equal(2, observations.Y.Length);
        double[] mean = [0.4, 0.7];
        double deviance = 0, pearson = 0, likelihood = 0, cellDeviance = 0, cellPearson = 0;
        for (int i = 0; i < y.Length; i++)
        {
            double mu = mean[observations.RowToCell[i]];
            deviance += weights[i] * family.UnitDeviance(y[i], mu);
            pearson += weights[i] * (y[i] - mu) * (y[i] - mu) / family.Variance(mu);
            likelihood += family.LogDensity(y[i], mu, weights[i], weights[i], dispersion);
        }
        for (int c = 0; c < 2; c++)
        {
            double residual = observations.Y[c] - mean[c];
            cellDeviance += observations.Weight[c] * family.UnitDeviance(observations.Y[c], mean[c]);
            cellPearson += (observations.Weight[c] * residual * residual + observations.WithinSquares[c]) / family.Variance(mean[c]);
        }
        Assert.Equal(deviance, observations.DevianceOfRows(cellDeviance), 1e-12);
        Assert.Equal(pearson, cellPearson, 1e-12);
        Assert.Equal(likelihood, observations.LogLikelihood(deviance, dispersion), 1e-11);
        double[] eta = [family.Link.Eta(0.4), family.Link.Eta(0.7)];
        double kernel = family.Kernel.Deviance(eta, observations.Y, observations.Weight);
        Assert.Equal(deviance, kernel + observations.KernelConstant + observations.WithinDeviance, 1e-11);
    }

    [Fact]
    public void Quasi_families_have_no_log_likelihood() =>
        Assert.True(double.IsNaN(Observations.Resolve(Intercept(Numbers(1, 2)), Family.Quasipoisson()).LogLikelihood(1)));

    [Fact]
    public void Rows_of_weight_zero_do_not_count()
    {
        Observations observations = Observations.Resolve(Intercept(Numbers(5, 1, 3), [0, 1, 1], collapse: true), Family.Gaussian());
        Assert.Equal(2, observations.WeightedRows);
        Assert.Equal(2, observations.Y[0]);
        Assert.Equal(2, observations.WithinDeviance, 1e-14);
    }
}
