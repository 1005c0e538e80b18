using Terrace.Design;
using Terrace.Families;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.Families;

namespace Terrace.Tests.LinearModels;

/// <summary>Small data sets with an intercept, a two-level and a three-level covariate, from a seed, for any family and link.</summary>
internal static class SimulatedModel
{
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

    /// <summary>Responses around means that every link of the family allows.</summary>
    public static ModelRows Rows(Family family, ulong seed, bool collapse, int n = 60, double shift = 0, Func<double[], double[]>? reweight = null)
    {
        var random = new Rng(seed, 0);
        double[][] x = [.. Enumerable.Range(0, n).Select(i => new double[] { 1, i % 2, i / 2 % 3 })];
        double[] y = [.. x.Select(row => Response(family, Mean(family, row), random))];
        double[] weights = [.. x.Select(_ => 1 + Math.Floor(3 * random.NextDouble()))];
        double[] offset = [.. x.Select(row => shift + (family.Link == Link.Identity || family.Link == Link.Logit || family.Link == Link.Log ? 0.05 * row[2] : 0))];
        return RowsByHand.Make(x, RowsByHand.Numbers(y), reweight is null ? weights : reweight(weights), null, offset, collapse);
    }

    private static double Mean(Family family, double[] row) => family.IsBinomial ? 0.3 + 0.1 * row[1] + 0.05 * row[2] : 2 + 0.5 * row[1] + 0.3 * row[2];

    private static double Response(Family family, double mean, Rng random)
    {
        double u = random.NextDouble();
        if (family.IsBinomial) return u < mean ? 1 : 0;
        return family.Distribution == Distribution.Poisson ? Math.Floor(2 * mean * u + 0.5) : mean * (0.5 + u);
    }
}
