namespace Terrace.Cli.Tests;

/// <summary>Slips on the command line and odd but legal files: the message names what is wrong.</summary>
public class CarelessUseTests
{
    private const string Table = "y,x,g\n1,2,a\n3,4,b\n2,3,a\n5,1,c\n4,4,b\n3,2,c\n";

    [Fact]
    public void An_option_that_follows_where_a_value_belongs() =>
        Tool.Run("fit", "y ~ x", "--data", "--json").Refuses(2, "--data needs a value", "--json");

    [Theory]
    [InlineData("\"")]
    [InlineData("\n")]
    [InlineData("ab")]
    public void A_delimiter_that_cannot_be_one(string delimiter) => Tool.Run("describe", "t.csv", "--delimiter", delimiter).Refuses(2, "--delimiter");

    [Fact]
    public void A_condition_that_no_row_meets()
    {
        using var folder = new Folder();
        Tool.Run("fit", "y ~ x", "--data", folder.File("t.csv", Table), "--where", "x > 100").Refuses(1, "t.csv", "No row", "x > 100");
    }

    [Fact]
    public void Counts_that_add_up_to_more_than_a_number_holds()
    {
        using var folder = new Folder();
        string population = folder.File("p.csv", "g,N\na,1e308\nb,1e308\nc,1\n");
        Tool.Run("mrp", folder.File("s.csv", Table), "--population", population, "--formula", "y ~ (1 | g)").Refuses(1, "p.csv", "'N'");
    }
}
