using Terrace.Data;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Numerics.RandomNumbers;
using Terrace.Poststratification;

namespace Terrace.Tests.Poststratification;

public class DrawEstimatesTests
{
    private const int Draws = 1500;

    private static readonly Lazy<MrpResult> Result = new(() => Mrp.Run(new MrpOptions
    {
        Formula = Formula.Parse("y ~ 1 + (1|g)"),
        Survey = Survey(),
        Population = Population(),
        Family = Family.Gaussian(),
        By = [new Grouping("g"), new Grouping("g", "half")],
        Draws = Draws,
    }));

    [Fact]
    public void Two_groups_without_respondents_have_independent_effects()
    {
        double[] first = NewEffect("mean[9]"), second = NewEffect("mean[10]");
        // The sd of the correlation of independent draws is 1/√1500 = 0.026: false alarm 1 in 15,000.
        Assert.InRange(Correlation(first, second), -0.104, 0.104);
    }

    [Fact]
    public void Their_effects_vary_as_the_groups_do()
    {
        double[] effect = NewEffect("mean[9]");
        double[] sd = Result.Value.Parameters!.Column("sd[g,(Intercept)]").ToArray();
        // Draw by draw the effect is sd × a standard normal: the mean square of effect/sd is 1 ± 4 √(2/1500).
        Assert.InRange(effect.Zip(sd, (e, s) => e * e / (s * s)).Average(), 1 - 0.146, 1 + 0.146);
        Assert.InRange(effect.Zip(sd, (e, s) => e / s).Average(), -0.104, 0.104);
    }

    [Fact]
    public void All_cells_of_a_new_group_share_its_effect()
    {
        var cells = Result.Value.Estimates[2];
        Assert.Equal(cells.Column("mean[9,1]").ToArray(), cells.Column("mean[9,2]").ToArray());
    }

    [Fact]
    public void The_point_estimate_of_a_new_group_is_that_of_the_fixed_part()
    {
        MrpResult result = Result.Value;
        Assert.Equal("reml", result.Engine);
        Assert.Equal(result.MixedFit!.Beta[0], result.By[0].Rows[8].Estimate.Estimate, 1e-12);
        Assert.True(result.By[0].Rows[8].Estimate.Sd > 1.5 * result.By[0].Rows.Take(8).Max(row => row.Estimate.Sd));
    }

    [Fact]
    public void The_sd_of_a_group_with_respondents_is_near_its_conditional_one()
    {
        MrpResult result = Result.Value;
        foreach (AreaEstimate row in result.By[0].Rows.Take(8)) Assert.Equal(0, row.Estimate.Estimate - (row.Estimate.Lower + row.Estimate.Upper) / 2, row.Estimate.Sd);
        Assert.Equal(1 / Math.Sqrt(10), result.By[0].Rows[0].Estimate.Sd, 0.12);
    }

    private static double[] NewEffect(string area)
    {
        double[] mean = Result.Value.Estimates[1].Column(area).ToArray(), intercept = Result.Value.Parameters!.Column("b[(Intercept)]").ToArray();
        return [.. mean.Zip(intercept, (m, b) => m - b)];
    }

    private static Frame Survey()
    {
        var rng = new Rng(2024, 0);
        double[] effect = [.. Enumerable.Range(0, 8).Select(_ => 1.5 * rng.NextNormal())];
        int[] group = [.. Enumerable.Range(0, 80).Select(i => i / 10)];
        return new Frame([new IntegerColumn("g", [.. group.Select(g => g + 1L)]), new NumericColumn("y", [.. group.Select(g => effect[g] + rng.NextNormal())])], "survey");
    }

    private static PoststratificationFrame Population() => PoststratificationFrame.FromCounts(new Frame(
    [
        new IntegerColumn("g", [.. Enumerable.Range(0, 20).Select(i => i / 2 + 1L)]),
        new IntegerColumn("half", [.. Enumerable.Range(0, 20).Select(i => i % 2 + 1L)]),
        new IntegerColumn("N", [.. Enumerable.Range(0, 20).Select(i => 100L + i)]),
    ], "population"));

    private static double Correlation(double[] x, double[] y)
    {
        double mx = x.Average(), my = y.Average();
        return x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / Math.Sqrt(x.Sum(a => (a - mx) * (a - mx)) * y.Sum(b => (b - my) * (b - my)));
    }
}
