using System.Text;

namespace Terrace.Cli.Options;

/// <summary>Lists in one option value: <c>a,b,"c, d"</c>.</summary>
internal static class ListText
{
    /// <summary>The parts of <paramref name="text"/> between commas, without blanks around them; double quotes keep commas and blanks, doubled they mean themselves.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        bool quoted = false, wasQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '"' && quoted && i + 1 < text.Length && text[i + 1] == '"') part.Append(text[i++]);
            else if (c == '"' && (quoted || string.IsNullOrWhiteSpace(part.ToString()))) Toggle();
            else if (c == ',' && !quoted) Finish();
            else part.Append(c);
        }
        Finish();
        return parts;

        void Toggle()
        {
            if (!quoted) part.Clear();
            quoted = !quoted;
            wasQuoted = true;
        }

        void Finish()
        {
            parts.Add(wasQuoted ? part.ToString() : part.ToString().Trim());
            part.Clear();
            quoted = wasQuoted = false;
        }
    }

    /// <summary>Splits <c>NAME=VALUE</c> at the first equals sign; the value is null where there is none.</summary>
    public static (string Name, string? Value) Assignment(string text)
    {
        int equals = text.IndexOf('=');
        return equals < 0 ? (text.Trim(), null) : (text[..equals].Trim(), text[(equals + 1)..]);
    }
}
