using System.Collections;
using System.Reflection;
using System.Text;
using Terrace.Stan.Syntax;

namespace Terrace.Stan.Printing;

/// <summary>Prints a syntax tree, a node a line: its kind, its words, its place, and its parts indented below it under their names.</summary>
internal sealed class SyntaxTreeWriter
{
    private readonly StringBuilder _to = new();

    /// <summary>The tree of a program, blocks in their order; comments are no part of it.</summary>
    public string Write(ProgramSyntax program)
    {
        foreach (PropertyInfo block in typeof(ProgramSyntax).GetProperties())
        {
            if (block.Name is nameof(ProgramSyntax.Comments) or nameof(ProgramSyntax.BlockSpans) || block.GetValue(program) is not { } value) continue;
            Node(block.Name, value, 0);
        }
        return _to.ToString();
    }

    private void Node(string role, object value, int depth)
    {
        if (value is IEnumerable list and not string)
        {
            object?[] items = [.. list.Cast<object?>()];
            if (items.Length == 0) return;
            Line(depth, $"{role}:");
            foreach (object? item in items) Node("", item ?? "open", depth + 1);
            return;
        }
        string lead = role.Length > 0 ? $"{role}: " : "";
        if (IsWord(value))
        {
            Line(depth, $"{lead}{value}");
            return;
        }
        PropertyInfo[] properties = [.. value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.Name is not (nameof(ExpressionSyntax.Span) or "EqualityContract"))];
        var line = new StringBuilder(lead).Append(value.GetType().Name.Replace("Syntax", "", StringComparison.Ordinal));
        foreach (PropertyInfo property in properties)
        {
            if (property.GetValue(value) is { } word && IsWord(word) && word is not false) line.Append(word is true ? $" {property.Name}" : $" `{word}`");
        }
        if (value.GetType().GetProperty(nameof(ExpressionSyntax.Span))?.GetValue(value) is Span { Source: not null } span) line.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {span.Line}:{span.Column}");
        Line(depth, line.ToString());
        foreach (PropertyInfo property in properties)
            if (property.GetValue(value) is { } part && !IsWord(part)) Node(property.Name, part, depth + 1);
    }

    private static bool IsWord(object value) => value is string or int or bool;

    private void Line(int depth, string text) => _to.Append(' ', 2 * depth).Append(text).Append('\n');
}
