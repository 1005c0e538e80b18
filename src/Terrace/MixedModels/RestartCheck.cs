using Terrace.Design;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>The same model searched again from dispersed starts and by a second method that uses no gradient: does the optimum depend on where and how one searches?</summary>
/// <remarks>
/// <para>Starts are spread over relative standard deviations from 0.03 to 10 (in orthonormal covariates), correlations from −0.8 to 0.8 and fixed effects up to three standard errors around the joint mode by a Halton sequence, the same in every run.
/// Each is searched by the quasi-Newton method with the exact gradient; the usual start also by Nelder and Mead's simplexes, up to 15 parameters. The distance of an end from the best one is √(½ δ'Hδ), H the Hessian at the best: an upper bound, in
/// standard errors, of the difference in any parameter.</para>
/// <para>The aim of lme4's <c>allFit</c>; Halton (1960) for the starts; Nelder and Mead (1965). Check: RestartCheckTests.</para>
/// </remarks>
public sealed record RestartCheck
{
    private const int LargestSimplex = 15;
    private const double SameDeviance = 0.002;
    private const double SameEstimates = 0.05;

    /// <summary>The searches, best first.</summary>
    public required IReadOnlyList<RestartedSearch> Searches { get; init; }

    /// <summary>The names of <see cref="RestartedSearch.FixedEffects"/>.</summary>
    public required IReadOnlyList<string> FixedNames { get; init; }

    /// <summary>The names of <see cref="RestartedSearch.StandardDeviations"/>: <c>(Intercept) by Subject</c>.</summary>
    public required IReadOnlyList<string> RandomNames { get; init; }

    /// <summary>The log likelihood (or −½ REML criterion) of the fit that is checked.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>How many searches ended at the best optimum: within 0.001 of its log likelihood and 0.05 standard errors of its estimates.</summary>
    public int Agreeing => Searches.Count(search => search.AgreesWithBest);

    /// <summary>The largest difference from the best, in standard errors, among searches that reached its log likelihood: large where the likelihood has no single maximum.</summary>
    public double Spread => Searches.Where(search => Near(search.LogLikelihood, Searches[0].LogLikelihood)).Max(search => search.StandardErrorsFromBest);

    /// <summary>Whether no search found a higher likelihood than the fit.</summary>
    public bool FitIsBest => Searches[0].LogLikelihood <= LogLikelihood + 0.5 * SameDeviance;

    /// <summary>A standard deviation that searches with the best likelihood put at values more than a tenth of the largest apart, so that the data do not determine it; null if there is none.</summary>
    public string? Undetermined
    {
        get
        {
            RestartedSearch[] best = [.. Searches.Where(search => Near(search.LogLikelihood, Searches[0].LogLikelihood))];
            return RandomNames.Where((_, k) => best.Max(s => s.StandardDeviations[k]) - best.Min(s => s.StandardDeviations[k]) > Math.Max(0.1 * best.Max(s => s.StandardDeviations[k]), 1e-2 * best[0].Sigma)).FirstOrDefault();
        }
    }

    /// <summary>The result in words.</summary>
    public string Verdict
    {
        get
        {
            string many = $"{Agreeing} of {Searches.Count} searches";
            if (!FitIsBest) return FormattableString.Invariant($"The fit is not at the best optimum: {Searches[0].Name} reached a log likelihood higher by {Searches[0].LogLikelihood - LogLikelihood:G3}.");
            if (Undetermined is { } undetermined) return $"Searches reached the same likelihood with different standard deviations of {undetermined}: the data do not determine it; simplify the random effects.";
            if (Agreeing == Searches.Count) return FormattableString.Invariant($"All {Searches.Count} searches ended at the optimum of the fit, within {Spread:G2} standard errors of each other.");
            if (Spread > SameEstimates) return FormattableString.Invariant($"Searches reached the same likelihood with estimates up to {Spread:G2} standard errors apart: the data do not determine all parameters; simplify the random effects.");
            double next = Searches.Where(search => !search.AgreesWithBest).Max(search => search.LogLikelihood);
            return FormattableString.Invariant($"{many} ended at the optimum of the fit; the others stopped lower, at log likelihoods from {next - LogLikelihood:G3} down: local optima or searches that got lost, not better answers.");
        }
    }

    /// <summary>Searches the criterion of <paramref name="fit"/> again.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="rows">The rows it was fitted to.</param>
    /// <param name="starts">How many dispersed starts there are.</param>
    /// <param name="cancellation">Ends the work early.</param>
    public static RestartCheck Of(MixedModelFit fit, ModelRows rows, int starts = 8, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Of(SearchProblem.Of(fit, rows), [.. fit.Estimated.Select(j => fit.FixedNames[j])], fit.LogLikelihood, starts, cancellation);
    }

