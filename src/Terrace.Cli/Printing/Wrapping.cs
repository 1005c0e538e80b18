namespace Terrace.Cli.Printing;

/// <summary>Breaks sentences into lines at blanks.</summary>
internal static class Wrapping
{
    /// <summary>The lines of <paramref name="text"/>, none longer than <paramref name="width"/> unless a single word is.</summary>
    public static IEnumerable<string> Lines(string text, int width)
    {
        foreach (string paragraph in text.Split('\n'))
        {
            int start = 0;
            while (paragraph.Length - start > width)
            {
                int end = paragraph.LastIndexOf(' ', start + width, width + 1);
                if (end <= start) end = paragraph.IndexOf(' ', start + width);
                if (end < 0) break;
                yield return paragraph[start..end];
                start = end + 1;
            }
            yield return paragraph[start..];
        }
    }
}
