using System.Globalization;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Numerics.Distributions;

namespace Terrace.IntervalStudies;

/// <summary>
/// How often 95 % intervals of each kind cover the truth, on data sets drawn from known parameters: Wald, Satterthwaite, Kenward-Roger, profile and percentile bootstrap. The limits are written
/// to <c>ours-CASE.csv</c> and the first data sets to <c>data-CASE.csv</c>, so that lme4.R counts on the same data.
/// </summary>
internal static class CoverageStudy
{
    private const double Level = 0.95;

    /// <summary>Runs one case.</summary>
    /// <param name="study">The case.</param>
    /// <param name="folder">Where the files go.</param>
    /// <param name="dataSets">How many data sets.</param>
    /// <param name="bootstrapped">How many of them are bootstrapped too.</param>
    /// <param name="replicates">Refits of each bootstrap.</param>
    /// <param name="shared">How many of them are written for R.</param>
    public static void Run(CoverageCase study, string folder, int dataSets, int bootstrapped, int replicates, int shared)
    {
        Directory.CreateDirectory(folder);
        double[] x = study.Covariate();
        double[][] responses = [.. Enumerable.Range(0, dataSets).Select(i => study.Response(i, x))];
        WriteData(study, x, responses.AsSpan(0, Math.Min(shared, dataSets)), Path.Combine(folder, $"data-{study.Name}.csv"));
        ModelFrame model = ModelFrame.Learn(Formula.Parse(study.Formula), study.Data(x, responses[0]));
        var limits = new List<(string Parameter, string Kind, double Lower, double Upper)>[dataSets];
        Parallel.For(0, dataSets, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
            limits[i] = [.. Limits(study, model.Encode(study.Data(x, responses[i])), i < bootstrapped ? replicates : 0, (ulong)i)]);
        WriteLimits(limits, Path.Combine(folder, $"ours-{study.Name}.csv"));
        Print(study, limits);
    }

    private static IEnumerable<(string Parameter, string Kind, double Lower, double Upper)> Limits(CoverageCase study, ModelRows rows, int replicates, ulong seed)
    {
        MixedModelFit fit = study.Binomial ? GeneralizedLinearMixedModel.Fit(rows, Family.Binomial(), new GeneralizedLinearMixedModelOptions { QuadraturePoints = study.Points }) : LinearMixedModel.Fit(rows);
        double[] errors = fit.StandardErrors();
        double z = Normal.Quantile((1 + Level) / 2);
        for (int j = 0; j < errors.Length; j++) yield return (fit.FixedNames[j], "Wald", fit.Beta[j] - z * errors[j], fit.Beta[j] + z * errors[j]);
        if (!study.Binomial)
        {
            foreach (var (method, name) in ((DegreesOfFreedomMethod, string)[])[(DegreesOfFreedomMethod.Satterthwaite, "Satterthwaite"), (DegreesOfFreedomMethod.KenwardRoger, "Kenward-Roger")])
            {
                CoefficientTests tests = CoefficientTests.Of(fit, method)!;
                for (int j = 0; j < errors.Length; j++)
                {
                    var (lower, upper) = tests.Interval(j, Level);
                    yield return (fit.FixedNames[j], name, lower, upper);
                }
            }
        }
        foreach (ParameterProfile profile in ProfileLikelihood.Of(fit, new ProfileOptions { Level = Level, Reach = 0 }).Profiles)
            yield return (profile.Parameter.LongName, "profile", profile.Lower, profile.Upper);
        if (study.Binomial)
        {
            string[] spreads = [.. study.Truth.Keys.Where(name => name.StartsWith("sd_", StringComparison.Ordinal))];
            foreach (int simulations in (int[])[0, 100])
            {
                var options = new ProfileOptions { Level = Level, Reach = 0, Restricted = true, Parameters = spreads, Simulations = simulations, Seed = seed };
                foreach (ParameterProfile profile in ProfileLikelihood.Of(fit, options).Profiles)
                    yield return (profile.Parameter.LongName, simulations == 0 ? "restricted profile" : "restricted profile, corrected", profile.Lower, profile.Upper);
            }
        }
        if (replicates == 0) yield break;
        BootstrapResult bootstrap = ParametricBootstrap.Run(fit, new BootstrapOptions { Replicates = replicates, Seed = seed });
        for (int k = 0; k < bootstrap.Names.Count; k++)
        {
            var (lower, upper) = bootstrap.Interval(k, Level);
            yield return (ParametricBootstrap.DefaultParameters(fit)[k].LongName, "bootstrap", lower, upper);
        }
    }

    private static void Print(CoverageCase study, List<(string Parameter, string Kind, double Lower, double Upper)>[] limits)
    {
        Console.WriteLine($"case {study.Name}: {study.What}, {study.Formula}");
        foreach (var group in limits.SelectMany(l => l).GroupBy(l => (l.Parameter, l.Kind)))
        {
            double truth = study.Truth[group.Key.Parameter];
            int missing = group.Count(l => double.IsNaN(l.Lower) || double.IsNaN(l.Upper)), covered = group.Count(l => l.Lower <= truth && truth <= l.Upper);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{study.Name} | {group.Key.Parameter} | {group.Key.Kind} | {100.0 * covered / group.Count():F1} | {group.Count()} | {missing} undefined | below {group.Count(l => truth > l.Upper)} above {group.Count(l => truth < l.Lower)}"));
        }
    }

    private static void WriteData(CoverageCase study, double[] x, ReadOnlySpan<double[]> responses, string path)
    {
        using var file = new StreamWriter(path);
        file.WriteLine(string.Join(',', [.. study.Factors, "x", .. Enumerable.Range(1, responses.Length).Select(i => $"y{i}")]));
        for (int row = 0; row < study.Rows; row++)
        {
            file.Write(string.Join(',', study.GroupsOf(row)));
            file.Write(string.Create(CultureInfo.InvariantCulture, $",{x[row]:R}"));
            foreach (double[] y in responses) file.Write(string.Create(CultureInfo.InvariantCulture, $",{y[row]:R}"));
            file.WriteLine();
        }
    }

    private static void WriteLimits(List<(string Parameter, string Kind, double Lower, double Upper)>[] limits, string path)
    {
        using var file = new StreamWriter(path);
        file.WriteLine("dataset,parameter,kind,lower,upper");
        for (int i = 0; i < limits.Length; i++)
        {
            foreach (var (parameter, kind, lower, upper) in limits[i])
                file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i + 1},{parameter},{kind},{lower:R},{upper:R}"));
        }
    }
}
