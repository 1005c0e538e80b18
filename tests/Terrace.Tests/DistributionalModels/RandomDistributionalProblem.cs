using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.MixedModels;

namespace Terrace.Tests.DistributionalModels;

/// <summary>Small random models with parameters at which their criteria are compared.</summary>
internal sealed record RandomDistributionalProblem(MixedModelCells Cells, ResponseLikelihood Likelihood, DistributionalDeviance Deviance, double[] Parameters)
{
    private const int Rows = 60;

    public static RandomDistributionalProblem Create(string family, string? link, int structure, bool dispersion, bool zeroInflation, Information information = Information.Observed)
    {
        var rng = new Rng(31, (ulong)structure);
        ResponseFamily parsed = ResponseFamily.Parse(family, link);
        DesignMatrices design = RandomMixedDesign.Create(rng, Rows, RandomMixedDesign.Structures[structure]);
        for (int i = 0; i < Rows; i++) design.Offset[i] = 0.1 * rng.NextNormal();
        ModelRows rows = RowsOf(design) with { Response = Response(rng, parsed), Trials = parsed.Kind == ResponseType.Trials ? [.. Enumerable.Repeat(9.0, Rows)] : null, Weights = [.. Enumerable.Range(0, Rows).Select(i => 1.0 + i % 2)] };
        var components = new ComponentRows(rows, dispersion ? RowsOf(Plain(rng)) : null, zeroInflation ? RowsOf(Plain(rng)) : null);
        DistributionalCells cells = DistributionalCells.Of(components, OutcomeValues.Resolve(rows, parsed), parsed);
        var likelihood = new ResponseLikelihood(parsed, cells);
        var mixed = new MixedModelCells(cells.Conditional, FixedEffectsBasis.Of(cells.Conditional.X, cells.Weight));
        double[] theta = [.. RandomMixedDesign.Normals(rng, mixed.Layout.ThetaCount).Select(x => 0.4 * x)], gamma = [.. RandomMixedDesign.Normals(rng, mixed.FixedColumns).Select(x => 0.5 * x)];
        if (link == "sqrt") gamma[0] += 20;
        double[] delta = [.. likelihood.Parameters.SelectMany((parameter, k) => parameter.Project(i => parsed.IsOrdered ? k - 0.8 : 0.3 + 0.1 * (i % 3), cells.Weight))];
        return new RandomDistributionalProblem(mixed, likelihood, new DistributionalDeviance(mixed, likelihood, information), [.. theta, .. gamma, .. delta]);
    }

    private static ModelRows RowsOf(DesignMatrices design) =>
        new() { Design = design, RowToCell = [.. Enumerable.Range(0, Rows)], SourceRows = [.. Enumerable.Range(0, Rows)], OmittedRows = 0 };

    private static DesignMatrices Plain(Rng rng)
    {
        var x = new Matrix(Rows, 2);
        for (int i = 0; i < Rows; i++) (x[i, 0], x[i, 1]) = (1, rng.NextNormal());
        return new DesignMatrices { X = x, ColumnNames = ["(Intercept)", "z"], Assign = [0, 1], RandomTerms = [], Offset = new double[Rows] };
    }

    private static ResponseValues Response(Rng rng, ResponseFamily family) => new()
    {
        Name = "y",
        Kind = family.IsOrdered ? ResponseKind.Categorical : ResponseKind.Numeric,
        Levels = family.IsOrdered ? ["a", "b", "c"] : null,
        IsOrdered = family.IsOrdered,
        Values = [.. Enumerable.Range(0, Rows).Select(_ => family.Kind switch
        {
            ResponseType.Count => rng.NextInt(6),
            ResponseType.Trials => rng.NextInt(10),
            ResponseType.Ordered => rng.NextInt(3),
            ResponseType.Share => 0.1 + 0.8 * rng.NextDouble(),
            ResponseType.Positive => 0.3 + rng.NextDouble(),
            _ => rng.NextNormal() + 1,
        })],
    };
}
