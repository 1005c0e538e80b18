using System.Globalization;
using System.Text.RegularExpressions;
using Terrace.DistributionalModels;

namespace Terrace.Tests.DistributionalModels;

public class DistributionalSummaryTextTests
{
    [Fact]
    public void Statistics_effects_parameters_and_a_table_of_each_component_come_in_glmmTMBs_order()
    {
        DistributionalModelFit fit = DistributionalFixture.Fit("glmmtmb_salamanders_dispersion_model");
        string text = DistributionalSummaryText.Of(fit, "count ~ spp", new Dictionary<string, string> { ["dispersion"] = "~DOY" }, "salamanders.csv");
        string[] parts = ["Formula: count ~ spp", "Dispersion: ~DOY", "Data: salamanders.csv", "logLik", "Random effects (conditional model):", $"Number of obs: {fit.Rows}", "Conditional model:", "Dispersion model:"];
        int[] places = [.. parts.Select(part => text.IndexOf(part, StringComparison.Ordinal))];
        Assert.All(places, place => Assert.True(place >= 0, text));
        Assert.Equal(places.Order(), places);
        Assert.Contains($" {fit.LogLikelihood.ToString("F1", CultureInfo.InvariantCulture)} ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tables_show_the_estimates_of_every_component()
    {
        DistributionalModelFit fit = DistributionalFixture.Fit("glmmtmb_salamanders_dispersion_model");
        string text = DistributionalSummaryText.Of(fit, "count ~ spp", new Dictionary<string, string>(), "salamanders.csv");
        foreach (ComponentFit component in fit.Components.Where(component => component.HasFormula))
        {
            string title = component.Component == "dispersion" ? "Dispersion model:" : "Conditional model:";
            string table = text[text.IndexOf(title, StringComparison.Ordinal)..];
            for (int j = 0; j < component.Names.Count; j++)
            {
                Match row = Regex.Match(table, $@"^{Regex.Escape(component.Names[j])}\s+(\S+)", RegexOptions.Multiline);
                Assert.True(row.Success, component.Names[j]);
                Assert.Equal(component.Estimates[j], double.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture), 1e-3 * Math.Max(1, Math.Abs(component.Estimates[j])));
            }
        }
    }
}