    /// <summary>Searches the criterion of a fit of any kind again.</summary>
    internal static RestartCheck Of(SearchProblem problem, IReadOnlyList<string> fixedNames, double logLikelihood, int starts, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(starts);
        var ends = new List<(string Name, double[] Point, VarianceSearch? Search, OptimizationResult? Simplex)>();
        for (int k = 0; k <= starts; k++)
        {
            var search = new VarianceSearch(problem.Layout, problem.Evaluate, problem.Start.Length, 1000, cancellation);
            double[] start = k == 0 ? problem.Start : DispersedStarts.Point(problem.Layout, problem.Start, k);
            if (k > 0 && !double.IsFinite(problem.Evaluate(start, []))) continue;
            ends.Add((k == 0 ? "the usual start" : $"start {k}", search.Minimize([.. start], problem.Curvature), search, null));
        }
        if (problem.Start.Length <= LargestSimplex)
        {
            var simplex = Simplex(problem, cancellation);
            ends.Add(("Nelder-Mead", simplex.Point, null, simplex));
        }
        return Report(problem, fixedNames, logLikelihood, ends);
    }

    private static OptimizationResult Simplex(SearchProblem problem, CancellationToken cancellation)
    {
        int n = problem.Start.Length;
        double[] steps = [.. Enumerable.Repeat(0.5, n)], lower = [.. Enumerable.Repeat(double.NegativeInfinity, n)], upper = [.. Enumerable.Repeat(double.PositiveInfinity, n)];
        foreach (var term in problem.Layout.Terms)
        {
            for (int j = 0; j < term.Width; j++) lower[term.ThetaIndex(j, j)] = 0;
        }
        return NelderMead.Minimize(point => problem.Evaluate(point, []), problem.Start, steps, lower, upper, 400 * (n + 1), cancellation);
    }

    private static RestartCheck Report(SearchProblem problem, IReadOnlyList<string> fixedNames, double logLikelihood, List<(string Name, double[] Point, VarianceSearch? Search, OptimizationResult? Simplex)> ends)
    {
        var valued = ends.Select(end => (End: end, Value: problem.Evaluate(end.Point, []))).Where(end => double.IsFinite(end.Value)).OrderBy(end => end.Value).ToArray();
        double[] best = valued[0].End.Point;
        Matrix hessian = GradientDifferences.Hessian(problem.Evaluate, best);
        return new RestartCheck
        {
            FixedNames = fixedNames,
            RandomNames = [.. problem.Layout.Terms.SelectMany(t => t.TermNames.Select(name => $"{name} by {t.Group}"))],
            LogLikelihood = logLikelihood,
            Searches = [.. valued.Select(end => Ended(problem, end.End, end.Value, valued[0].Value, Distance(best, end.End.Point, hessian)))],
        };
    }

    private static RestartedSearch Ended(SearchProblem problem, (string Name, double[] Point, VarianceSearch? Search, OptimizationResult? Simplex) end, double value, double best, double distance) => new()
    {
        Name = end.Name,
        LogLikelihood = -0.5 * value,
        StandardErrorsFromBest = distance,
        AgreesWithBest = value - best <= SameDeviance && distance <= SameEstimates,
        Evaluations = end.Search?.Evaluations ?? end.Simplex!.Evaluations,
        Converged = end.Search?.Converged ?? end.Simplex!.Converged,
        FixedEffects = problem.FixedEffects(end.Point),
        StandardDeviations = problem.StandardDeviations(end.Point),
        Sigma = problem.Sigma(end.Point),
    };

    /// <summary>√(½ δ'Hδ), directions of negative curvature left out.</summary>
    private static double Distance(double[] best, double[] point, Matrix hessian)
    {
        double sum = 0;
        for (int j = 0; j < best.Length; j++)
        {
            for (int i = 0; i < best.Length; i++) sum += 0.5 * (hessian[i, j] + hessian[j, i]) * (point[i] - best[i]) * (point[j] - best[j]);
        }
        return Math.Sqrt(0.5 * Math.Max(0, sum));
    }

    private static bool Near(double logLikelihood, double best) => best - logLikelihood <= 0.5 * SameDeviance;
}

/// <summary>Where one search ended.</summary>
public sealed record RestartedSearch
{
    /// <summary>The start or the method.</summary>
    public required string Name { get; init; }

    /// <summary>The log likelihood (or −½ REML criterion) at the end.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>The difference from the best end, in standard errors: none of a parameter is larger.</summary>
    public required double StandardErrorsFromBest { get; init; }

    /// <summary>Whether it is the best optimum for all purposes.</summary>
    public required bool AgreesWithBest { get; init; }

    /// <summary>How often the criterion was evaluated.</summary>
    public required int Evaluations { get; init; }

    /// <summary>Whether the search met its own conditions.</summary>
    public required bool Converged { get; init; }

    /// <summary>The estimated fixed effects.</summary>
    public required IReadOnlyList<double> FixedEffects { get; init; }

    /// <summary>The standard deviations of the random effects.</summary>
    public required IReadOnlyList<double> StandardDeviations { get; init; }

    /// <summary>The residual standard deviation, or the root of the dispersion.</summary>
    public required double Sigma { get; init; }
}
