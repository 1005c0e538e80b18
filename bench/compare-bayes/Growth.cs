using System.Globalization;
using Terrace.Bayes;
using Terrace.Data;
using Terrace.Inference.Sampling;

namespace Terrace.CompareBayes;

/// <summary>CPU time to a fixed effective sample size as respondents grow in the same cells.</summary>
internal static class Growth
{
    public static void Table(string file)
    {
        Frame data = SurveyModel.Read(file);
        double[] yes = [.. Numbers(data, "yes")], trials = [.. Numbers(data, "trials")];
        foreach (int factor in (int[])[1, 4, 16, 64])
        {
            Frame grown = data.With(new NumericColumn("yes", [.. yes.Select(v => v * factor)])).With(new NumericColumn("trials", [.. trials.Select(v => v * factor)]));
            BayesianModel model = SurveyModel.Of(grown, out var told);
            BayesianFit? fit = null;
            void Run() => fit = BayesianFit.Sample(model, told, new NutsOptions { Chains = 4, Iterations = 500, AdaptDelta = 0.95 });
            if (factor == 1) Run();
            double cpu = CpuTime.Of(Run), least = fit!.Summaries.Where(s => s.Name != "lp__").Min(s => s.EssBulk);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{factor}x\t{trials.Sum() * factor:F0} respondents\t{model.Structure.Cells} cells\t{cpu:F2} CPU s\tmin ESS {least:F0}\t{1000 * cpu / least:F2} CPU s to 1,000\tleapfrogs {fit.Sampling.LeapfrogSteps}"));
        }
    }

    private static IEnumerable<double> Numbers(Frame data, string name) => data.Get(name) switch
    {
        NumericColumn column => column.Values.ToArray(),
        IntegerColumn column => column.Values.ToArray().Select(v => (double)v),
        _ => throw new InvalidOperationException($"{name} is no number."),
    };
}
