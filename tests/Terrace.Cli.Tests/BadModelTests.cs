namespace Terrace.Cli.Tests;

/// <summary>Faults of models: exit status 1, a message that names the thing, nothing on standard output and nothing written.</summary>
public class BadModelTests
{
    private const string Table = "y,x,g,name,w\n1,1,a,k,1\n2,2,b,k,2\n4,3,a,k,3\n3,4,b,k,4\n6,5,c,k,5\n5,7,c,k,6\n";

    [Theory]
    [InlineData("y ~ z", "'z'")]
    [InlineData("z ~ x", "'z'")]
    [InlineData("y ~ x +", "^")]
    [InlineData("y ~ (x", "^")]
    [InlineData("y ~ name", "name")]
    [InlineData("y ~ x + (1 | name)", "name")]
    [InlineData("y ~ x + (1 | y)", "y")]
    [InlineData("name ~ x", "name")]
    [InlineData("y ~ frobnicate(x)", "frobnicate")]
    [InlineData("", "formula")]
    public void Formulas_that_do_not_fit_the_data(string formula, string word) => Refused(Table, [formula], word);

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public void A_mixed_model_of_an_outcome_that_does_not_vary_is_refused(string value)
    {
        using var folder = new Folder();
        string data = folder.File("d.csv", "y,g\n" + string.Concat(Enumerable.Range(0, 12).Select(row => $"{value},g{row % 3}\n")));
        Tool.Run("fit", "y ~ 1 + (1 | g)", "--data", data, "--family", "binomial").Refuses(1, "'y' does not vary", value, "12 rows");
    }

    [Fact]
    public void A_number_is_no_condition_but_a_comparison_and_a_logical_column_are()
    {
        using var folder = new Folder();
        string data = folder.File("d.csv", "x,l\n1,TRUE\n0,FALSE\n");
        Tool.Run("describe", data, "--where", "x").Refuses(1, "'x' is numeric", "x == 1");
        Assert.Equal(1, Tool.Json("describe", data, "--where", "l").GetProperty("rows").GetInt32());
        Assert.Equal(1, Tool.Json("describe", data, "--where", "x > 0").GetProperty("rows").GetInt32());
    }

    [Fact]
    public void A_mixed_poisson_model_of_equal_counts_above_zero_is_fitted_and_one_of_zeros_refused()
    {
        using var folder = new Folder();
        string data = folder.File("d.csv", "y,z,g\n" + string.Concat(Enumerable.Range(0, 12).Select(row => $"2,0,g{row % 3}\n")));
        Assert.Equal(0, Tool.Run("fit", "y ~ 1 + (1 | g)", "--data", data, "--family", "poisson").Status);
        Tool.Run("fit", "z ~ 1 + (1 | g)", "--data", data, "--family", "poisson").Refuses(1, "'z' does not vary");
    }

    [Fact]
    public void Poly_of_two_variables_is_told_how_to_write_them()
    {
        using var folder = new Folder();
        string data = folder.File("d.csv", "y,x,z\n1,2,3\n2,4,1\n3,1,7\n5,2,2\n");
        Tool.Run("fit", "y ~ poly(x, z, degree = 2)", "--data", data).Refuses(1, "poly() takes one variable", "poly(x, 2) + poly(z, 2)");
    }

    [Fact]
    public void A_formula_with_a_hundred_thousand_nested_parentheses()
    {
        using var folder = new Folder();
        string nested = "y ~ " + new string('(', 100_000) + "x" + new string(')', 100_000);
        Tool.Run("fit", nested, "--data", folder.File("t.csv", Table)).Refuses(1, "deep");
        Tool.Run("fit", "@" + folder.File("formula.txt", nested), "--data", folder.File("t.csv", Table)).Refuses(1, "deep");
        Tool.Run("fit", "y ~ x", "--data", folder.File("t.csv", Table), "--where", new string('(', 100_000) + "x > 0" + new string(')', 100_000)).Refuses(1, "deep");
    }

    [Fact]
    public void A_formula_file_that_is_not_there() => Refused(Table, ["@no-such-file.txt"], "no-such-file.txt");

    [Theory]
    [InlineData("--weights", "v", "v")]
    [InlineData("--weights", "w - 3", "weight is -2")]
    [InlineData("--weights", "w +", "^")]
    [InlineData("--offset", "name", "name")]
    public void Weights_and_offsets_that_do_not_fit(string option, string value, string word) => Refused(Table, ["y ~ x", option, value], word);

    [Fact]
    public void Data_without_a_complete_row() => Refused("y,x\n1,\n,2\n", ["y ~ x"], "y", "x");

    [Fact]
    public void Data_without_rows() => Refused("y,x\n", ["y ~ x"], "t.csv");

    [Fact]
    public void Missing_values_where_they_are_refused() => Refused("y,x\n1,1\n2,\n3,4\n", ["y ~ x", "--na", "fail"], "missing");

    [Fact]
    public void Negative_counts() => Refused("y,x\n1,1\n-2,2\n3,4\n", ["y ~ x", "--family", "poisson"], "y");

    [Fact]
    public void Successes_beyond_the_trials() => Refused("y,n\n1,2\n3,2\n", ["y ~ 1", "--family", "binomial", "--trials", "n"], "y");

    [Fact]
    public void A_contrast_for_no_factor() => Refused(Table, ["y ~ x", "--contrasts", "x=sum"], "x");

    [Fact]
    public void A_place_that_cannot_be_written()
    {
        using var folder = new Folder();
        string[] fit = ["fit", "y ~ x", "--data", folder.File("t.csv", Table), "--save"];
        Tool.Run([.. fit, folder.At("none/fit")]).Refuses(1, "none");
        Tool.Run([.. fit, folder.Path]).Refuses(1, "directory");
        Assert.Equal(["t.csv"], folder.Names());
    }

    private static void Refused(string table, string[] options, params string[] words)
    {
        using var folder = new Folder();
        string file = folder.File("t.csv", table);
        Tool.Run(["fit", .. options, "--data", file, "--save", folder.At("never.fit")]).Refuses(1, words);
        Assert.Equal(["t.csv"], folder.Names());
    }
}
