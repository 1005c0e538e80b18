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

    [Theory]
    [InlineData("--detail", null, "--display")]
    [InlineData("--digits", "3", "--display")]
    [InlineData("--influence", "exact", "--influence-out FILE.csv")]
    public void An_option_about_another_one_is_refused_without_it(string option, string? value, string other)
    {
        string[] command = ["fit", "log_radon ~ floor + (1 | county)", "--data", Folder.Example("radon"), option, .. value is null ? Array.Empty<string>() : [value]];
        Tool.Run(command).Refuses(2, option, $"give {other}");
    }

    [Fact]
    public void A_way_of_solving_for_random_effects_is_refused_where_there_are_none()
    {
        Tool.Run("fit", "log_radon ~ floor", "--data", Folder.Example("radon"), "--factorisation", "sparse").Refuses(2, "--factorisation", "no group-level terms");
        Tool.Run("fit", "circumference ~ SSlogis(age, Asym, xmid, scal) ~ Asym | Tree", "--data", Folder.Example("Orange"), "--factorisation", "sparse").Refuses(2, "--factorisation", "nonlinear models have one way only");
    }

    [Fact]
    public void What_a_family_with_more_parameters_lacks_is_named_as_it_was_asked_for() =>
        Tool.Run("fit", "incidence ~ period + (1 | herd)", "--data", Folder.Example("cbpp"), "--family", "neg-binomial", "--poolings").Refuses(2, "--poolings", "leave");

    [Fact]
    public void A_choice_suggests_the_nearest_word() => Tool.Run("describe", Folder.Example("radon"), "--na", "omitt").Refuses(2, "'omit'");
}
