using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;
using Terrace.Stan.Syntax;
using Terrace.Stan.Types;

namespace Terrace.Stan.Lowering;

/// <summary>Checks a whole program and resolves it: functions first, then block by block.</summary>
internal sealed class ProgramLowering
{
    private readonly LoweringContext _context;
    private readonly DeclarationLowering _declarations;
    private readonly StatementLowering _statements;
    private readonly IrProgram _program = new();

    private ProgramLowering(DiagnosticBag diagnostics)
    {
        _context = new LoweringContext(diagnostics);
        var expressions = new ExpressionLowering(_context);
        _declarations = new DeclarationLowering(_context, expressions);
        _statements = new StatementLowering(_context, expressions, _declarations);
    }

    /// <summary>The resolved program; faults go to <paramref name="diagnostics"/>.</summary>
    public static IrProgram Lower(ProgramSyntax syntax, DiagnosticBag diagnostics) => new ProgramLowering(diagnostics).Run(syntax);

    private IrProgram Run(ProgramSyntax syntax)
    {
        Functions(syntax.Functions ?? []);
        Declarations(syntax.Data, ProgramBlock.Data, SymbolKind.Data, _program.Data);
        Statements(syntax.TransformedData, ProgramBlock.TransformedData, SymbolKind.TransformedData, _program.TransformedData);
        Declarations(syntax.Parameters, ProgramBlock.Parameters, SymbolKind.Parameter, _program.Parameters);
        Statements(syntax.TransformedParameters, ProgramBlock.TransformedParameters, SymbolKind.TransformedParameter, _program.TransformedParameters);
        _context.Scope.Open();
        Statements(syntax.Model, ProgramBlock.Model, SymbolKind.Local, _program.Model);
        _context.Scope.Close();
        Statements(syntax.GeneratedQuantities, ProgramBlock.GeneratedQuantities, SymbolKind.GeneratedQuantity, _program.GeneratedQuantities);
        return _program;
    }

    private void Declarations(BlockSyntax? block, ProgramBlock kind, SymbolKind symbols, List<IrSymbol> into)
    {
        _context.Block = kind;
        foreach (StatementSyntax statement in block?.Statements ?? [])
        {
            IReadOnlyList<DeclarationSyntax> declarations = statement switch { DeclarationSyntax one => [one], DeclarationListSyntax many => many.Declarations, _ => [] };
            if (declarations.Count == 0 && statement is not EmptySyntax)
                _context.Fault("statement-place", $"the block `{(symbols == SymbolKind.Data ? "data" : "parameters")}` holds declarations only", statement.Span, symbols == SymbolKind.Data ? "compute in `transformed data`" : "compute in `transformed parameters`");
            foreach (DeclarationSyntax declaration in declarations)
            {
                if (declaration.Value is not null) _context.Fault("statement-place", $"`{declaration.Name.Name}` cannot be defined here: {(symbols == SymbolKind.Data ? "data come from outside" : "a parameter is estimated")}", declaration.Value.Span);
                IrSymbol symbol = _declarations.Declare(declaration, symbols);
                if (symbols == SymbolKind.Parameter && symbol.Type.IsIntegral)
                    _context.Fault("integer-parameter", $"the parameter `{symbol.Name}` is an integer, which has no gradient", declaration.Span, "sum the discrete parameter out of the model, with `log_sum_exp` or `log_mix`");
                into.Add(symbol);
            }
        }
    }

    private void Statements(BlockSyntax? block, ProgramBlock kind, SymbolKind symbols, List<IrStatement> into)
    {
        _context.Block = kind;
        foreach (StatementSyntax statement in block?.Statements ?? []) _statements.Lower(statement, symbols, into);
    }

    private void Functions(IReadOnlyList<FunctionSyntax> functions)
    {
        _context.Block = ProgramBlock.Functions;
        List<(FunctionSyntax Syntax, IrFunction Function)> bodies = [];
        foreach (FunctionSyntax syntax in functions)
        {
            IrFunction function = Declare(syntax);
            if (syntax.Body is not null) bodies.Add((syntax, function));
        }
        foreach ((FunctionSyntax syntax, IrFunction function) in bodies) Body(syntax, function);
        foreach (IrFunction function in _program.Functions)
            if (function.Body is null) _context.Fault("function-without-body", $"the function `{function.Name}` is declared and never defined", function.Span);
    }

