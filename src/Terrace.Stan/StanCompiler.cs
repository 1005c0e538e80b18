using Terrace.Stan.Analysis;
using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;
using Terrace.Stan.Lowering;
using Terrace.Stan.Syntax;

namespace Terrace.Stan;

/// <summary>The compiler's phases in order: text → tokens → syntax → resolved program, which is checked; <see cref="Emit.ProgramEmitter"/> goes on from there to expression trees and methods.</summary>
internal static class StanCompiler
{
    /// <summary>The resolved program, with what was found on the way.</summary>
    /// <exception cref="StanProgramException">The program is wrong.</exception>
    public static (IrProgram Program, IReadOnlyList<StanDiagnostic> Diagnostics) Check(SourceText source, IIncludeResolver? includes = null, bool pedantic = false)
    {
        var diagnostics = new DiagnosticBag();
        ProgramSyntax syntax = ProgramParser.Parse(source, diagnostics, includes);
        IrProgram program = ProgramLowering.Lower(syntax, diagnostics);
        ProgramChecks.Run(program, diagnostics, pedantic);
        diagnostics.ThrowIfErrors();
        return (program, diagnostics.Sorted);
    }
}
