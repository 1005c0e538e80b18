using System.CommandLine;
using System.Globalization;

namespace Terrace.Cli.Options;

/// <summary>The option <c>--start NAME=V</c>: start values of the parameters of a nonlinear model.</summary>
internal static class StartValues
{
    /// <summary>The option; it takes several values, and each may be a list separated by commas.</summary>
    public static Option<string[]> Create()
    {
        Option<string[]> option = OptionValues.Repeated("--start", "NAME=V", "start value of a parameter of a nonlinear model, as in --start a=1 b=0.1; makes any arithmetic formula nonlinear");
        option.AllowMultipleArgumentsPerToken = true;
        return option;
    }

    /// <summary>The values by name.</summary>
    /// <exception cref="UsageException">One is no NAME=V, or a name comes twice.</exception>
    public static IReadOnlyDictionary<string, double> Read(ParseResult parsed, Option<string[]> option)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string part in parsed.Read(option).SelectMany(ListText.Split).Where(text => text.Length > 0))
        {
            (string name, string? number) = ListText.Assignment(part);
            if (name.Length == 0 || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
                throw new UsageException($"--start needs NAME=V with a number V, as in --start Asym=200, not '{part}'.");
            if (!values.TryAdd(name, value)) throw new UsageException($"--start gives '{name}' twice.");
        }
        return values;
    }
}
