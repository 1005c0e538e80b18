using System.Diagnostics;
using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;

namespace Terrace.Tests.Formulas;

/// <summary>Short formulas that would make enormous models: refused at once.</summary>
public class FormulaBombTests
{
    [Fact]
    public void An_interaction_of_hundreds_of_variables_is_refused() => Refused("y ~ " + string.Join('/', Names(300)), "interaction of more than 64 variables");

    [Fact]
    public void Grouping_factors_that_multiply_without_end_are_refused()
    {
        Refused($"y ~ (1 | {string.Join('*', Names(40))})", "more than 1000 random terms");
        Refused($"y ~ (1 | {string.Join(':', Enumerable.Repeat("(a + b)", 60))})", "more than 1000 random terms");
    }

    [Fact]
    public void Thousands_of_random_terms_are_refused() => Refused("y ~ " + string.Join('+', Enumerable.Repeat("(1 | g)", 1500)), "more than 1000 random terms");

    [Fact]
    public void Factors_of_many_levels_as_fixed_effects_are_refused_before_their_columns_are_made()
    {
        const int rows = 6000;
        var data = new Frame(
        [
            new NumericColumn("y", [.. Enumerable.Range(0, rows).Select(row => (double)row)]),
            new TextColumn("id", [.. Enumerable.Range(0, rows).Select(row => $"u{row}")]),
            new TextColumn("half", [.. Enumerable.Range(0, rows).Select(row => $"h{row / 2}")]),
            new TextColumn("pair", [.. Enumerable.Range(0, rows).Select(row => $"p{row % 2}")]),
        ]);
        Assert.Contains("'id'", Assert.Throws<ModelException>(() => ModelFrame.Learn(Formula.Parse("y ~ id"), data)).Message, StringComparison.Ordinal);
        Assert.Contains("'half:pair'", Assert.Throws<ModelException>(() => ModelFrame.Learn(Formula.Parse("y ~ half:pair"), data)).Message, StringComparison.Ordinal);
        Assert.Equal(3000, ModelFrame.Learn(Formula.Parse("y ~ half"), data).ColumnNames.Count);
    }

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(i => $"v{i}");

    private static void Refused(string text, string words)
    {
        long start = Stopwatch.GetTimestamp();
        Assert.Contains(words, Assert.Throws<FormulaException>(() => Formula.Parse(text)).Message, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20));
    }
}
