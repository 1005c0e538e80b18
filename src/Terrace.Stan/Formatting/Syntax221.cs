using Terrace.Stan.Diagnostics;
using Terrace.Stan.Syntax;

namespace Terrace.Stan.Formatting;

/// <summary>
/// Turns today's forms into those that the compiler of Stan 2.21 reads (Stan reference manual of that version): older names, no unnormalised densities, no profiles. What it has no form for is an error.
/// Arrays are turned back when printed (<see cref="TypeFormatter"/>), declarations are moved by <see cref="EarlyDeclarations"/>.
/// </summary>
internal sealed class Syntax221 : SyntaxRewriter
{
    private readonly ProgramSyntax _program;
    private readonly HashSet<string> _own;
    private readonly DiagnosticBag _diagnostics;
    private readonly DeclaredTypes _types;

    /// <summary>Takes a program in today's forms and the names of functions that are defined in the files it includes.</summary>
    public Syntax221(ProgramSyntax program, HashSet<string> included, DiagnosticBag diagnostics)
    {
        _program = program;
        _own = [.. included, .. (program.Functions ?? []).Select(function => function.Name.Name)];
        _diagnostics = diagnostics;
        _types = new DeclaredTypes(program);
    }

    /// <summary>The program in the forms of 2.21.</summary>
    public ProgramSyntax Converted()
    {
        var bodies = new HashSet<string>();
        foreach (FunctionSyntax function in _program.Functions ?? [])
            if (function.Body is not null && !bodies.Add(function.Name.Name)) Lacks($"two functions of the name `{function.Name.Name}`", function.Name.Span, "give one of them another name");
        return new EarlyDeclarations(_diagnostics).Arranged(Program(_program));
    }

    private void Lacks(string what, Span span, string? hint = null) => _diagnostics.Error("syntax-2.21", $"Stan 2.21 has no {what}", span, hint);

    protected override FunctionSyntax Function(FunctionSyntax f)
    {
        _types.Enter();
        if (f.Returns is not null) Known(f.Returns);
        foreach (ArgumentSyntax argument in f.Arguments)
        {
            Known(argument.Type);
            Declare(argument.Name, argument.Type);
        }
        FunctionSyntax function = base.Function(f);
        _types.Leave();
        return function;
    }

    protected override BlockSyntax Block(BlockSyntax b, bool global)
    {
        if (!global) _types.Enter();
        BlockSyntax block = base.Block(b, global) with { Profile = null };
        if (!global) _types.Leave();
        return block;
    }

    protected override ForSyntax Loop(ForSyntax s)
    {
        _types.Enter();
        TypeSyntax? type = s.Upper is null ? _types.Element(s.Lower) : DeclaredTypes.Plain("int", s.Span);
        Declare(s.Variable, type ?? DeclaredTypes.Plain("real", s.Span));
        ForSyntax loop = base.Loop(s);
        _types.Leave();
        return loop;
    }

    protected override DeclarationSyntax Declaration(DeclarationSyntax s)
    {
        Known(s.Type);
        Declare(s.Name, s.Type);
        DeclarationSyntax declaration = base.Declaration(s);
        return declaration.Value is null ? declaration : declaration with { Value = s.Type.ArraySizes.Count == 0 ? declaration.Value : Promoted(declaration.Value, s.Type) };
    }

    /// <summary>An array of integers is no array of reals yet, so that the numbers in one are written as reals.</summary>
    private static ExpressionSyntax Promoted(ExpressionSyntax value, TypeSyntax? type) => (value, type) switch
    {
        (IntegerSyntax number, { Base: "real" }) when type.ArraySizes.Count == 0 => new RealSyntax(number.Text + ".0", number.Span),
        (ArraySyntax array, { ArraySizes.Count: > 0 }) => array with { Elements = [.. array.Elements.Select(e => Promoted(e, type with { ArraySizes = [.. type.ArraySizes.Skip(1)] }))] },
        (CallSyntax { Function.Name: "rep_array" } call, { Base: "real", ArraySizes.Count: > 0 }) when call.Arguments[0] is IntegerSyntax number =>
            call with { Arguments = [new RealSyntax(number.Text + ".0", number.Span), .. call.Arguments.Skip(1)] },
        _ => value,
    };

    private void Declare(NameSyntax name, TypeSyntax type)
    {
        if (Names221.IsReserved(name.Name) && !_own.Contains(name.Name))
            _diagnostics.Error("syntax-2.21", $"Stan 2.21 takes no variable of the name `{name.Name}`, which is that of a function or a word of C++", name.Span, "give the variable another name");
        _types.Declare(name.Name, type);
    }

    private void Known(TypeSyntax type)
    {
        if (Names221.NewTypes.Contains(type.Base)) Lacks($"type `{type.Base}`", type.Span);
    }

