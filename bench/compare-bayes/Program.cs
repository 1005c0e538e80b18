using System.Globalization;
using Terrace.Bayes;
using Terrace.CompareBayes;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.Sampling;

// mrp FILE SAMPLER [CHAINS [DRAWS]]   MRP model of a file of cells (SAMPLER auto, plain or whitened): one line of CPU seconds, effective sample sizes, leapfrog steps
// radon FILE                          radon model under rstanarm's priors
// approx FILE [DRAWS]                 the fast approximation of the MRP model: CPU seconds, k-hat, efficiency
// gradient FILE                       nanoseconds a cell of the likelihood, the plain and the whitened gradient
// growth FILE                         CPU seconds to 1,000 effective draws for 1, 4, 16, 64 times the trials in the same cells
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["mrp", string file, string sampler, .. string[] rest]:
        Report(Enum.Parse<SamplerKind>(sampler, ignoreCase: true), rest, () => SurveyModel.OfCells(file, out _), SurveyModel.OfCells(file, out var told), told);
        return 0;
    case ["radon", string file, .. string[] rest]:
        Report(SamplerKind.Auto, rest, () => SurveyModel.Radon(file, out _), SurveyModel.Radon(file, out var priors), priors);
        return 0;
    case ["approx", string file, .. string[] rest]:
        ReportApproximation(rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 1000, file);
        return 0;
    case ["gradient", string file]:
        Gradients.Table(SurveyModel.OfCells(file, out _));
        return 0;
    case ["growth", string file]:
        Growth.Table(file);
        return 0;
    default:
        Console.Error.WriteLine("Use: mrp FILE auto|plain|whitened [CHAINS [DRAWS]] | radon FILE [CHAINS [DRAWS]] | approx FILE [DRAWS] | gradient FILE | growth FILE.");
        return 2;
}

static void ReportApproximation(int draws, string file)
{
    foreach (string call in (string[])["first", "warm"])
    {
        BayesianModel model = SurveyModel.OfCells(file, out _);
        Approximation? check = null;
        double cpu = CpuTime.Of(() => check = SurrogateSampling.Run(model, new NutsOptions { Chains = 4, Iterations = draws / 4 }, CancellationToken.None).Check);
        Console.WriteLine($"{call}\t{cpu:F2} CPU s for {draws} draws\tk-hat {check!.KHat:F2}\tefficiency {check.Efficiency:F3}\taccepted {check.Accepted}");
    }
}

static void Report(SamplerKind kind, string[] rest, Func<BayesianModel> again, BayesianModel model, IReadOnlyList<PriorDescription> told)
{
    int chains = rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 4, draws = rest.Length > 1 ? int.Parse(rest[1], CultureInfo.InvariantCulture) : 1000;
    foreach (string call in (string[])["first", "warm"])
    {
        BayesianFit? fit = null;
        BayesianModel own = call == "first" ? model : again();
        double cpu = CpuTime.Of(() => fit = BayesianFit.Sample(own, told, new NutsOptions { Chains = chains, Iterations = draws, AdaptDelta = 0.95, MaxTreeDepth = 12 }, new SamplerPreference(kind)));
        double[] ess = [.. fit!.Summaries.Where(s => s.Name != "lp__" && double.IsFinite(s.EssBulk)).Select(s => s.EssBulk).Order()];
        VariableSummary worst = fit.Summaries.Where(s => s.Name != "lp__").MinBy(s => s.EssBulk)!;
        Console.WriteLine($"{call}\t{cpu:F2} CPU s\tESS min {ess[0]:F0} ({worst.Name}) median {ess[ess.Length / 2]:F0}\tper CPU s min {ess[0] / cpu:F1} median {ess[ess.Length / 2] / cpu:F1}\t"
            + $"leapfrogs {fit.Sampling.LeapfrogSteps}\tdivergent {fit.Sampling.Statistics.Divergent.Count(d => d)}\tR-hat {fit.Summaries.Where(s => double.IsFinite(s.Rhat)).Max(s => s.Rhat):F4}\t{fit.Sampler}");
    }
}
