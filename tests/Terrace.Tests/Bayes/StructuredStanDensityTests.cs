using System.Text.Json;
using Terrace.Bayes;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.LogDensities;
using Terrace.Tests.TestData;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.Bayes;

/// <summary>
/// The densities of structured terms against hand-written Stan programs (bench/structured-terms), whose log densities rstan 2.21 gave at five random points: differences between points agree, up to the change of variables.
/// </summary>
public class StructuredStanDensityTests
{
    private static readonly string[] Common = ["normal(0.3, 1.5) on intercept", "normal(0, 1) on b", "exponential(1.2) on sd"];

    /// <summary>Stan's variables are u, of which J − 1 are free, ours z = B⁺u/σ: the log densities differ by (J − 1) log σ and a constant.</summary>
    [Fact]
    public void A_random_walk_has_the_density_of_its_Stan_program()
    {
        JsonElement reference = Fixtures.Bayes("structured_densities").GetProperty("rw1");
        JsonElement data = reference.GetProperty("data");
        var rows = new Frame([new NumericColumn("y", Numbers(data, "y")), new NumericColumn("x", Numbers(data, "x")), new IntegerColumn("level", [.. Numbers(data, "level").Select(v => (long)v)])]);
        BayesianModel model = Model("y ~ x + rw1(level)", rows, "binomial", Common);
        AssertSame(model, reference, point =>
        [
            ("b[(Intercept)]", Number(point, "a")), ("b[x]", Number(point, "b")), ("sd[rw1(level),(Intercept)]", Number(point, "sigma")),
            .. Numbers(point, "u").Select((u, j) => ($"r[rw1(level),{j + 1},(Intercept)]", u)),
        ], point => 6 * Math.Log(Number(point, "sigma")));
    }

    /// <summary>Stan's variables are linear in ours given σ and φ, with a constant factor: the log densities differ by a constant.</summary>
    [Fact]
    public void Mixed_spatial_effects_have_the_density_of_their_Stan_program()
    {
        JsonElement reference = Fixtures.Bayes("structured_densities").GetProperty("bym2");
        JsonElement data = reference.GetProperty("data");
        double[] area = Numbers(data, "area"), from = Numbers(data, "from"), to = Numbers(data, "to");
        using var folder = new TemporaryFolder();
        string graph = folder.Write("graph.csv", "from,to\n" + string.Concat(from.Zip(to, (a, b) => $"a{a},a{b}\n")) + "a12,\n");
        var rows = new Frame([new NumericColumn("y", Numbers(data, "y")), new NumericColumn("x", Numbers(data, "x")), new TextColumn("area", [.. area.Select(a => $"a{a}")])]);
        BayesianModel model = Model($"y ~ x + bym2(area, graph = \"{graph}\")", rows, "poisson", [.. Common, "beta(1.5, 0.8) on mixing"]);
        AssertSame(model, reference, point =>
        [
            ("b[(Intercept)]", Number(point, "a")), ("b[x]", Number(point, "b")), ("sd[bym2(area),(Intercept)]", Number(point, "sigma")), ("mixing[bym2(area)]", Number(point, "mixing")),
            .. Numbers(point, "r").Select((r, j) => ($"r[bym2(area),a{j + 1},(Intercept)]", r)),
            .. Numbers(point, "spatial").Select((r, j) => ($"spatial[bym2(area),a{j + 1}]", r)),
        ], _ => 0);
    }

    private static BayesianModel Model(string formula, Frame rows, string family, string[] priors)
    {
        ModelOutline outline = ModelOutline.Of(ModelFrame.Learn(Formula.Parse(formula), rows).Encode(rows), Family.Parse(family));
        return outline.With(UserPriors.Apply(DefaultPriors.Of(outline, PriorPreset.Brms), outline, [.. priors.Select(UserPrior.Parse)]).Model);
    }

    private static void AssertSame(BayesianModel model, JsonElement reference, Func<JsonElement, IEnumerable<(string Name, double Value)>> values, Func<JsonElement, double> jacobian)
    {
        ILogDensity density = model.CreateEvaluator();
        double[] draw = new double[model.Layout.Count], position = new double[density.Dimension], gradient = new double[density.Dimension];
        var differences = new List<double>();
        foreach (JsonElement point in reference.GetProperty("points").EnumerateArray())
        {
            Array.Fill(draw, double.NaN);
            foreach ((string name, double value) in values(point)) draw[model.Layout.IndexOf(name)] = value;
            Assert.DoesNotContain(double.NaN, draw);
            density.Unconstrain(draw, position);
            differences.Add(density.Evaluate(position, gradient).Value - jacobian(point) - Number(point, "logDensity"));
        }
        Assert.Equal(5, differences.Count);
        foreach (double difference in differences) AssertClose(differences[0], difference, 1e-9, "constant");
    }

    private static double Number(JsonElement json, string name) => json.GetProperty(name).GetDouble();

    private static double[] Numbers(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
}
