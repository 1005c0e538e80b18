using Terrace.Design;
using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Tests.MixedModels;

/// <summary>Small random generalised mixed models with parameters at which their criteria are compared.</summary>
internal static class RandomGeneralisedProblem
{
    private const int Rows = 60;

    public static (LaplaceDeviance Laplace, double[] Parameters, MixedModelCells Cells, Observations Observations) Create(string family, string link, int structure, Information information,
        Factorisation factorisation = Factorisation.Automatic)
    {
        var rng = new Rng(21, (ulong)structure);
        var design = RandomMixedDesign.Create(rng, Rows, RandomMixedDesign.Structures[structure]);
        for (int i = 0; i < Rows; i++) design.Offset[i] = 0.1 * rng.NextNormal();
        var rows = new ModelRows
        {
            Design = design,
            RowToCell = [.. Enumerable.Range(0, Rows)],
            SourceRows = [.. Enumerable.Range(0, Rows)],
            OmittedRows = 0,
            Response = Response(rng, family),
            Trials = family == "binomial" ? [.. Enumerable.Repeat(9.0, Rows)] : null,
        };
        var observations = Observations.Resolve(rows, Family.Parse(family, link));
        var cells = RandomMixedDesign.Cells(design, observations.Weight, factorisation);
        double[] theta = [.. RandomMixedDesign.Normals(rng, cells.Layout.ThetaCount).Select(x => 0.5 * x)];
        double[] gamma = [.. RandomMixedDesign.Normals(rng, cells.FixedColumns).Select(x => 0.4 * x)];
        if (link == "sqrt") gamma[0] += 12;
        return (new LaplaceDeviance(cells, observations, information), [.. theta, .. gamma], cells, observations);
    }

    private static ResponseValues Response(Rng rng, string family) => new()
    {
        Name = "y",
        Kind = ResponseKind.Numeric,
        Values = [.. Enumerable.Range(0, Rows).Select(_ => family switch
        {
            "binomial" => rng.NextInt(10),
            "poisson" => rng.NextInt(6),
            "gaussian" => rng.NextNormal() + 3,
            _ => 0.5 + 2 * rng.NextDouble(),
        })],
    };
}
