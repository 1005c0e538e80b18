namespace Terrace.Stan.Tests.Bad;

/// <summary>Wrong programs, each with the exact diagnostics. TERRACE_APPROVE=1 rewrites the expectations, which are then to be read.</summary>
public sealed class WrongProgramTests
{
    private static readonly string[] Files = ["syntax.txt", "types.txt", "places.txt"];

    public static TheoryData<string, string> Names
    {
        get
        {
            var names = new TheoryData<string, string>();
            foreach (string file in Files) foreach ((string name, _, _) in WrongPrograms.Read(file)) names.Add(file, name);
            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_program_is_told_what_is_wrong_and_where(string file, string name)
    {
        if (Environment.GetEnvironmentVariable("TERRACE_APPROVE") == "1") WrongPrograms.Approve(file);
        (_, string program, string expected) = WrongPrograms.Read(file).Single(one => one.Name == name);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, WrongPrograms.Diagnose(program));
    }
}
