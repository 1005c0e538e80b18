namespace Terrace.Cli.Tests;

public class UsageTests
{
    [Theory]
    [InlineData("--text", "g", "--factor", "g")]
    [InlineData("--ordered", "g=a,b", "--text", "g")]
    [InlineData("--ordered", "g=a,b", "--factor", "g")]
    public void Two_types_for_one_column_contradict_each_other(params string[] options) =>
        Tool.Run(["describe", Folder.Example("radon"), .. options]).Refuses(2, "'g'", options[0], options[2], "contradict");

    [Fact]
    public void A_mistyped_command_gets_the_nearest_one() => Tool.Run("decsribe", "x.csv").Refuses(2, "unknown command 'decsribe'", "'describe'");

    [Fact]
    public void A_mistyped_option_gets_the_nearest_one() => Tool.Run("describe", "x.csv", "--shema", "s.json").Refuses(2, "unknown option '--shema'", "'--schema'");

    [Fact]
    public void An_option_that_is_not_built_is_unknown() => Tool.Run("describe", "x.csv", "--chains", "4").Refuses(2, "unknown option '--chains'");

    [Fact]
    public void An_unknown_option_is_not_taken_for_the_value_of_another() => Tool.Run("describe", "x.csv", "--where", "--jsno").Refuses(2, "unknown option '--jsno'", "'--json'");

    [Fact]
    public void A_missing_argument_is_named() => Tool.Run("describe").Refuses(2, "argument", "terrace describe --help");

    [Fact]
    public void A_second_argument_is_refused() => Tool.Run("describe", "a.csv", "b.csv").Refuses(2, "b.csv");

    [Theory]
    [InlineData("--threads", "0")]
    [InlineData("--threads", "two")]
    [InlineData("--seed", "-1")]
    [InlineData("--na", "drop")]
    [InlineData("--delimiter", "ab")]
    [InlineData("--ordered", "size")]
    [InlineData("--contrasts", "size=trement")]
    [InlineData("--contrasts", "size=sum:a")]
    public void A_value_that_makes_no_sense_is_refused_with_the_option_and_the_way_out(string option, string value) =>
        Tool.Run("describe", Folder.Example("radon"), option, value).Refuses(2, option);

    [Fact]
    public void A_choice_suggests_the_nearest_word() => Tool.Run("describe", Folder.Example("radon"), "--na", "omitt").Refuses(2, "'omit'");
}
