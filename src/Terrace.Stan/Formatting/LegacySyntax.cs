using Terrace.Stan.Lowering;
using Terrace.Stan.Syntax;
using Terrace.Stan.Types;

namespace Terrace.Stan.Formatting;

/// <summary>Renews the forms that Stan 2.33 removed (Stan reference manual, "Removed features"): names, densities, the target. Arrays and assignments renew themselves when printed.</summary>
internal sealed class LegacySyntax : SyntaxRewriter
{
    private static readonly string[] ProbabilitySuffixes = ["_lpdf", "_lpmf", "_lupdf", "_lupmf", "_cdf", "_lcdf", "_lccdf"];

    /// <summary>Densities of reals that could be written with <c>_log</c> and that the library does not compute; <see cref="OldNames"/> knows the others.</summary>
    private static readonly HashSet<string> Densities = ["multi_gp", "multi_gp_cholesky", "multi_student_t", "gaussian_dlm_obs", "lkj_cov"];

    private readonly ProgramSyntax _program;
    private readonly HashSet<string> _own;
    private readonly Dictionary<string, string> _renamed = [];

    /// <summary>Takes a program and the names of functions that are defined in the files it includes.</summary>
    public LegacySyntax(ProgramSyntax program, HashSet<string> included)
    {
        _program = program;
        _own = [.. included, .. (program.Functions ?? []).Select(function => function.Name.Name)];
        var distributions = new DistributionNames(program).Found;
        foreach (FunctionSyntax function in program.Functions ?? [])
            if (NewName(function, distributions) is { } name && !_own.Contains(name)) _renamed[function.Name.Name] = name;
    }

    /// <summary>The program in today's forms.</summary>
    public ProgramSyntax Renewed() => Program(_program);

    /// <summary>A user's function is a density if a statement draws from it; another whose name ends in <c>_log</c> may be a logarithm of anything.</summary>
    private static string? NewName(FunctionSyntax function, HashSet<string> distributions)
    {
        string name = function.Name.Name;
        if (function.Returns is not { Base: "real", ArraySizes.Count: 0 } || function.Arguments.Count == 0) return null;
        if ((Replaced(name, "_ccdf_log", "_lccdf") ?? Replaced(name, "_cdf_log", "_lcdf")) is { } cumulative) return distributions.Contains(Stem(name)) ? cumulative : null;
        if (!name.EndsWith("_log", StringComparison.Ordinal) || !distributions.Contains(Stem(name))) return null;
        return Stem(name) + (function.Arguments[0].Type.Base == "int" ? "_lpmf" : "_lpdf");
    }

    private static string Stem(string name)
    {
        foreach (string suffix in (string[])["_ccdf_log", "_cdf_log", "_log"]) if (name.EndsWith(suffix, StringComparison.Ordinal)) return name[..^suffix.Length];
        return name;
    }

    private static string? Replaced(string name, string old, string modern) => name.EndsWith(old, StringComparison.Ordinal) ? name[..^old.Length] + modern : null;

    private string NewName(string name)
    {
        if (_renamed.TryGetValue(name, out string? renamed)) return renamed;
        if (_own.Contains(name)) return name;
        string modern = OldNames.Modern(name);
        if (modern != name) return modern;
        string stem = Stem(name);
        if (stem == name || FunctionLibrary.Find(name).Count > 0) return name;
        if (!Densities.Contains(stem)) return name;
        return Replaced(name, "_ccdf_log", "_lccdf") ?? Replaced(name, "_cdf_log", "_lcdf") ?? stem + "_lpdf";
    }

    protected override FunctionSyntax Function(FunctionSyntax f)
    {
        FunctionSyntax function = base.Function(f);
        return _renamed.TryGetValue(f.Name.Name, out string? name) ? function with { Name = f.Name with { Name = name } } : function;
    }

    protected override ExpressionSyntax Name(NameSyntax e) => e.Name == "lp__" ? new CallSyntax(new NameSyntax("target", e.Span), [], false, e.Span) : e;

    protected override ExpressionSyntax Call(CallSyntax e)
    {
        string name = e.Function.Name;
        if (name == "if_else" && e.Arguments.Count == 3 && !_own.Contains(name)) return new ConditionalSyntax(Bracketed(e.Arguments[0]), e.Arguments[1], e.Arguments[2], e.Span);
        if (name == "get_lp" && e.Arguments.Count == 0) return e with { Function = e.Function with { Name = "target" } };
        string modern = NewName(name);
        bool bar = e.Bar || (e.Arguments.Count > 1 && ProbabilitySuffixes.Any(suffix => modern.EndsWith(suffix, StringComparison.Ordinal)));
        return e with { Function = e.Function with { Name = modern }, Bar = bar };
    }

    protected override IEnumerable<StatementSyntax> Statement(StatementSyntax statement)
    {
        switch (statement)
        {
            case DeclarationListSyntax list when list.Declarations.Any(declaration => declaration.Type.IsOldArray):
                return list.Declarations.Select((declaration, i) => (StatementSyntax)Declaration(i == 0 ? declaration : declaration with { Span = Own(declaration) }));
            case AssignmentSyntax { Target: NameSyntax { Name: "lp__" }, Operator: "=" } s when Increment(s.Value) is { } increment:
                return [new TargetSyntax(false, Expression(increment), false, s.Span)];
            default:
                return base.Statement(statement);
        }
    }

    /// <summary>The place of one declaration among several, without the type that they share.</summary>
    internal static Span Own(DeclarationSyntax declaration)
    {
        int end = Math.Max(declaration.Name.Span.End, declaration.Span.End);
        return new Span(declaration.Span.Source, declaration.Name.Span.Start, end);
    }

    /// <summary>What <c>lp__ + e</c> adds, or null if the value has another form.</summary>
    private static ExpressionSyntax? Increment(ExpressionSyntax value)
    {
        if (value is not InfixSyntax { Operator: "+" or "-" } sum) return null;
        if (sum.Left is NameSyntax { Name: "lp__" }) return sum.Operator == "+" ? sum.Right : null;
        return Increment(sum.Left) is { } rest ? sum with { Left = rest } : null;
    }

    /// <summary>The names behind <c>~</c>.</summary>
    private sealed class DistributionNames : SyntaxRewriter
    {
        public DistributionNames(ProgramSyntax program) => Program(program);

        public HashSet<string> Found { get; } = [];

        protected override IEnumerable<StatementSyntax> Statement(StatementSyntax statement)
        {
            if (statement is TildeSyntax tilde) Found.Add(tilde.Distribution.Name);
            return base.Statement(statement);
        }
    }
}
