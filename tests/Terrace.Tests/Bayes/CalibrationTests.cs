using Terrace.Bayes;
using Terrace.Design;
using Terrace.Families;
using Terrace.Inference.Evaluation;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using Xunit.Abstractions;

namespace Terrace.Tests.Bayes;

/// <summary>
/// Simulation-based calibration of six models, by the plain sampler, in whitened coordinates and, where they apply, by Gibbs and by the fast approximation: parameters from fixed proper priors, data from the model, ranks of the parameters among the posterior draws. 144 data sets a
/// case, 72 that it accepts of the approximation; of each case the smallest p-value of its 10 to 20 variables times their number must exceed 1e-3, so that the twenty cases together give a false alarm in at most 2 % of choices of the seed, which is fixed.
/// </summary>
public class CalibrationTests(ITestOutputHelper output)
{
    private const int Simulations = 144, Rows = 64, Accepted = 72, Batch = 12;
    private static readonly NutsOptions Chain = new() { Chains = 1, Warmup = 300, Iterations = 378, AdaptDelta = 0.9, Threads = 1 };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string model in (string[])["gaussian varying slope", "bernoulli crossed", "poisson offset", "negative binomial", "ordinal", "categorical"])
            {
                cases.Add(model, "plain");
                cases.Add(model, "whitened");
                if (model is "gaussian varying slope" or "bernoulli crossed") cases.Add(model, "gibbs");
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Ranks_of_the_truth_among_posterior_draws_are_uniform(string name, string sampler)
    {
        Model model = Model.Create(name);
        BayesianFit prior = PriorOf(model);
        var calibration = SimulationBasedCalibration.Run(Simulations, replicate =>
        {
            double[] truth = new double[prior.Draws.Layout.Count];
            BayesianModel? own = null;
            // Data that the model refuses, as those without every category, are passed over with their parameters: a choice by the data alone leaves the ranks uniform.
            for (int draw = replicate; own is null; draw += Simulations)
            {
                prior.Draws.CopyDraw(draw, truth);
                own = model.TryWith(model.Simulate(prior, draw));
            }
            return new CalibrationReplicate(truth, Sample(own, sampler, (ulong)replicate + 100));
        });
        Report(name, sampler, calibration);
        AssertUniform(calibration);
    }

    /// <summary>
    /// The fast approximation, over data that it accepts. Whether it does depends on the data and on its own random numbers, not on the truth beyond the data, so that ranks of the truth stay uniform. It may not accept too seldom
    /// to be of use here either.
    /// </summary>
    [Theory]
    [InlineData("gaussian varying slope", 0)]
    [InlineData("bernoulli crossed", 0.7)]
    [InlineData("poisson offset", 0.4)]
    [InlineData("negative binomial", 0.6)]
    [InlineData("ordinal", 0.8)]
    [InlineData("categorical", 0.9)]
    public void Ranks_of_the_truth_are_uniform_where_the_approximation_accepts(string name, double mostRejected)
    {
        Model model = Model.Create(name);
        BayesianFit prior = PriorOf(model);
        var accepted = new List<CalibrationReplicate>();
        int rejected = 0;
        for (int first = 0; accepted.Count < Accepted && first < prior.Draws.Count; first += Batch)
        {
            var batch = new (CalibrationReplicate? Replicate, bool IsRejected)[Batch];
            Parallel.For(0, Batch, i => batch[i] = Approximate(model, prior, first + i));
            foreach ((CalibrationReplicate? replicate, bool isRejected) in batch)
            {
                if (accepted.Count == Accepted) break;
                if (replicate is not null) accepted.Add(replicate);
                if (isRejected) rejected++;
            }
        }
        var calibration = SimulationBasedCalibration.Run(accepted.Count, replicate => accepted[replicate]);
        Report(name, $"approx, {rejected} of {rejected + accepted.Count} rejected", calibration);
        Assert.Equal(Accepted, accepted.Count);
        Assert.True(rejected <= mostRejected * (rejected + accepted.Count), $"{rejected} of {rejected + accepted.Count} rejected");
        AssertUniform(calibration);
    }

    private static (CalibrationReplicate? Replicate, bool IsRejected) Approximate(Model model, BayesianFit prior, int draw)
    {
        if (draw >= prior.Draws.Count || model.TryWith(model.Simulate(prior, draw)) is not { } own) return (null, false);
        (SamplingResult? result, Approximation? check, _, _) = SurrogateSampling.Run(own, Chain with { Seed = (ulong)draw + 100 }, default);
        if (result is null || check is not { Accepted: true }) return (null, true);
        double[] truth = new double[prior.Draws.Layout.Count];
        prior.Draws.CopyDraw(draw, truth);
        return (new CalibrationReplicate(truth, result.Draws), false);
    }

    private void Report(string name, string sampler, SimulationBasedCalibration calibration)
    {
        VariableCalibration worst = calibration.Variables.MinBy(variable => variable.PValue)!;
        output.WriteLine($"| {name} | {sampler} | {calibration.Simulations} | {calibration.Variables.Count} | {worst.Name}: {string.Join(' ', worst.Counts)} | {worst.PValue:0.0000} | {calibration.JointPValue:0.00} |");
    }

    private static void AssertUniform(SimulationBasedCalibration calibration) =>
        Assert.True(calibration.JointPValue > 1e-3, string.Join("; ", calibration.Variables.OrderBy(v => v.PValue).Take(3).Select(v => $"{v.Name}: p {v.PValue:G3}, counts {string.Join(' ', v.Counts)}")));

    /// <summary>Nearly independent draws from the prior: one in ten of a long run.</summary>
    private static BayesianFit PriorOf(Model model) => BayesianFit.Sample(model.With(model.AnyRows(), priorOnly: true), [], new NutsOptions { Chains = 4, Warmup = 1000, Iterations = Simulations * 10, Thin = 10, AdaptDelta = 0.95, Seed = 4 }, new SamplerPreference(SamplerKind.Plain));

    private static Draws Sample(BayesianModel model, string sampler, ulong seed) => sampler == "gibbs"
        ? Sampler.Run(model.Name, model.Layout, _ => new GibbsTransition(model), Chain with { Seed = seed, Warmup = 100, Iterations = 1260 }).Draws
        : BayesianFit.Sample(model, [], Chain with { Seed = seed }, new SamplerPreference(sampler == "plain" ? SamplerKind.Plain : SamplerKind.Whitened, 150)).Draws;

    /// <summary>A model with fixed proper priors, whose responses can be simulated.</summary>
    private sealed record Model(string Family, DesignMatrices Design, ModelPriors Priors, IReadOnlyList<string> Levels)
    {
        public static Model Create(string name)
        {
            var rng = new Rng(6, 6);
            double[] x = [.. Enumerable.Range(0, Rows).Select(_ => rng.NextNormal())];
            var columns = new Matrix(Rows, 2);
            for (int i = 0; i < Rows; i++) (columns[i, 0], columns[i, 1]) = (1, x[i]);
            RandomTermDesign Term(string group, int levels, int stride, bool slope)
            {
                var z = new Matrix(Rows, slope ? 2 : 1);
                for (int i = 0; i < Rows; i++)
                {
                    z[i, 0] = 1;
                    if (slope) z[i, 1] = x[i];
                }
                return new RandomTermDesign { Group = group, Levels = [.. Enumerable.Range(1, levels).Select(l => $"{group}{l}")], Codes = [.. Enumerable.Range(0, Rows).Select(i => i / stride % levels)], TermNames = slope ? ["(Intercept)", "x"] : ["(Intercept)"], Z = z };
            }
            RandomTermDesign[] terms = name == "bernoulli crossed" ? [Term("g", 8, 1, false), Term("h", 4, 8, false)] : [Term("g", 8, 1, name == "gaussian varying slope")];
            var design = new DesignMatrices { X = columns, ColumnNames = ["(Intercept)", "x"], Assign = [0, 1], RandomTerms = terms, Offset = name == "poisson offset" ? [.. x.Select((_, i) => 0.1 * (i % 5))] : new double[Rows] };
            string family = name switch { "gaussian varying slope" => "gaussian", "bernoulli crossed" => "binomial", "poisson offset" => "poisson", "negative binomial" => "neg-binomial", "ordinal" => "cumulative", _ => "categorical" };
            var priors = new ModelPriors
            {
                Intercept = family == "cumulative" ? null : new NormalPrior(0.3, 0.7),
                Coefficients = [new NormalPrior(0, 0.5)],
                Terms = [.. terms.Select(term => new IndependentTermPrior([.. term.TermNames.Select(_ => new ExponentialPrior(2))], 2))],
                Auxiliary = new Dictionary<string, Prior> { ["sigma"] = new GammaPrior(4, 4), ["phi"] = new GammaPrior(4, 2), ["thresholds"] = new NormalPrior(0, 1.5) },
            };
            return new Model(family, design, priors, family is "cumulative" or "categorical" ? ["low", "mid", "high"] : []);
        }

        /// <summary>Rows with some response, for the prior.</summary>
        public ModelRows AnyRows() => Respond([.. Enumerable.Range(0, Rows).Select(i => (double)(Levels.Count > 0 ? i % 3 : Family == "binomial" ? i % 2 : i % 4))]);

        public BayesianModel With(ModelRows rows, bool priorOnly = false) => Family switch
        {
            "categorical" => BayesianModel.OfCategories(rows, Priors, priorOnly),
            "neg-binomial" or "cumulative" => BayesianModel.Of(new ComponentRows(rows), ResponseFamily.Parse(Family), Priors, priorOnly),
            _ => BayesianModel.Of(rows, Terrace.Families.Family.Parse(Family), Priors, priorOnly),
        };

        public BayesianModel? TryWith(ModelRows rows)
        {
            try
            {
                return With(rows);
            }
            catch (ModelException)
            {
                return null;
            }
        }

        /// <summary>Rows with responses drawn from the model at one draw of the prior.</summary>
        public ModelRows Simulate(BayesianFit prior, int draw)
        {
            PosteriorCoefficients coefficients = PosteriorCoefficients.Of(prior, Family is "gaussian" ? "identity" : Family is "poisson" or "neg-binomial" ? "log" : "logit", Levels);
            var predictors = new PosteriorPredictors(coefficients, new ComponentRows(AnyRows()), null, false, 1);
            var response = new PosteriorResponse(coefficients);
            var rng = new Rng(21, (ulong)draw);
            var y = new double[Rows];
            var values = new double[prior.Draws.Count];
            for (int i = 0; i < Rows; i++)
            {
                predictors.Set(i);
                if (Levels.Count == 0)
                {
                    response.Outcomes(predictors.Values, 1, 1, rng, values);
                    y[i] = values[draw];
                    continue;
                }
                double uniform = rng.NextDouble();
                for (int k = 0; k < Levels.Count - 1; k++)
                {
                    response.Probabilities(predictors.Values, k, values);
                    uniform -= values[draw];
                    if (uniform < 0) break;
                    y[i]++;
                }
            }
            return Respond(y);
        }

        private ModelRows Respond(double[] y) => new()
        {
            Design = Design,
            RowToCell = [.. Enumerable.Range(0, Rows)],
            SourceRows = [.. Enumerable.Range(0, Rows)],
            OmittedRows = 0,
            Response = Levels.Count == 0
                ? new ResponseValues { Name = "y", Kind = ResponseKind.Numeric, Values = y }
                : new ResponseValues { Name = "y", Kind = ResponseKind.Categorical, Values = y, Levels = Levels, IsOrdered = Family == "cumulative" },
        };
    }
}
