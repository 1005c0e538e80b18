using Terrace.Design;
using Terrace.Families;
using Terrace.LinearModels;
using static Terrace.Tests.Families.RowsByHand;

namespace Terrace.Tests.LinearModels;

/// <summary>Prior weights, one of them 0, with links that the reference data sets do not have; R 4.2.2's numbers for the clotting data.</summary>
public class WeightedFitsTests
{
    private static readonly double[] U = [5, 10, 15, 20, 30, 40, 60, 80, 100];
    private static readonly double[] Weights = [1, 2, 0, 1, 3, 1, 2, 1, 1];

    // intercept, slope, their standard errors, deviance, null deviance, log likelihood, dispersion, iterations
    public static TheoryData<string, string, double[]> Fits => new()
    {
        { "gamma", "log", [5.4956280494621028, -0.6051335974649730, 0.2106817796597868, 0.0607305480438134, 0.1927649589641512, 4.2422516732032314, -33.7333448819746096, 0.0340053225885670, 5] },
        { "gamma", "identity", [12.7931564489750240, 466.9272131889128445, 0.7174526567966761, 22.2594327146497513, 0.0235602453847666, 4.2422516732032314, -21.1077795660546919, 0.0040303456816367, 5] },
        { "inverse-gaussian", "log", [5.26887224983734281, -0.54122069826644970, 0.23408270639328771, 0.06171722955947265, 0.00475499857403096, 0.10888448757534688, -32.24221031614691668, 0.00090098936492886, 7] },
        { "gaussian", "log", [5.9527454130978956, -0.7714788526809597, 0.1407518393046600, 0.0608936217758858, 294.4871173460724094, 9079.6666666666642413, double.NaN, 49.0817018234864904, 6] },
        { "gaussian", "inverse", [-1.51007908215347e-02, 1.45997151087630e-02, 1.05733863142470e-03, 6.10197045298323e-04, 5.23828012417767e+01, 9.07966666666666e+03, double.NaN, 8.73046022380057, 5] },
        { "poisson", "identity", [5.14952824020614, 547.56244373554387, 2.16271472175275, 45.94448438943811, 1.04706147971025, 219.35401716582220, -32.32487675900490, 1, 4] },
        { "binomial", "cloglog", [-5.840691025780200, 1.508371110310047, 0.992092770193130, 0.257002009729631, 1.524031106506136, 55.246595890324976, -13.698149489982805, 1, 5] },
        { "quasipoisson", "sqrt", [12.578450071648223, -1.990174272389655, 1.099511299892311, 0.316942091198649, 21.097608557051480, 184.393009108351038, double.NaN, 3.704693880975261, 4] },
    };

    [Theory]
    [MemberData(nameof(Fits))]
    public void Agree_with_R(string name, string link, double[] expected)
    {
        Family family = Family.Parse(name, link);
        GeneralizedLinearModelFit fit = GeneralizedLinearModel.Fit(Rows(family), family);
        double[] actual =
        [
            .. fit.Estimates.Values, .. fit.Estimates.StandardErrors(), fit.Deviance, fit.NullDeviance, fit.LogLikelihood, fit.Dispersion, fit.Iterations,
        ];
        for (int k = 0; k < expected.Length; k++)
            if (!double.IsNaN(expected[k])) Assert.True(Math.Abs(expected[k] - actual[k]) <= 1e-8 * Math.Abs(expected[k]), $"{k}: {expected[k]} is not {actual[k]}");
        Assert.Equal(6, fit.ResidualDf);
        Assert.Equal(0, fit.Diagnostics.Leverage[2]);
        Assert.Equal(fit.Family.HasLikelihood, !double.IsNaN(fit.LogLikelihood));
    }

    // R's log likelihood of a weighted Gaussian with a weight of 0 is -infinity; without the row it is this one.
    [Fact]
    public void A_row_of_weight_zero_is_as_good_as_absent()
    {
        ModelRows rows = Rows(Family.Gaussian());
        ModelRows without = rows with
        {
            RowToCell = [.. rows.RowToCell.Where((_, i) => i != 2)],
            Weights = [.. Weights.Where(w => w > 0)],
            Response = rows.Response! with { Values = [.. rows.Response.Values.Where((_, i) => i != 2)] },
        };
        GeneralizedLinearModelFit a = LinearModel.Fit(rows), b = LinearModel.Fit(without);
        Assert.Equal(b.LogLikelihood, a.LogLikelihood, 1e-10);
        Assert.Equal(b.Bic, a.Bic, 1e-10);
        Assert.Equal(b.Estimates.Values[1], a.Estimates.Values[1], 1e-10);
        Assert.Equal(b.Linear!.AdjustedRSquared, a.Linear!.AdjustedRSquared, 1e-12);
    }

    private static ModelRows Rows(Family family)
    {
        bool reciprocal = family.Link == Link.Identity && !family.IsGaussian;
        double[][] x = [.. U.Select(u => new[] { 1, reciprocal ? 1 / u : Math.Log(u) })];
        if (family.IsBinomial) return Make(x, Cbind([0, 1, 1, 2, 4, 5, 8, 9, 9], [10, 9, 9, 8, 6, 5, 2, 1, 1]), Weights);
        double[]? offset = family.Distribution == Distribution.Poisson && reciprocal ? [.. U.Select(u => 0.1 * u)] : null;
        return Make(x, Numbers(118, 58, 42, 35, 27, 25, 21, 19, 18), Weights, null, offset);
    }
}
