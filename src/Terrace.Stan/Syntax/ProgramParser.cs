using Terrace.Stan.Diagnostics;

namespace Terrace.Stan.Syntax;

/// <summary>Reads a program: its blocks in order, each at most once.</summary>
internal sealed class ProgramParser
{
    private static readonly string[] BlockNames = ["functions", "data", "transformed data", "parameters", "transformed parameters", "model", "generated quantities"];
    private readonly TokenStream _tokens;
    private readonly DiagnosticBag _diagnostics;
    private readonly TypeParser _types;
    private readonly StatementParser _statements;
    private readonly Lexer _lexer;

    private ProgramParser(SourceText source, DiagnosticBag diagnostics, IIncludeResolver? includes, bool keepIncludes)
    {
        _lexer = new Lexer(source, diagnostics, includes, keepIncludes);
        _tokens = new TokenStream(_lexer.Run(), diagnostics);
        _diagnostics = diagnostics;
        var expressions = new ExpressionParser(_tokens, diagnostics);
        _types = new TypeParser(_tokens, expressions, diagnostics);
        _statements = new StatementParser(_tokens, expressions, _types, diagnostics);
    }

    /// <summary>The program's syntax; faults go to <paramref name="diagnostics"/>.</summary>
    public static ProgramSyntax Parse(SourceText source, DiagnosticBag diagnostics, IIncludeResolver? includes = null) => new ProgramParser(source, diagnostics, includes, false).Program();

    /// <summary>The program's syntax with its <c>#include</c> lines among the comments, not followed.</summary>
    public static ProgramSyntax ParseKeepingIncludes(SourceText source, DiagnosticBag diagnostics) => new ProgramParser(source, diagnostics, null, true).Program();

    private ProgramSyntax Program()
    {
        List<FunctionSyntax>? functions = null;
        var blocks = new BlockSyntax?[BlockNames.Length];
        var spans = new Dictionary<string, Span>();
        int last = -1;
        while (_tokens.Current.Kind != TokenKind.End)
        {
            Token start = _tokens.Current;
            int before = _tokens.Position;
            int block = BlockIndex();
            try
            {
                if (block < 0)
                {
                    string? near = start.Kind == TokenKind.Identifier ? Nearest.Name(start.Text, BlockNames.Select(name => name.Split(' ')[0])) : null;
                    _diagnostics.Error("expected-block", $"found {start.Described} where a block of the program was expected", start.Span,
                        near is not null ? $"did you mean `{near}`?" : "the blocks are: " + string.Join(", ", BlockNames));
                    throw new ParseFaultException();
                }
                string name = BlockNames[block];
                spans.TryAdd(name, start.Span);
                if (block == last || blocks[block] is not null || (block == 0 && functions is not null)) _diagnostics.Error("repeated-block", $"the block `{name}` appears twice", start.Span);
                else if (block < last) _diagnostics.Error("block-order", $"the block `{name}` must come before `{BlockNames[last]}`", start.Span, "the order is: " + string.Join(", ", BlockNames));
                last = Math.Max(last, block);
                if (block == 0) functions = Functions();
                else blocks[block] = _statements.Block($"the block `{name}`");
            }
            catch (ParseFaultException)
            {
                if (_tokens.Position == before) _tokens.Advance();
                while (_tokens.Current.Kind != TokenKind.End && BlockStart() < 0) _tokens.Advance();
            }
        }
        return new ProgramSyntax(functions, blocks[1], blocks[2], blocks[3], blocks[4], blocks[5], blocks[6], _lexer.Comments, spans);
    }

    private int BlockStart()
    {
        string two = _tokens.Current.Text + " " + _tokens.Next.Text;
        int index = Array.IndexOf(BlockNames, two);
        if (index >= 0) return _tokens.AfterNext.Is("{") ? index : -1;
        index = Array.IndexOf(BlockNames, _tokens.Current.Text);
        return index >= 0 && _tokens.Next.Is("{") ? index : -1;
    }

    private int BlockIndex()
    {
        string two = _tokens.Current.Text + " " + _tokens.Next.Text;
        int index = Array.IndexOf(BlockNames, two);
        if (index >= 0)
        {
            _tokens.Advance();
            _tokens.Advance();
            return index;
        }
        index = Array.IndexOf(BlockNames, _tokens.Current.Text);
        if (index >= 0) _tokens.Advance();
        return index;
    }

    private List<FunctionSyntax> Functions()
    {
        Token open = _tokens.Expect("{", "a `{` that opens the block `functions`");
        List<FunctionSyntax> functions = [];
        while (!_tokens.Current.Is("}") && _tokens.Current.Kind != TokenKind.End)
        {
            if (_tokens.Take(";")) continue;
            functions.Add(Function());
        }
        if (!_tokens.Take("}")) _diagnostics.Error("unclosed-block", "the block `functions` is never closed", open.Span, "close it with `}`");
        return functions;
    }

    private FunctionSyntax Function()
    {
        Span start = _tokens.Current.Span;
        TypeSyntax? returns = _tokens.Take("void") ? null : _types.Unsized();
        NameSyntax name = _types.DeclaredName();
        _tokens.Expect("(", $"a `(` with the arguments of `{name.Name}`");
        List<ArgumentSyntax> arguments = [];
        if (!_tokens.Current.Is(")")) do arguments.Add(Argument()); while (_tokens.Take(","));
        _tokens.Expect(")", $"a `,` or the `)` that closes the arguments of `{name.Name}`");
        StatementSyntax? body = _tokens.Take(";") ? null : _tokens.Current.Is("{") ? _statements.Block($"the function `{name.Name}`") : _statements.Statement();
        return new FunctionSyntax(returns, name, arguments, body, start.To(_tokens.Previous.Span));
    }

    private ArgumentSyntax Argument()
    {
        bool data = _tokens.Take("data");
        TypeSyntax type = _types.Unsized();
        NameSyntax name = _types.DeclaredName();
        if (_tokens.Current.Is("["))
        {
            _diagnostics.Error("argument-size", "an argument has no sizes", _tokens.Current.Span, $"write `array[] {type.Base} {name.Name}`");
            throw new ParseFaultException();
        }
        return new ArgumentSyntax(data, type, name);
    }
}
