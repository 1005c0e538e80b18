namespace Terrace.Formulas;

/// <summary>A fault in a formula or expression; the message shows the text with a caret under the fault.</summary>
public sealed class FormulaException : TerraceException
{
    /// <summary>Creates the exception for the fault at <paramref name="position"/> (from 0) of <paramref name="text"/>.</summary>
    public FormulaException(string problem, string text, int position) : base(Render(problem, text, position))
    {
        Problem = problem;
        Position = position;
    }

    /// <summary>What is wrong, without the picture of the place.</summary>
    public string Problem { get; }

    /// <summary>Where in the text the fault is, counted from 0.</summary>
    public int Position { get; }

    private static string Render(string problem, string text, int position)
    {
        const int width = 100;
        int start = Math.Max(0, Math.Min(position - width / 2, text.Length - width));
        string window = text.Substring(start, Math.Min(width, text.Length - start)).Replace('\n', ' ').Replace('\t', ' ').Replace('\r', ' ');
        return $"{problem}\n  {window}\n  {new string(' ', position - start)}^";
    }
}
