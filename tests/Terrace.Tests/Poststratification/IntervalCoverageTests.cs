using Terrace.Data;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Numerics.RandomNumbers;
using Terrace.Poststratification;

namespace Terrace.Tests.Poststratification;

/// <summary>Intervals of 95 % hold the truth of simulated surveys 95 % of the time.</summary>
public class IntervalCoverageTests
{
    [Fact]
    public void Delta_intervals_of_a_logistic_regression_cover_the_truth()
    {
        const int surveys = 300;
        double[] probability = [0.65, 0.5, 0.4, 0.3, 0.2], sampling = [0.3, 0.3, 0.2, 0.1, 0.1], people = [4000, 4000, 4000, 4000, 7000];
        double truth = probability.Zip(people, (p, n) => p * n).Sum() / people.Sum();
        PoststratificationFrame population = Population(people);
        int covered = 0;
        for (int s = 0; s < surveys; s++)
        {
            var rng = new Rng(88, (ulong)s);
            int[] group = [.. Enumerable.Range(0, 250).Select(_ => Pick(sampling, rng))];
            IntervalEstimate overall = Mrp.Run(Options("y ~ factor(g)", Survey(group, g => probability[g], rng), population)).Overall;
            if (overall.Lower <= truth && truth <= overall.Upper) covered++;
        }
        // Binomial(300, 0.945) lies outside once in 300 times (the delta method's own coverage is 94 to 95 %).
        Assert.InRange(covered, 271, 295);
    }

    [Fact]
    public void Draws_of_a_multilevel_model_cover_the_truth_of_areas_with_and_without_respondents()
    {
        const int surveys = 60, groups = 12;
        double[] people = [.. Enumerable.Range(0, groups + 1).Select(g => 1000.0 + 100 * g)];
        PoststratificationFrame population = Population(people);
        int covered = 0, coveredNew = 0, coveredOverall = 0;
        for (int s = 0; s < surveys; s++)
        {
            var rng = new Rng(1988, (ulong)s);
            double[] probability = [.. people.Select(_ => 1 / (1 + Math.Exp(0.3 - 0.6 * rng.NextNormal())))];
            int[] group = [.. Enumerable.Range(0, 360).Select(i => i % groups)];
            MrpResult result = Mrp.Run(Options("y ~ 1 + (1|g)", Survey(group, g => probability[g], rng), population) with { By = [new Grouping("g")], Draws = 300, Seed = (ulong)s });
            bool[] holds = [.. result.By[0].Rows.Select((row, g) => row.Estimate.Lower <= probability[g] && probability[g] <= row.Estimate.Upper)];
            covered += holds.Take(groups).Count(h => h);
            if (holds[groups]) coveredNew++;
            double truth = probability.Zip(people, (p, n) => p * n).Sum() / people.Sum();
            if (result.Overall.Lower <= truth && truth <= result.Overall.Upper) coveredOverall++;
        }
        // 720 intervals: 0.95 ± 4 standard errors of 0.008 (300 draws cost about 0.5 % of coverage). 60 intervals: Binomial(60, 0.95) is below 51 once in 1,400 times.
        Assert.InRange(covered / (double)(surveys * groups), 0.915, 0.98);
        Assert.InRange(coveredNew, 51, 60);
        Assert.InRange(coveredOverall, 51, 60);
    }

    private static MrpOptions Options(string formula, Frame survey, PoststratificationFrame population) =>
        new() { Formula = Formula.Parse(formula), Survey = survey, Population = population, Family = Family.Binomial() };

    private static Frame Survey(int[] group, Func<int, double> probability, Rng rng) => new(
        [new IntegerColumn("g", [.. group.Select(g => (long)g)]), new IntegerColumn("y", [.. group.Select(g => rng.NextDouble() < probability(g) ? 1L : 0L)])], "survey");

    private static PoststratificationFrame Population(double[] people) => PoststratificationFrame.FromCounts(new Frame(
        [new IntegerColumn("g", [.. Enumerable.Range(0, people.Length).Select(g => (long)g)]), new NumericColumn("N", people)], "population"));

    private static int Pick(double[] probabilities, Rng rng)
    {
        double u = rng.NextDouble();
        int i = 0;
        while (i < probabilities.Length - 1 && u >= probabilities[i]) u -= probabilities[i++];
        return i;
    }
}
