using Terrace.Tests.TestData;

namespace Terrace.Tests.ReferenceFits;

/// <summary>Every fit of the reference collection in one table, docs/reference-fits.md. After a wanted change run with TERRACE_APPROVE=1 and review the difference.</summary>
public class ReferenceFitTableTests
{
    private static readonly Lazy<IReadOnlyList<FittedReference>> Fits = new(() => [.. ReferenceFitList.Fits.Select(fit => fit())]);

    private static string PagePath => Path.Combine(Fixtures.Root, "docs", "reference-fits.md");

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, ReferenceFitList.Fits.Count)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_fit_is_as_good_as_its_reference_and_agrees_with_it(int row)
    {
        var fit = Fits.Value[row];
        Assert.False(fit.Own < fit.Best - fit.Tolerance, $"{fit.Name}: log likelihood {fit.Own:R} is below {fit.Best:R}");
        if (fit.GlmmTmb is { } other && fit.Note.Length == 0) Assert.False(fit.Own < other - 1e-5, $"{fit.Name}: log likelihood {fit.Own:R} is below glmmTMB's {other:R}");
        if (fit.IsBetter) return;
        Assert.True(fit.Worst.Units <= 1, $"{fit.Name}: {fit.Worst.Name} is {fit.Worst.Own:R}, expected {fit.Worst.Reference:R}; that is {fit.Worst.Units} tolerances");
    }

    /// <summary>Numbers may differ in the last digits from machine to machine; what the page says may not.</summary>
    [Fact]
    public void The_page_says_what_the_fits_are()
    {
        if (Environment.GetEnvironmentVariable("TERRACE_APPROVE") == "1") File.WriteAllText(PagePath, ReferenceFitTable.Page(Fits.Value));
        string text = File.ReadAllText(PagePath).ReplaceLineEndings("\n"), now = ReferenceFitTable.Page(Fits.Value);
        var page = ReferenceFitTable.Read(text);
        Assert.Equal(Fits.Value.Select(f => f.Name), page.Select(p => p.Name));
        foreach (var (fit, row) in Fits.Value.Zip(page))
        {
            if (double.IsFinite(fit.Own)) Assert.True(Math.Abs(fit.Own - row.LogLikelihood) <= 2e-5 + 1e-9 * Math.Abs(fit.Own), $"{fit.Name}: {row.LogLikelihood} on the page, {fit.Own:R} now; run with TERRACE_APPROVE=1 if that is wanted.");
            Assert.True(fit.IsBetter == row.Better, $"{fit.Name}: better or not has changed");
            if (!fit.IsBetter) Assert.True(Math.Abs(fit.Worst.Units - row.Units) <= 0.2, $"{fit.Name}: {row.Units} tolerances on the page, {fit.Worst.Units} now");
        }
        Assert.Equal(WithoutRows(now), WithoutRows(text));
    }

    [Fact]
    public void No_reference_is_listed_twice_or_left_out()
    {
        string[] fitted = [.. Fits.Value.Select(f => f.Name).Distinct()], others = [.. ReferenceFitList.Elsewhere.Keys, .. ReferenceFitList.Waiting.Keys];
        Assert.Empty(fitted.Intersect(others));
        Assert.Equal(98, fitted.Length + others.Length);
    }

    private static string[] WithoutRows(string page) => [.. page.Split('\n').Where(line => !line.StartsWith("| `", StringComparison.Ordinal))];
}
