using System.Globalization;

namespace Terrace.Cli.Printing;

/// <summary>Numbers for people; never for machines.</summary>
internal static class NumberText
{
    /// <summary>What stands for a number that is not there.</summary>
    public const string None = "-";

    /// <summary>A count with a comma between thousands: <c>11,566</c>.</summary>
    public static string Count(double value) => value.ToString(value == Math.Floor(value) || Math.Abs(value) >= 1e6 ? "#,0" : "#,0.##", CultureInfo.InvariantCulture);

    /// <summary>A number with so many significant digits, plain as long as it is readable.</summary>
    public static string Significant(double? value, int digits = 4)
    {
        if (value is not { } number || !double.IsFinite(number)) return None;
        if (number == 0) return "0";
        double size = Math.Abs(number);
        if (size is >= 1e15 or < 1e-5) return number.ToString($"0.{new string('#', digits - 1)}e+0", CultureInfo.InvariantCulture);
        int decimals = Math.Clamp(digits - 1 - (int)Math.Floor(Math.Log10(size)), 0, 15);
        string text = number.ToString($"F{decimals}", CultureInfo.InvariantCulture);
        return text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary>A number with so many digits after the point, or <see cref="None"/>.</summary>
    public static string Fixed(double? value, int decimals) =>
        value is { } number && double.IsFinite(number) ? number.ToString($"F{decimals}", CultureInfo.InvariantCulture) : None;

    /// <summary>A share as a percentage with one digit: <c>54.4 %</c>, or <see cref="None"/>.</summary>
    public static string Percent(double? share, int decimals = 1) =>
        share is { } number && double.IsFinite(number) ? (100 * number).ToString($"F{decimals}", CultureInfo.InvariantCulture) + " %" : None;
}
