using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Analysis;

/// <summary>Checks of a resolved program that go beyond types: what is read, assigned, and of which size. The pedantic ones tell of programs that run and seldom say what was meant.</summary>
internal static class ProgramChecks
{
    /// <summary>Runs the checks; what they find goes to <paramref name="diagnostics"/>.</summary>
    public static void Run(IrProgram program, DiagnosticBag diagnostics, bool pedantic = false)
    {
        bool whole = !diagnostics.HasErrors;
        ProgramSize.Check(program, diagnostics);
        if (whole && diagnostics.HasErrors) return;
        UnassignedReads.Check(program, diagnostics);
        SizeAgreement.Check(program, diagnostics);
        // Statements that could not be read are missing here, so what never happens is told of whole programs only.
        if (!whole) return;
        NeverAssigned.Check(program, diagnostics);
        if (!pedantic) return;
        var dependence = new ParameterDependence(program);
        List<DensityTerm> terms = DensityTerm.Of(program);
        UnusedParameters.Check(program, dependence, terms, diagnostics);
        UnreadVariables.Check(program, diagnostics);
        VagueGammaPriors.Check(terms, diagnostics);
        CentredGroups.Check(terms, dependence, diagnostics);
        UniformBounds.Check(terms, diagnostics);
        MissingJacobian.Check(program, terms, dependence, diagnostics);
        UnconstrainedScales.Check(terms, diagnostics);
        ArgumentDomains.Check(program, diagnostics);
        ParameterScales.Check(terms, diagnostics);
        ParameterDependentControl.Check(program, dependence, diagnostics);
    }
}
