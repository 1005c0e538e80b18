using System.Text;
using Terrace.Stan.Diagnostics;
using Terrace.Stan.Emit;
using Terrace.Stan.Ir;
using Terrace.Stan.Syntax;

namespace Terrace.Stan.Printing;

/// <summary>The forms that a program has on its way to machine code.</summary>
public enum StanPhase
{
    /// <summary>The syntax tree, as read.</summary>
    Syntax,

    /// <summary>The resolved program: names and types settled, shorthand written out.</summary>
    Resolved,

    /// <summary>The methods that run, as C#.</summary>
    CSharp,
}

/// <summary>Prints the phases of the compiler.</summary>
public static class StanPrinter
{
    /// <summary>The program as it is after a phase.</summary>
    /// <param name="text">The program.</param>
    /// <param name="phase">The phase.</param>
    /// <param name="name">The name in messages.</param>
    /// <param name="includes">Finds included files; null when there are none.</param>
    /// <exception cref="StanProgramException">The program is wrong.</exception>
    public static string Print(string text, StanPhase phase, string name = "model", IIncludeResolver? includes = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var source = new SourceText(text, name);
        if (phase == StanPhase.Syntax)
        {
            var diagnostics = new DiagnosticBag();
            ProgramSyntax syntax = ProgramParser.Parse(source, diagnostics, includes);
            diagnostics.ThrowIfErrors();
            return new SyntaxTreeWriter().Write(syntax);
        }
        (IrProgram program, _) = StanCompiler.Check(source, includes);
        return phase == StanPhase.Resolved ? new ResolvedProgramWriter().Write(program) : CSharp(program, name);
    }

    private static string CSharp(IrProgram program, string name)
    {
        List<(System.Linq.Expressions.LambdaExpression Method, int Number)> methods = [];
        var emitter = new ProgramEmitter(program) { Written = (method, number) => methods.Add((method, number)) };
        emitter.TransformData();
        emitter.LogDensity();
        emitter.WriteDraw();
        emitter.Unconstrain();
        return new CSharpProgram(name, emitter.Sites).Write(methods);
    }

    /// <summary>A name of C# out of any text: <c>eight_schools.stan</c> becomes <c>EightSchools</c>.</summary>
    internal static string Identifier(string text)
    {
        var to = new StringBuilder();
        bool upper = true;
        foreach (char c in Path.GetFileNameWithoutExtension(text))
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                upper = true;
                continue;
            }
            to.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = false;
        }
        if (to.Length == 0 || char.IsDigit(to[0])) to.Insert(0, "Program");
        return to.ToString();
    }
}
