using Terrace.Stan.Diagnostics;
using Terrace.Stan.Syntax;

namespace Terrace.Stan.Formatting;

/// <summary>
/// Brings declarations to the top of their block, where they had to stand before Stan 2.23. Where the size of a local variable is computed by the statements above it, or its name is used in a loop above it,
/// it opens a block of its own instead; a variable that is seen outside its block cannot, which is an error. Lists of declarations are taken apart before.
/// </summary>
internal sealed class EarlyDeclarations(DiagnosticBag diagnostics) : SyntaxRewriter
{
    /// <summary>The program with its declarations at the top of their blocks.</summary>
    public ProgramSyntax Arranged(ProgramSyntax program) => Program(program);

    protected override BlockSyntax Block(BlockSyntax b, bool global)
    {
        BlockSyntax block = base.Block(b, global);
        return block with { Statements = Arrange(block.Statements, new Span(b.Span.Source, b.Span.Start + 1, b.Span.Start + 1), b.Span.End - 1, global) };
    }

    /// <param name="statements">The statements of a block.</param>
    /// <param name="top">Where its first declaration goes.</param>
    /// <param name="end">The end of the block, its brace left out.</param>
    /// <param name="global">Whether its variables are seen outside it.</param>
    private List<StatementSyntax> Arrange(IReadOnlyList<StatementSyntax> statements, Span top, int end, bool global)
    {
        int first = 0;
        while (first < statements.Count && statements[first] is DeclarationSyntax or EmptySyntax) first++;
        List<StatementSyntax> declarations = [.. statements.Take(first)], rest = [];
        if (first > 0) top = new Span(top.Source, statements[first - 1].Span.End, statements[first - 1].Span.End);
        var above = new NamesOf();
        for (int i = first; i < statements.Count; i++)
        {
            if (statements[i] is not DeclarationSyntax late)
            {
                above.Add(statements[i]);
                rest.Add(statements[i]);
                continue;
            }
            var sizes = new NamesOf();
            foreach (ExpressionSyntax size in late.Type.Sizes.Concat(late.Type.ArraySizes.OfType<ExpressionSyntax>())) sizes.Add(size);
            string? obstacle = sizes.Read.FirstOrDefault(above.Written.Contains);
            bool used = above.Declared.Contains(late.Name.Name);
            if ((obstacle is not null || used) && !global)
            {
                var inner = new Span(late.Span.Source, late.Span.Start, end);
                rest.Add(new BlockSyntax(Arrange([.. statements.Skip(i)], new Span(late.Span.Source, late.Span.Start, late.Span.Start), end, false), null, inner));
                break;
            }
            if (obstacle is not null)
                diagnostics.Error("syntax-2.21", $"Stan 2.21 wants `{late.Name.Name}` declared above all statements of its block, but its size depends on `{obstacle}`, which they compute", late.Span,
                    "compute the size in the declaration of an integer at the top of the block, or in a block before");
            else if (used)
                diagnostics.Error("syntax-2.21", $"Stan 2.21 wants `{late.Name.Name}` declared above all statements of its block, and a statement above has a variable of the same name", late.Span, "give one of the two another name");
            Hoist(late, top, above, declarations, rest);
        }
        return [.. declarations, .. rest];
    }

    /// <summary>An integer, which may be a size, is moved with its value if the statements above do not bear on that; of anything else the value stays where it is.</summary>
    private static void Hoist(DeclarationSyntax late, Span top, NamesOf above, List<StatementSyntax> declarations, List<StatementSyntax> rest)
    {
        var moved = new MovedSyntax(top);
        if (late.Value is null)
        {
            declarations.Add(moved.Move(late));
            return;
        }
        var value = new NamesOf();
        value.Add(late.Value);
        if (late.Type is { Base: "int", ArraySizes.Count: 0 } && !value.HasEffects && !value.Read.Any(above.Written.Contains))
        {
            declarations.Add(moved.Move(late));
            return;
        }
        declarations.Add(moved.Move(late with { Value = null }));
        above.Written.Add(late.Name.Name);
        rest.Add(new AssignmentSyntax(late.Name, "=", late.Value, late.Span));
    }

    /// <summary>The names that statements and expressions read, write and declare.</summary>
    private sealed class NamesOf : SyntaxRewriter
    {
        public HashSet<string> Read { get; } = [];

        public HashSet<string> Written { get; } = [];

        public HashSet<string> Declared { get; } = [];

        /// <summary>Whether a call draws random numbers or reads the target.</summary>
        public bool HasEffects { get; private set; }

        public void Add(StatementSyntax statement) => _ = Statement(statement).ToArray();

        public void Add(ExpressionSyntax expression) => Expression(expression);

        protected override ExpressionSyntax Name(NameSyntax e)
        {
            Read.Add(e.Name);
            return e;
        }

        protected override ExpressionSyntax Call(CallSyntax e)
        {
            string name = e.Function.Name;
            HasEffects |= name == "target" || name.EndsWith("_rng", StringComparison.Ordinal) || name.EndsWith("_lp", StringComparison.Ordinal);
            return e;
        }

        protected override DeclarationSyntax Declaration(DeclarationSyntax s)
        {
            Declared.Add(s.Name.Name);
            return base.Declaration(s);
        }

        protected override ForSyntax Loop(ForSyntax s)
        {
            Declared.Add(s.Variable.Name);
            return base.Loop(s);
        }

        protected override IEnumerable<StatementSyntax> Statement(StatementSyntax statement)
        {
            if (statement is AssignmentSyntax assignment)
            {
                ExpressionSyntax target = assignment.Target;
                while (target is IndexedSyntax indexed) target = indexed.Target;
                if (target is NameSyntax name) Written.Add(name.Name);
            }
            return base.Statement(statement);
        }
    }
}
