using Terrace.Inference.Approximations;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Sampling;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Rewriting;

/// <summary>
/// How much the data say of group effects beside their prior: the curvature of −log density along the coordinates z of effects location + scale × z is 1, of their prior, plus scale² × the information of the data. Where
/// the data say less than the prior, the non-centred form mixes better; where they say more, the centred one (Betancourt and Girolami 2015, section 3; Papaspiliopoulos, Roberts and Sköld 2007).
/// </summary>
internal static class GroupInformation
{
    private const int Points = 12, Probes = 4;
    private const double Step = 1e-4;

    /// <summary>Of each parameter the information of the data in units of the prior's, the median over points of the posterior that Pathfinder finds; 0 where it finds none.</summary>
    /// <param name="nonCentred">The program with all these effects non-centred, with its data.</param>
    /// <param name="parameters">The effects.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="cancellation">Ends the work early.</param>
    public static double[] Of(BoundStanModel nonCentred, IReadOnlyList<string> parameters, ulong seed, CancellationToken cancellation)
    {
        var ratios = new double[parameters.Count];
        ApproximateDraws draws;
        try
        {
            draws = Pathfinder.Run(nonCentred, new PathfinderOptions { Draws = Points, Paths = 2, PathDraws = 200, Seed = seed, Threads = 1 }, cancellation);
        }
        catch (SamplingException)
        {
            return ratios;
        }
        ILogDensity density = nonCentred.CreateEvaluator();
        var rng = new Rng(seed, 1UL << 57);
        double[] draw = new double[nonCentred.Layout.Count], position = new double[nonCentred.Dimension];
        List<double>[] found = [.. parameters.Select(_ => new List<double>())];
        for (int s = 0; s < draws.Draws.Count; s++)
        {
            draws.Draws.CopyDraw(s, draw);
            try
            {
                density.Unconstrain(draw, position);
            }
            catch (ArgumentException)
            {
                // A draw at the very edge of a constraint, by rounding.
                continue;
            }
            for (int k = 0; k < parameters.Count; k++) if (MeanCurvature(density, position, Coordinates(nonCentred, parameters[k]), rng) is { } curvature) found[k].Add(curvature - 1);
        }
        for (int k = 0; k < ratios.Length; k++) if (found[k].Count > 0) ratios[k] = Math.Max(0, found[k].Order().ElementAt(found[k].Count / 2));
        return ratios;
    }

    private static int[] Coordinates(BoundStanModel bound, string parameter) =>
        [.. Enumerable.Range(0, bound.Dimension).Where(k => bound.CoordinateNames[k] == parameter || bound.CoordinateNames[k].StartsWith(parameter + "[", StringComparison.Ordinal))];

    /// <summary>The mean second derivative of −log density along some coordinates: v'Hv / n for random signs v, by differences of the gradient (Hutchinson 1990).</summary>
    private static double? MeanCurvature(ILogDensity density, double[] position, int[] coordinates, Rng rng)
    {
        if (coordinates.Length == 0) return null;
        double[] signs = new double[position.Length], at = new double[position.Length], up = new double[position.Length], down = new double[position.Length];
        double sum = 0;
        for (int probe = 0; probe < Probes; probe++)
        {
            foreach (int k in coordinates) signs[k] = rng.NextDouble() < 0.5 ? -1 : 1;
            for (int k = 0; k < at.Length; k++) at[k] = position[k] + (Step * signs[k]);
            if (!density.Evaluate(at, up).IsAccepted) return null;
            for (int k = 0; k < at.Length; k++) at[k] = position[k] - (Step * signs[k]);
            if (!density.Evaluate(at, down).IsAccepted) return null;
            foreach (int k in coordinates) sum -= signs[k] * (up[k] - down[k]) / (2 * Step);
        }
        return sum / (Probes * coordinates.Length);
    }
}
