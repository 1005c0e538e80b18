using System.Text;
using Terrace.Stan.Syntax;

namespace Terrace.Stan.Formatting;

/// <summary>Prints a program block by block, with the comments and single blank lines between the blocks.</summary>
internal sealed class ProgramFormatter
{
    private readonly StringBuilder _text = new();
    private readonly ProgramSyntax _program;
    private readonly CommentPlacement _comments;
    private readonly StatementFormatter _statements;

    /// <summary>Takes a program whose syntax has the form asked for already.</summary>
    public ProgramFormatter(SourceText source, ProgramSyntax program, bool oldArrays)
    {
        _program = program;
        _comments = new CommentPlacement(source, program.Comments);
        _statements = new StatementFormatter(_text, _comments, oldArrays);
    }

    /// <summary>The program's text.</summary>
    public string Run()
    {
        bool first = true;
        Functions(ref first);
        Block("data", _program.Data, ref first);
        Block("transformed data", _program.TransformedData, ref first);
        Block("parameters", _program.Parameters, ref first);
        Block("transformed parameters", _program.TransformedParameters, ref first);
        Block("model", _program.Model, ref first);
        Block("generated quantities", _program.GeneratedQuantities, ref first);
        _statements.OwnLines(int.MaxValue, 0, ref first);
        return _text.ToString();
    }

    private void Block(string name, BlockSyntax? block, ref bool first)
    {
        if (block is null) return;
        Start(name, ref first);
        _statements.Braces(block.Span.Start, block.Span.End - 1, 0, (indent, inner) => _statements.Statements(block.Statements, indent, inner));
        _statements.EndLine(block.Span.End, 0);
    }

    private void Start(string name, ref bool first)
    {
        int start = _program.BlockSpans[name].Start;
        _statements.OwnLines(start, 0, ref first);
        if (!first && _comments.BlankLineAbove(start)) _text.Append('\n');
        first = false;
        _text.Append(name);
    }

    private void Functions(ref bool first)
    {
        if (_program.Functions is not { } functions) return;
        Start("functions", ref first);
        int open = _comments.SkipTrivia(_program.BlockSpans["functions"].End);
        int close = _comments.SkipTrivia(functions.Count > 0 ? functions[^1].Span.End : open + 1);
        _statements.Braces(open, close, 0, (indent, inner) =>
        {
            bool none = true;
            foreach (FunctionSyntax function in functions)
            {
                _statements.StartLine(function.Span.Start, indent, ref none);
                _statements.Function(function, indent);
                _statements.EndLine(function.Span.End, indent);
            }
            _statements.OwnLines(inner, indent, ref none);
        });
        _statements.EndLine(close + 1, 0);
    }
}
