using Terrace.Bayes;
using Terrace.Design;
using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.MixedModels;

namespace Terrace.Tests.Bayes;

/// <summary>Small random models of every family with a correlated term and a crossed one, weak priors, and a random position.</summary>
internal sealed record RandomBayesianProblem(BayesianModel Model, ModelRows Rows, double[] Position)
{
    private const int Count = 60;

    /// <summary>Family, link, formula of the dispersion, formula of the zero part.</summary>
    public static TheoryData<string, string?, bool, bool> Families => new()
    {
        { "gaussian", null, false, false }, { "gaussian", "log", false, false }, { "binomial", null, false, false }, { "binomial", "probit", false, false }, { "binomial", "cloglog", false, false },
        { "poisson", null, false, false }, { "gamma", "log", false, false }, { "inverse-gaussian", "log", false, false }, { "neg-binomial", null, false, false }, { "neg-binomial-1", null, true, false },
        { "neg-binomial", null, true, true }, { "poisson", null, false, true }, { "hurdle-poisson", null, false, false }, { "hurdle-neg-binomial", null, true, true }, { "beta", null, false, false },
        { "beta-binomial", null, false, false }, { "gaussian", null, true, false }, { "lognormal", null, false, false }, { "student", null, false, false }, { "cumulative", null, false, false },
        { "cumulative", "probit", false, false }, { "categorical", null, false, false },
    };

    public static RandomBayesianProblem Create(string family, string? link, bool dispersion, bool zeroInflation, TermPrior? termPrior = null, bool priorOnly = false)
    {
        var rng = new Rng(77, 0);
        DesignMatrices design = Design(rng);
        bool ordinary = !dispersion && !zeroInflation && Family.Names.Contains(family);
        ModelRows rows = RowsOf(design) with { Response = Response(rng, family, zeroInflation), Trials = family is "binomial" or "beta-binomial" ? [.. Enumerable.Repeat(9.0, Count)] : null };
        if (family is not ("binomial" or "beta-binomial")) rows = rows with { Weights = [.. Enumerable.Range(0, Count).Select(i => 1.0 + i % 2)] };
        ModelPriors priors = Priors(termPrior);
        if (priorOnly) priors = Proper(priors);
        BayesianModel model = family == "categorical" ? BayesianModel.OfCategories(rows, priors, priorOnly)
            : ordinary ? BayesianModel.Of(rows, Family.Parse(family, link), priors, priorOnly)
            : BayesianModel.Of(new ComponentRows(rows, dispersion ? RowsOf(Plain(rng)) : null, zeroInflation ? RowsOf(Plain(rng)) : null), ResponseFamily.Parse(family, link), priors, priorOnly);
        return new RandomBayesianProblem(model, rows, [.. RandomMixedDesign.Normals(rng, model.Dimension).Select(x => 0.4 * x)]);
    }

    /// <summary>The same with weak priors in the place of flat ones.</summary>
    private static ModelPriors Proper(ModelPriors priors)
    {
        static Prior[] All(IEnumerable<Prior> list) => [.. list.Select(prior => prior is FlatPrior ? new NormalPrior(0, 1e8) : prior)];
        return priors with { Coefficients = All(priors.Coefficients), Components = priors.Components.ToDictionary(c => c.Key, c => (IReadOnlyList<Prior>)All(c.Value)) };
    }

    public static ModelPriors Priors(TermPrior? term) => new()
    {
        Intercept = new NormalPrior(0.3, 2),
        Coefficients = [new NormalPrior(0.1, 1.5), new FlatPrior()],
        Terms = [term is DecovPrior decov ? decov : new IndependentTermPrior([new NormalPrior(0, 1), new NormalPrior(0, 0.7)], 1.7), term is DecovPrior ? new DecovPrior { RelativeToSigma = term.RelativeToSigma } : new IndependentTermPrior([new NormalPrior(0, 2)])],
        Auxiliary = new Dictionary<string, Prior>
        {
            ["sigma"] = new NormalPrior(0.5, 2),
            ["phi"] = new NormalPrior(1, 3),
            ["nu"] = new NormalPrior(4, 3),
            ["shape"] = new NormalPrior(2, 2),
            ["zi"] = new NormalPrior(0.4, 0.3),
            ["thresholds"] = new NormalPrior(0, 2.5),
        },
        Components = new Dictionary<string, IReadOnlyList<Prior>> { ["dispersion"] = [new NormalPrior(0, 1), new NormalPrior(0, 2)], ["zero-inflation"] = [new NormalPrior(-1, 1), new FlatPrior()] },
    };

    private static DesignMatrices Design(Rng rng)
    {
        Matrix x = new(Count, 3), slope = new(Count, 2), ones = new(Count, 1);
        int[] first = new int[Count], second = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            (x[i, 0], x[i, 1], x[i, 2]) = (1, rng.NextNormal() + 2, rng.NextInt(2));
            (slope[i, 0], slope[i, 1], ones[i, 0]) = (1, x[i, 1], 1);
            (first[i], second[i]) = (i % 7, rng.NextInt(4));
        }
        return new DesignMatrices
        {
            X = x,
            ColumnNames = ["(Intercept)", "x", "d"],
            Assign = [0, 1, 2],
            Offset = [.. Enumerable.Range(0, Count).Select(i => 0.05 * (i % 3))],
            RandomTerms =
            [
                new RandomTermDesign { Group = "g", Levels = [.. "abcdefg".Select(c => c.ToString())], Codes = first, TermNames = ["(Intercept)", "x"], Z = slope },
                new RandomTermDesign { Group = "h", Levels = ["p", "q", "r", "s"], Codes = second, TermNames = ["(Intercept)"], Z = ones },
            ],
        };
    }

    private static DesignMatrices Plain(Rng rng)
    {
        var x = new Matrix(Count, 2);
        for (int i = 0; i < Count; i++) (x[i, 0], x[i, 1]) = (1, rng.NextNormal());
        return new DesignMatrices { X = x, ColumnNames = ["(Intercept)", "z"], Assign = [0, 1], RandomTerms = [], Offset = new double[Count] };
    }

    private static ModelRows RowsOf(DesignMatrices design) =>
        new() { Design = design, RowToCell = [.. Enumerable.Range(0, Count)], SourceRows = [.. Enumerable.Range(0, Count)], OmittedRows = 0 };

    private static ResponseValues Response(Rng rng, string family, bool zeroInflation) => new()
    {
        Name = "y",
        Kind = family is "cumulative" or "categorical" ? ResponseKind.Categorical : ResponseKind.Numeric,
        Levels = family is "cumulative" or "categorical" ? ["a", "b", "c"] : null,
        IsOrdered = family == "cumulative",
        Values = [.. Enumerable.Range(0, Count).Select(_ => family switch
        {
            "cumulative" or "categorical" => (double)rng.NextInt(3),
            "binomial" or "beta-binomial" => rng.NextInt(10),
            "beta" => 0.1 + 0.8 * rng.NextDouble(),
            "gamma" or "inverse-gaussian" or "lognormal" => 0.3 + rng.NextDouble(),
            "gaussian" or "student" => rng.NextNormal() + 3,
            _ => rng.NextInt(6),
        })],
    };
}