    private IrFunction Declare(FunctionSyntax syntax)
    {
        string name = syntax.Name.Name;
        List<IrSymbol> arguments = [];
        foreach (ArgumentSyntax argument in syntax.Arguments)
        {
            if (arguments.Exists(earlier => earlier.Name == argument.Name.Name)) _context.Fault("name-taken", $"two arguments of `{name}` are called `{argument.Name.Name}`", argument.Name.Span);
            arguments.Add(new IrSymbol(argument.Name.Name, _declarations.Type(argument.Type), SymbolKind.Argument, argument.Name.Span) { IsDataOnly = argument.IsData });
        }
        StanType returns = syntax.Returns is null ? StanType.Void : _declarations.Type(syntax.Returns);
        if (!_context.Functions.TryGetValue(name, out List<IrFunction>? overloads)) _context.Functions[name] = overloads = [];
        foreach (IrFunction earlier in overloads)
        {
            if (!earlier.Arguments.Select(argument => argument.Type).SequenceEqual(arguments.Select(argument => argument.Type))) continue;
            if (!earlier.Returns.Equals(returns)) _context.Fault("function-redeclared", $"`{name}` with these arguments returns {earlier.Returns} on line {earlier.Span.Line}", syntax.Name.Span);
            if (syntax.Body is null || earlier.Body is not null) _context.Fault("function-redefined", $"`{name}` with these arguments is defined already, on line {earlier.Span.Line}", syntax.Name.Span);
            overloads.Remove(earlier);
            _program.Functions.Remove(earlier);
            // The declaration's symbol is replaced, so that calls resolved later see the definition.
            break;
        }
        CheckDensity(name, returns, arguments, syntax.Name.Span);
        var function = new IrFunction(name, returns, arguments, syntax.Name.Span);
        if (syntax.Body is not null) function.Body = new IrBlock([], syntax.Span);
        overloads.Add(function);
        _program.Functions.Add(function);
        return function;
    }

    private void CheckDensity(string name, StanType returns, List<IrSymbol> arguments, Span span)
    {
        bool density = name.EndsWith("_lpdf", StringComparison.Ordinal), mass = name.EndsWith("_lpmf", StringComparison.Ordinal);
        if (!density && !mass) return;
        if (!returns.IsReal) _context.Fault("density-type", $"`{name}` returns a real, as all densities do, found {returns}", span);
        if (arguments.Count == 0) _context.Fault("density-type", $"`{name}` needs the outcome as its first argument", span);
        else if (mass && !arguments[0].Type.IsIntegral && arguments[0].Type.Base != BaseType.Error) _context.Fault("density-type", $"the outcome of `{name}` is an integer or an array of integers, found {arguments[0].Type}", arguments[0].Span, "a density of reals ends in `_lpdf`");
        else if (density && arguments[0].Type.IsIntegral) _context.Fault("density-type", $"the outcome of `{name}` is real, found {arguments[0].Type}", arguments[0].Span, "a mass function of integers ends in `_lpmf`");
    }

    private void Body(FunctionSyntax syntax, IrFunction function)
    {
        _context.Function = function;
        _context.Scope.Open();
        foreach (IrSymbol argument in function.Arguments) _context.Scope.Add(argument);
        function.Body = _statements.Nested(syntax.Body!);
        _context.Scope.Close();
        _context.Function = null;
        if (!function.Returns.Equals(StanType.Void) && !Returns(function.Body))
            _context.Fault("missing-return", $"not every way through `{function.Name}` ends in `return`", function.Span, "add a `return` at the end");
    }

    /// <summary>Whether a statement surely ends the function.</summary>
    private static bool Returns(IrStatement statement) => statement switch
    {
        IrReturn => true,
        IrMessage { Kind: MessageKind.Reject or MessageKind.Fatal } => true,
        IrBlock block => block.Statements.Any(Returns),
        IrIf choice => choice.Else is not null && Returns(choice.Then) && Returns(choice.Else),
        IrWhile { Condition: IrInteger { Value: not 0 } } => true,
        IrFor loop => Returns(loop.Body),
        IrWhile loop => Returns(loop.Body),
        _ => false,
    };
}
