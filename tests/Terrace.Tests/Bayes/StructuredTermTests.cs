using Terrace.Bayes;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Sampling;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.MixedModels;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.Bayes;

public class StructuredTermTests
{
    public static TheoryData<string, string> Models => new()
    {
        { "y ~ x + rw1(age)", "gaussian" }, { "y ~ x + rw2(age)", "binomial" }, { "y ~ x + ar1(period)", "gaussian" }, { "y ~ x + ar1(period) + (1 | area)", "poisson" },
        { "y ~ x + bym2(area, graph=GRAPH)", "gaussian" }, { "y ~ x + (1 + x | gr(area, cov=COV))", "binomial" }, { StructuredProblem.Everything, "gaussian" }, { StructuredProblem.Everything, "binomial" },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void The_gradient_in_non_centred_coordinates_is_that_of_finite_differences(string formula, string family)
    {
        BayesianModel model = StructuredProblem.Model(formula, family);
        AssertGradient(model.CreateEvaluator(), model.CoordinateNames);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_gradient_in_whitened_coordinates_is_that_of_finite_differences(string formula, string family)
    {
        BayesianModel model = StructuredProblem.Model(formula, family);
        AssertGradient(new WhitenedDensity(model, LaplaceMarginal.Find(model, default)!), model.CoordinateNames);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_position_of_a_draw_is_found_again(string formula, string family)
    {
        BayesianModel model = StructuredProblem.Model(formula, family);
        foreach (ILogDensity density in new[] { model.CreateEvaluator(), new WhitenedDensity(model, LaplaceMarginal.Find(model, default)!) })
        {
            double[] position = [.. RandomMixedDesign.Normals(new Rng(3, 0), density.Dimension).Select(x => 0.5 * x)], draw = new double[model.Layout.Count], back = new double[position.Length];
            density.WriteDraw(position, new Rng(1, 1), draw);
            density.Unconstrain(draw, back);
            for (int i = 0; i < back.Length; i++) AssertClose(position[i], back[i], 1e-7, $"coordinate {i}");
        }
    }

    /// <summary>Both are one posterior in other coordinates: with θ fixed the log Jacobian between them does not change.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Whitened_and_non_centred_densities_are_of_one_posterior(string formula, string family)
    {
        BayesianModel model = StructuredProblem.Model(formula, family);
        ILogDensity plain = model.CreateEvaluator(), whitened = new WhitenedDensity(model, LaplaceMarginal.Find(model, default)!);
        double Difference(double[] position)
        {
            double[] draw = new double[model.Layout.Count], other = new double[position.Length], gradient = new double[position.Length];
            plain.WriteDraw(position, new Rng(1, 1), draw);
            whitened.Unconstrain(draw, other);
            return whitened.Evaluate(other, gradient).Value - plain.Evaluate(position, gradient).Value;
        }
        double[] first = [.. RandomMixedDesign.Normals(new Rng(4, 0), plain.Dimension).Select(x => 0.5 * x)], second = [.. first];
        for (int i = 0; i < model.Structure.CoefficientCount; i++) second[i] = -0.5 * second[i] + 0.1;
        AssertClose(Difference(first), Difference(second), 1e-7, "Jacobian");
    }

    [Fact]
    public void The_map_of_coefficients_and_its_transpose_are_those_of_dense_algebra()
    {
        ModelStructure structure = StructuredProblem.Model(StructuredProblem.Everything, "gaussian").Structure;
        CoefficientMap map = structure.Map;
        Matrix dense = map.Dense();
        var rng = new Rng(8, 0);
        double[] x = RandomMixedDesign.Normals(rng, structure.CoefficientCount), e = RandomMixedDesign.Normals(rng, map.Effects), toEffects = new double[map.Effects], back = new double[x.Length];
        map.ToEffects(x, toEffects);
        map.Back(e, back);
        for (int i = 0; i < e.Length; i++) AssertClose(Enumerable.Range(0, x.Length).Sum(j => dense[i, j] * x[j]), toEffects[i], 1e-12, "E x");
        for (int j = 0; j < x.Length; j++) AssertClose(Enumerable.Range(0, e.Length).Sum(i => dense[i, j] * e[i]), back[j], 1e-12, "E'e");
    }

    [Fact]
    public void Walks_and_spatial_parts_add_up_to_zero_and_a_level_without_answers_has_an_effect()
    {
        BayesianModel model = StructuredProblem.Model(StructuredProblem.Everything, "gaussian");
        ILogDensity density = model.CreateEvaluator();
        double[] draw = new double[model.Layout.Count];
        density.WriteDraw(RandomMixedDesign.Normals(new Rng(3, 0), density.Dimension), new Rng(1, 1), draw);
        double[] Of(string prefix, params string[] levels) => [.. levels.Select(level => draw[model.Layout.IndexOf($"{prefix},{level}{(prefix[0] == 'r' ? ",(Intercept)" : "")}]")])];
        string[] ages = ["20", "25", "30", "35", "40", "45"];
        Assert.Equal(0, Of("r[rw1(age)", ages).Sum(), 10);
        Assert.Equal(0, Of("r[rw2(age)", ages).Sum(), 10);
        Assert.Equal(0, Of("r[rw2(age)", ages).Select((u, i) => u * i).Sum(), 10);
        Assert.NotEqual(0, Of("r[rw1(age)", "35")[0]);
        Assert.Equal(0, Of("spatial[bym2(area)", "A", "B", "C", "D", "E").Sum(), 10);
        Assert.Equal(0, Of("spatial[bym2(area)", "P", "Q").Sum(), 10);
    }

    /// <summary>Four engines, every mean within 4.5 combined Monte Carlo errors of the plain sampler's (about 140 comparisons each: a false alarm of 1e-3).</summary>
    [Theory]
    [InlineData("y ~ x + rw1(age) + ar1(period)", "gaussian")]
    [InlineData("y ~ x + bym2(area, graph=GRAPH)", "binomial")]
    public void All_engines_draw_from_one_posterior(string formula, string family)
    {
        ModelOutline outline = StructuredProblem.Outline(formula, family);
        BayesianFit plain = Fit("nuts", SamplerKind.Plain);
        foreach (BayesianFit fit in new[] { Fit("nuts", SamplerKind.Whitened), Fit("gibbs", SamplerKind.Auto), Fit("approx", SamplerKind.Auto) })
        {
            for (int v = 0; v < plain.Summaries.Count; v++)
            {
                VariableSummary own = fit.Summaries[v], other = plain.Summaries[v];
                double error = Math.Sqrt(own.Mcse * own.Mcse + other.Mcse * other.Mcse);
                Assert.True(Math.Abs(own.Mean - other.Mean) < 4.5 * error, $"{own.Name}: {own.Mean} and {other.Mean}, error {error}");
            }
        }
        BayesianFit Fit(string engine, SamplerKind kind) => BayesianFit.Sample(outline, new BayesianSettings
        {
            Engine = engine,
            Preset = PriorPreset.Brms,
            Priors = StructuredProblem.Proper,
            Preference = new SamplerPreference(kind),
            Sampling = engine == "gibbs" ? new NutsOptions { Warmup = 300, Iterations = 4000, Thin = 2 } : new NutsOptions { Warmup = 500, Iterations = 700, AdaptDelta = 0.97, MaxTreeDepth = 12 },
        });
    }

    private static void AssertGradient(ILogDensity density, IReadOnlyList<string> names)
    {
        double[] position = [.. RandomMixedDesign.Normals(new Rng(2, 0), density.Dimension).Select(x => 0.5 * x)], gradient = new double[position.Length], unused = new double[position.Length], probe = [.. position];
        Assert.True(density.Evaluate(position, gradient).IsAccepted);
        for (int i = 0; i < probe.Length; i++)
        {
            double Value(double step)
            {
                probe[i] = position[i] + step;
                return density.Evaluate(probe, unused).Value;
            }
            const double h = 1e-3;
            double difference = (8 * (Value(h) - Value(-h)) - (Value(2 * h) - Value(-2 * h))) / (12 * h);
            probe[i] = position[i];
            Assert.True(Math.Abs(difference - gradient[i]) < 2e-6 * Math.Max(1, Math.Abs(gradient[i])) + 1e-6, $"{names[i]}: {gradient[i]} against {difference}");
        }
    }
}
