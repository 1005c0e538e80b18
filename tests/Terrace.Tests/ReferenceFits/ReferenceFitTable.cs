using System.Globalization;
using System.Text;

namespace Terrace.Tests.ReferenceFits;

/// <summary>The table of docs/reference-fits.md: written, and read back.</summary>
internal static class ReferenceFitTable
{
    private const string Header = "| fit | model | log likelihood | reference | difference | refined reference: difference | glmmTMB: difference | furthest parameter | in tolerances | note |";

    /// <summary>The page.</summary>
    public static string Page(IEnumerable<FittedReference> fits)
    {
        var page = new StringBuilder();
        page.Append("# Reference fits\n\n").Append(Introduction).Append('\n').Append(Header).Append("\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var fit in fits) page.Append(Row(fit)).Append('\n');
        page.Append("\n## Not in the table\n");
        foreach (var (name, test) in ReferenceFitList.Elsewhere) page.Append(CultureInfo.InvariantCulture, $"- `{name}`: compared by {test}.\n");
        foreach (var wait in ReferenceFitList.Waiting.GroupBy(w => w.Value))
            page.Append(CultureInfo.InvariantCulture, $"- {string.Join(", ", wait.Select(w => $"`{w.Key}`"))}: not compared here yet ({wait.Key}).\n");
        return page.ToString();
    }

    /// <summary>The rows of a page: name, log likelihood, tolerances of the furthest parameter; NaN where the table has none.</summary>
    public static IReadOnlyList<(string Name, double LogLikelihood, double Units, bool Better)> Read(string page) =>
        [.. page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Replace("\\|", "¦", StringComparison.Ordinal).Split('|'))
            .Select(cells => (cells[1].Trim(' ', '`'), Parse(cells[3]), Parse(cells[9]), cells[10].Contains("better optimum", StringComparison.Ordinal)))];

    private const string Introduction = """
        Every fit of the reference collection (R 4.2.2 with lme4 1.1-31, glmmTMB 1.1.5, MASS, stats), fitted again here. The page is written by `TERRACE_APPROVE=1 dotnet test tests/Terrace.Tests --filter ReferenceFitTable` and
        a test fails if a fit leaves its tolerance or the page is out of date.

        *Reference* is the program's own result at its default settings; *refined* the same model started at that result with a far finer search (lme4: bobyqa to 1e-11, modes to 1e-13), against which the parameters
        are compared where there is one. Differences are ours minus theirs: positive is a higher likelihood. The furthest parameter is that of the coefficients, relative standard deviations θ and σ whose distance is most of what is
        allowed: coefficients 1e-9 relative in lm and in glm with a canonical link (1e-7 otherwise), 1e-5 standard errors or relative in lmer, 1e-4 standard errors in glmer (1e-2 where there is no refined reference, and
        of glmmTMB; where both lme4's and glmmTMB's are known, the nearer of the two counts, since they differ by up to 1.4e-4); θ and σ 1e-4 (1e-3); nlmer 1e-3 and nls 1e-4 standard errors, glm.nb 1e-6. The log likelihood may be lower by 1e-8 relative in lm and glm, 1e-6 in lmer, 1e-5 in glmer (1e-3 without a refined reference). Where ours is a better optimum the parameters are no reference.

        """;

    private static string Row(FittedReference fit)
    {
        string note = fit.IsBetter ? $"better optimum by {Scientific(fit.Own - fit.Best)}{(fit.Note.Length > 0 ? "; " : "")}{fit.Note}" : fit.Note;
        return $"| `{fit.Name}` | `{fit.Formula.Replace("|", "\\|", StringComparison.Ordinal)}` | {Fixed(fit.Own)} | {Fixed(fit.Default)} | {Difference(fit, fit.Default)} | {Difference(fit, fit.Polished)} | {Difference(fit, fit.GlmmTmb)} | "
            + (fit.IsBetter ? "| " : $"{fit.Worst.Name} | {fit.Worst.Units.ToString("0.####", CultureInfo.InvariantCulture)} ") + $"| {note} |";
    }

    private static string Difference(FittedReference fit, double? reference) => reference is { } value && double.IsFinite(value) && double.IsFinite(fit.Own) ? Scientific(fit.Own - value) : "";

    private static string Scientific(double value) => value.ToString("+0.0e-0;-0.0e-0;0", CultureInfo.InvariantCulture);

    private static string Fixed(double value) => double.IsFinite(value) ? value.ToString("0.00000", CultureInfo.InvariantCulture) : "";

    private static double Parse(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;
}
