using System.Globalization;
using System.Text;

namespace Terrace.Formulas;

/// <summary>Prints expressions as R deparses them, so that columns get R's names and the text parses back to an equal expression.</summary>
internal static class Deparser
{
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal) { "TRUE", "FALSE", "NA", "NULL", "Inf", "NaN" };

    /// <summary>The text of <paramref name="expression"/>.</summary>
    public static string Print(Expression expression)
    {
        var text = new StringBuilder();
        Append(text, expression);
        return text.ToString();
    }

    /// <summary>A name as it must be written in a formula: in backticks unless it is a plain one.</summary>
    public static string Name(string name) => IsPlain(name) ? name : Quote(name, '`');

    /// <summary>A number as R prints it: at most 15 digits (more only if needed to read back the same), whichever of 100000 and 1e+05 is shorter.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value)) return double.IsNaN(value) ? "NaN" : value > 0 ? "Inf" : "-Inf";
        string scientific = Scientific(value, 14);
        if (double.Parse(scientific, CultureInfo.InvariantCulture) != value) scientific = Scientific(value, 16);
        string plain = decimal.TryParse(scientific, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact) && (exact != 0 || value == 0)
            ? exact.ToString("0.############################", CultureInfo.InvariantCulture) : scientific;
        bool isSame = double.Parse(plain, CultureInfo.InvariantCulture) == value;
        return isSame && plain.Length <= scientific.Length ? plain : scientific;
    }

    private static string Scientific(double value, int decimals)
    {
        string text = value.ToString("e" + decimals, CultureInfo.InvariantCulture);
        int e = text.IndexOf('e', StringComparison.Ordinal);
        string mantissa = text[..e].TrimEnd('0').TrimEnd('.');
        int exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    private static void Append(StringBuilder text, Expression expression)
    {
        switch (expression)
        {
            case NumberExpression number: text.Append(Number(number.Value)); break;
            case TextExpression quoted: text.Append(Quote(quoted.Value, '"')); break;
            case LogicalExpression logical: text.Append(logical.Value switch { true => "TRUE", false => "FALSE", null => "NA" }); break;
            case NullExpression: text.Append("NULL"); break;
            case NameExpression name: text.Append(Name(name.Name)); break;
            case ParenthesizedExpression inner: AppendAll(text, "(", inner.Inner, ")"); break;
            case UnaryExpression unary: AppendAll(text, unary.Operator, unary.Operand, ""); break;
            case BinaryExpression binary: AppendBinary(text, binary); break;
            case CallExpression call: AppendCall(text, call); break;
        }
    }

    private static void AppendAll(StringBuilder text, string before, Expression expression, string after)
    {
        text.Append(before);
        Append(text, expression);
        text.Append(after);
    }

    private static void AppendBinary(StringBuilder text, BinaryExpression binary)
    {
        bool isTight = binary.Operator is ":" or "^" or "/" or "%%" or "%/%";
        Append(text, binary.Left);
        AppendAll(text, isTight ? binary.Operator : $" {binary.Operator} ", binary.Right, "");
    }

    private static void AppendCall(StringBuilder text, CallExpression call)
    {
        text.Append(Name(call.Function)).Append('(');
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            Argument argument = call.Arguments[i];
            if (i > 0) text.Append(", ");
            if (argument.Name is not null) text.Append(Name(argument.Name)).Append(" = ");
            Append(text, argument.Value);
        }
        text.Append(')');
    }

    private static bool IsPlain(string name)
    {
        if (Reserved.Contains(name) || !(char.IsLetter(name[0]) || name[0] == '.')) return false;
        if (name.Length > 1 && name[0] == '.' && char.IsAsciiDigit(name[1])) return false;
        return name.All(c => char.IsLetterOrDigit(c) || c is '.' or '_');
    }

    private static string Quote(string value, char mark)
    {
        var text = new StringBuilder(value.Length + 2).Append(mark);
        foreach (char c in value)
        {
            if (c == mark || c == '\\') text.Append('\\').Append(c);
            else text.Append(c switch { '\n' => "\\n", '\t' => "\\t", '\r' => "\\r", _ => c.ToString() });
        }
        return text.Append(mark).ToString();
    }
}