    protected override IEnumerable<StatementSyntax> Statement(StatementSyntax statement)
    {
        switch (statement)
        {
            case DeclarationListSyntax list:
                return list.Declarations.Select((declaration, i) => (StatementSyntax)Declaration(i == 0 ? declaration : declaration with { Span = LegacySyntax.Own(declaration) })).ToArray();
            case AssignmentSyntax s when base.Statement(s).Single() is AssignmentSyntax assignment:
                return [_types.Of(s.Target) is { ArraySizes.Count: > 0 } type ? assignment with { Value = Promoted(assignment.Value, type) } : assignment];
            case TargetSyntax { Jacobian: true } s:
                Lacks("`jacobian +=`", s.Span, "write `target +=` in the model block");
                break;
            case TildeSyntax s when Names221.NewDistributions.Contains(s.Distribution.Name) && !_own.Any(name => name.StartsWith(s.Distribution.Name + "_lp", StringComparison.Ordinal)):
                Lacks($"distribution `{s.Distribution.Name}`", s.Distribution.Span);
                break;
        }
        return base.Statement(statement);
    }

    protected override ExpressionSyntax Expression(ExpressionSyntax syntax)
    {
        if (syntax is TupleSyntax or TupleElementSyntax) Lacks("tuples", syntax.Span);
        else if (syntax is ImaginarySyntax) Lacks("complex numbers", syntax.Span);
        return base.Expression(syntax);
    }

    protected override ExpressionSyntax Infix(InfixSyntax e)
    {
        if (e.Operator == "%/%") return e with { Operator = "/" };
        if (e.Operator != ".^") return e;
        string? function = e.Right switch
        {
            IntegerSyntax { Text: "2" } or RealSyntax { Text: "2.0" } => "square",
            RealSyntax { Text: "0.5" } => "sqrt",
            _ => null,
        };
        if (function is not null) return Called(function, e, e.Left);
        Lacks("operator `.^`", e.Span, "write a loop with `^`");
        return e;
    }

    protected override ExpressionSyntax Call(CallSyntax e)
    {
        string name = e.Function.Name;
        string older = name.EndsWith("_lupdf", StringComparison.Ordinal) ? name[..^6] + "_lpdf" : name.EndsWith("_lupmf", StringComparison.Ordinal) ? name[..^6] + "_lpmf" : name;
        bool bar = e.Bar && e.Arguments.Count > 1 && !older.EndsWith("_cdf", StringComparison.Ordinal);
        CallSyntax call = e with { Function = e.Function with { Name = older }, Bar = bar };
        if (_own.Contains(older)) return call;
        if (Older(call) is { } form) return form;
        if (Names221.IsNewFunction(older)) Lacks($"function `{older}`", e.Function.Span);
        return call;
    }

    /// <summary>What a call of a newer function was written as; null where the name is an old one or had no older form.</summary>
    private CallSyntax? Older(CallSyntax e)
    {
        IReadOnlyList<ExpressionSyntax> a = e.Arguments;
        ExpressionSyntax Real(string text) => new RealSyntax(text, e.Span);
        ExpressionSyntax Integer(string text) => new IntegerSyntax(text, e.Span);
        CallSyntax Renamed(string name) => e with { Function = e.Function with { Name = name } };
        return (e.Function.Name, a.Count) switch
        {
            ("abs", 1) when !_types.IsInteger(a[0]) => Renamed("fabs"),
            ("size", 1) when _types.Of(a[0]) is { ArraySizes.Count: 0, Base: not ("int" or "real") } => Renamed("num_elements"),
            ("gp_exp_quad_cov", _) => Renamed("cov_exp_quad"),
            ("fatal_error", _) => Renamed("reject"),
            ("std_normal_qf", 1) => Renamed("inv_Phi"),
            ("log_determinant_spd", 1) => Renamed("log_determinant"),
            ("zeros_vector", 1) => Called("rep_vector", e, Integer("0"), a[0]),
            ("ones_vector", 1) => Called("rep_vector", e, Integer("1"), a[0]),
            ("zeros_row_vector", 1) => Called("rep_row_vector", e, Integer("0"), a[0]),
            ("ones_row_vector", 1) => Called("rep_row_vector", e, Integer("1"), a[0]),
            ("zeros_array", 1) => Called("rep_array", e, Real("0.0"), a[0]),
            ("ones_array", 1) => Called("rep_array", e, Real("1.0"), a[0]),
            ("zeros_int_array", 1) => Called("rep_array", e, Integer("0"), a[0]),
            ("ones_int_array", 1) => Called("rep_array", e, Integer("1"), a[0]),
            ("identity_matrix", 1) => Called("diag_matrix", e, Called("rep_vector", e, Integer("1"), a[0])),
            ("norm1", 1) => Called("sum", e, Called("fabs", e, a[0])),
            ("norm2", 1) => Called("sqrt", e, Called("dot_self", e, a[0])),
            ("log_inv_logit_diff", 2) => Called("log_diff_exp", e, Called("log_inv_logit", e, a[0]), Called("log_inv_logit", e, a[1])),
            _ => null,
        };
    }

    private static CallSyntax Called(string name, ExpressionSyntax at, params ExpressionSyntax[] arguments) => new(new NameSyntax(name, at.Span), arguments, false, at.Span);
}
