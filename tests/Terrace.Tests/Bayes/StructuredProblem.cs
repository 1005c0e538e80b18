using Terrace.Bayes;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Bayes;

/// <summary>Small surveys for structured terms: ordered ages of which one has no answers, periods, areas of a graph with two components and an island, a covariance of the areas.</summary>
internal static class StructuredProblem
{
    public const string Everything = "y ~ x + rw1(age) + rw2(age) + ar1(period) + bym2(area, graph=GRAPH) + (1 + x | gr(area, cov=COV)) + (1 | area)";
    private const int Rows = 80;

    /// <summary>Proper priors of coefficients and standard deviations.</summary>
    public static IReadOnlyList<UserPrior> Proper => [UserPrior.Parse("normal(0, 3) on intercept"), UserPrior.Parse("normal(0, 1) on b"), UserPrior.Parse("normal(0, 1) on sd")];

    /// <summary>The outline of a model on the survey; the formula names files GRAPH and COV.</summary>
    public static ModelOutline Outline(string formula, string family, int seed = 5)
    {
        using var folder = new TemporaryFolder();
        string graph = folder.Write("graph.csv", "a,b\nA,B\nB,C\nC,D\nD,A\nD,E\nP,Q\nZ,\n");
        string covariance = folder.Write("cov.csv", "A,B,C,D,E,P,Q,Z\n" + string.Join('\n', Enumerable.Range(0, 8).Select(i => string.Join(',', Enumerable.Range(0, 8).Select(j => Math.Pow(0.5, Math.Abs(i - j)).ToString(System.Globalization.CultureInfo.InvariantCulture))))) + "\n");
        Frame data = Survey(family, seed);
        ModelFrame frame = ModelFrame.Learn(Formula.Parse(formula.Replace("GRAPH", $"\"{graph}\"").Replace("COV", $"\"{covariance}\"")), data);
        return ModelOutline.Of(frame.Encode(data), Family.Parse(family));
    }

    /// <summary>A model with proper priors, those of standard deviations independent.</summary>
    public static BayesianModel Model(string formula, string family)
    {
        ModelOutline outline = Outline(formula, family);
        ChosenPriors priors = UserPriors.Apply(DefaultPriors.Of(outline, PriorPreset.Brms), outline, Proper);
        return outline.With(priors.Model);
    }

    private static Frame Survey(string family, int seed)
    {
        var rng = new Rng((ulong)seed, 0);
        string[] areas = ["A", "B", "C", "D", "E", "P", "Z"];
        double[] x = [.. Enumerable.Range(0, Rows).Select(_ => rng.NextNormal())], y = new double[Rows];
        long[] age = [.. Enumerable.Range(0, Rows).Select(i => i < 5 ? 20 + 5 * i + (i > 2 ? 5 : 0) : 20 + 5 * new[] { 0, 1, 2, 4, 5 }[rng.NextInt(5)])], period = [.. Enumerable.Range(0, Rows).Select(i => i < 4 ? 2000 + i : 2000 + (long)rng.NextInt(4))];
        int[] area = [.. Enumerable.Range(0, Rows).Select(i => i < 7 ? i : rng.NextInt(7))];
        for (int i = 0; i < Rows; i++)
        {
            double eta = 0.4 * x[i] + 0.05 * (age[i] - 30) + 0.3 * (period[i] % 3) - 0.3 * area[i] / 3;
            y[i] = family switch { "binomial" => rng.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0, "poisson" => (int)(Math.Exp(0.3 * eta) * 2 * rng.NextDouble()), _ => eta + rng.NextNormal() };
        }
        return new Frame([new NumericColumn("y", y), new NumericColumn("x", x), new IntegerColumn("age", age), new IntegerColumn("period", period), new TextColumn("area", [.. area.Select(a => areas[a])])]);
    }
}
