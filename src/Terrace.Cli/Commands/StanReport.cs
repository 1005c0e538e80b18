using System.Globalization;
using System.Text.Json;
using Terrace.Cli.Documents;
using Terrace.Cli.Printing;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.SavedFits;
using Terrace.Stan;

namespace Terrace.Cli.Commands;

/// <summary>What <c>terrace stan</c> prints: a table in rstan's layout with a verdict in words, or the JSON document of the contract.</summary>
internal static class StanReport
{
    private static readonly double[] Quantiles = [0.025, 0.25, 0.5, 0.75, 0.975];

    /// <summary>Draws of any method.</summary>
    public static void Write(Invocation invocation, string name, StanModel model, Draws draws, SamplingResult? sampling, NutsOptions options, string method, StanApproximation? approximation = null)
    {
        VariableSummary[] summaries = VariableSummary.OfAll(draws, invocation.Options.Threads);
        bool sampled = sampling is not null && method != "fixed parameters";
        IReadOnlyList<Finding> findings = sampled ? SamplingFindings.Of(summaries, draws.Chains, sampling!.Statistics, options.MaxTreeDepth) : [];
        double[]? density = sampled ? [.. sampling!.Statistics.LogDensity] : null;
        if (invocation.Options.Json)
        {
            if (density is not null) summaries = [.. summaries, VariableSummary.Of("lp__", density, draws.Chains)];
            invocation.Output.WriteLine(JsonDocumentText.Of(json => Document(json, name, model, summaries, sampled ? sampling : null, options, approximation)));
            foreach (Finding finding in findings) invocation.Remark(finding.Message);
            if (approximation is not null) invocation.Remark(approximation.Draws.Verdict);
            return;
        }
        Table(invocation.Output, name, draws, summaries, options, method, density);
        if (approximation is not null) invocation.Output.WriteLine(approximation.Draws.Verdict);
        foreach (Finding finding in findings)
            foreach (string line in Wrapping.Lines($"- {finding.Message}", 110)) invocation.Output.WriteLine(line);
    }

    private static void Table(TextWriter output, string name, Draws draws, VariableSummary[] summaries, NutsOptions options, string method, double[]? density)
    {
        output.WriteLine($"Posterior of {name}, by {method}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{draws.Chains} chain{(draws.Chains == 1 ? "" : "s")}, each with warmup={options.Warmup} and draws={options.Iterations}; thin={options.Thin}; post-warmup draws={draws.Count}."));
        output.WriteLine();
        ScreenTable table = new ScreenTable().Words("").Numbers("mean").Numbers("se_mean").Numbers("sd").Numbers("2.5%").Numbers("25%").Numbers("50%").Numbers("75%").Numbers("97.5%").Numbers("n_eff").Numbers("Rhat");
        for (int column = 0; column < summaries.Length; column++)
        {
            Row(table, summaries[column], SampleQuantile.Of(draws.Column(column), Quantiles));
        }
        if (density is not null) Row(table, VariableSummary.Of("lp__", density, draws.Chains), SampleQuantile.Of(density, Quantiles));
        table.Write(output);
        output.WriteLine();
        output.WriteLine("n_eff: bulk effective sample size; Rhat: rank-normalised split R-hat, 1 when the chains agree.");
    }

    /// <summary>Two decimals as rstan has them, more where a standard deviation would vanish.</summary>
    private static void Row(ScreenTable table, VariableSummary s, double[] quantiles)
    {
        int decimals = s.Sd is > 0 and < 0.1 ? Math.Min(8, 2 - (int)Math.Floor(Math.Log10(s.Sd)) - 1) : 2;
        table.Add([s.Name, NumberText.Fixed(s.Mean, decimals), NumberText.Fixed(s.Mcse, decimals), NumberText.Fixed(s.Sd, decimals), .. quantiles.Select(q => NumberText.Fixed(q, decimals)), NumberText.Fixed(s.EssBulk, 0), NumberText.Fixed(s.Rhat, 2)]);
    }

    /// <summary>The document of <c>--check</c>.</summary>
    public static void WriteCheck(Utf8JsonWriter json, string name, StanModel model)
    {
        json.WriteStartObject();
        json.WriteString("model", name);
        json.WriteBoolean("ok", true);
        FitDocument.WriteArray(json, "diagnostics", model.Diagnostics, (writer, d) =>
        {
            writer.WriteStartObject();
            writer.WriteString("severity", d.Severity.ToString().ToLowerInvariant());
            writer.WriteString("code", d.Code);
            writer.WriteString("message", d.Message);
            writer.WriteString("file", d.Span.Source.Name);
            writer.WriteNumber("line", d.Span.Line);
            writer.WriteNumber("column", d.Span.Column);
            writer.WriteEndObject();
        });
        FitDocument.WriteNumber(json, "compileSeconds", model.CompileSeconds);
        json.WriteEndObject();
    }

    private static void Document(Utf8JsonWriter json, string name, StanModel model, VariableSummary[] summaries, SamplingResult? sampling, NutsOptions options, StanApproximation? approximation)
    {
        json.WriteStartObject();
        json.WriteString("model", name);
        SummariesJson.Write(json, summaries);
        if (sampling is null) json.WriteNull("sampler");
        else
        {
            json.WriteStartObject("sampler");
            json.WriteString("name", "nuts");
            json.WriteNumber("chains", options.Chains);
            json.WriteNumber("warmup", options.Warmup);
            json.WriteNumber("draws", options.Iterations);
            json.WriteNumber("divergent", sampling.Statistics.Divergent.Count(divergent => divergent));
            json.WriteNumber("maxTreeDepthHits", sampling.Statistics.TreeDepth.Count(depth => depth >= options.MaxTreeDepth));
            FitDocument.WriteArray(json, "eBfmi", Ebfmi.Of(sampling.Statistics.Energy, sampling.Statistics.Chains), FitDocument.WriteNumberValue);
            FitDocument.WriteArray(json, "stepSize", sampling.StepSizes, FitDocument.WriteNumberValue);
            json.WriteNumber("leapfrogSteps", sampling.LeapfrogSteps);
            FitDocument.WriteNumber(json, "warmupSeconds", sampling.WarmupSeconds);
            FitDocument.WriteNumber(json, "samplingSeconds", sampling.SamplingSeconds);
            json.WriteEndObject();
        }
        if (approximation is not null) approximation.Write(json);
        FitDocument.WriteArray(json, "nonCentred", model.Rewrites, (writer, rewrite) =>
        {
            writer.WriteStartObject();
            writer.WriteString("parameter", rewrite.Parameter);
            writer.WriteString("location", rewrite.Location);
            writer.WriteString("scale", rewrite.Scale);
            writer.WriteNumber("line", rewrite.Place.Line);
            writer.WriteEndObject();
        });
        FitDocument.WriteNumber(json, "compileSeconds", model.CompileSeconds);
        json.WriteEndObject();
    }
}
