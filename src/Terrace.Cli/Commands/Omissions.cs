namespace Terrace.Cli.Commands;

/// <summary>The warning on rows that were left out.</summary>
internal static class Omissions
{
    /// <summary>Nothing, or the warning.</summary>
    public static IEnumerable<ModelWarning> Of(long used, long omitted)
    {
        if (omitted == 0) yield break;
        string are = omitted == 1 ? "1 row lacks a value of a variable of the model and was" : $"{omitted} rows lack a value of a variable of the model and were";
        yield return new ModelWarning("rows-omitted", $"{are} left out; {used} remain.");
    }
}
