using System.Text;

namespace Terrace.MixedModels;

/// <summary>Shortens names as R's <c>abbreviate</c> does: lower-case vowels go first, from the end, then lower-case letters.</summary>
/// <remarks>The first letter of a word stays. Check: SummaryTextTests ((Intercept) becomes (Intr)).</remarks>
internal static class Abbreviation
{
    public static string Of(string name, int length)
    {
        var text = new StringBuilder(name);
        Drop(text, length, c => c is 'a' or 'e' or 'i' or 'o' or 'u');
        Drop(text, length, char.IsAsciiLetterLower);
        return text.ToString();
    }

    private static void Drop(StringBuilder text, int length, Func<char, bool> drops)
    {
        for (int i = text.Length - 1; i > 0 && text.Length > length; i--)
        {
            if (drops(text[i]) && text[i - 1] != ' ') text.Remove(i, 1);
        }
    }
}
