using System.CommandLine;
using Terrace.StanCode;

namespace Terrace.Cli.Options;

/// <summary>What is asked of a model's Stan program.</summary>
/// <param name="Print">Whether it is printed in place of a fit.</param>
/// <param name="DataFile">Where its data go, or null.</param>
/// <param name="Syntax">How arrays are declared.</param>
internal sealed record StanSettings(bool Print = false, string? DataFile = null, StanSyntax Syntax = StanSyntax.Modern);

/// <summary>The options of <c>fit</c> that turn a Bayesian model into a Stan program.</summary>
internal sealed class StanOptions
{
    private readonly Option<bool> _code = OptionValues.Flag("--stan-code", "print the model as a Stan program and fit nothing");
    private readonly Option<string> _data = OptionValues.Text("--stan-data", "FILE", "write the program's data as JSON (with --stan-code)");
    private readonly Option<string> _syntax = OptionValues.Text("--stan-syntax", "V", "modern, or 2.21 for rstan of that version (default modern)");

    /// <summary>The options under their heading.</summary>
    public OptionGroup Group() => new("Stan (--engine nuts)", [_code, _data, _syntax]);

    /// <summary>What the command line says.</summary>
    /// <exception cref="UsageException">A value is not possible.</exception>
    public StanSettings Read(ParseResult parsed, bool isBayesian)
    {
        bool print = parsed.IsGiven(_code);
        string? data = parsed.Read(_data), syntax = parsed.ReadChoice(_syntax, ["modern", "2.21"]);
        if (!print && (data is not null || syntax is not null)) throw new UsageException($"{(data is not null ? "--stan-data" : "--stan-syntax")} goes with --stan-code; give that too.");
        if (print && !isBayesian) throw new UsageException("--stan-code prints Bayesian models; give --engine nuts too.");
        return new StanSettings(print, data, syntax == "2.21" ? StanSyntax.Old : StanSyntax.Modern);
    }
}
