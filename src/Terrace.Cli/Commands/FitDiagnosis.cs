using System.Text;
using Terrace.Cli.Options;
using Terrace.Cli.Printing;
using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.Inference.Tables;
using Terrace.MixedModels;
using Terrace.NonlinearModels;

namespace Terrace.Cli.Commands;

/// <summary>What <c>terrace fit</c> was asked for beyond the estimates.</summary>
internal sealed record FitDiagnosis
{
    /// <summary>R² and intraclass correlations.</summary>
    public ExplainedVariance? Variance { get; private init; }

    /// <summary>The principal components of the random effects.</summary>
    public IReadOnlyList<RandomEffectsPca> Components { get; private init; } = [];

    /// <summary>Explained variance and pooling of each level.</summary>
    public IReadOnlyList<LevelSummary> Levels { get; private init; } = [];

    /// <summary>The searches from other starts.</summary>
    public RestartCheck? Restarts { get; private init; }

    /// <summary>The three poolings.</summary>
    public ThreePoolings? Poolings { get; private init; }

    /// <summary>How near an optimum the estimates are.</summary>
    public ConvergenceCheck? Convergence { get; private init; }

    /// <summary>Computes what was asked for; null where that is nothing.</summary>
    public static FitDiagnosis? Of(ModelRun run, DiagnosticSettings settings, CancellationToken cancellation)
    {
        if (!(settings.Diagnose || settings.Poolings)) return null;
        return run switch
        {
            { Mixed: { } fit, Rows: { } rows } => OfMixed(fit, rows, settings, cancellation),
            { Distributional: { } fit } => new FitDiagnosis
            {
                Convergence = fit.CheckConvergence(cancellation),
                Components = fit.PrincipalComponents(),
                Restarts = settings.Restarts is { } starts ? DistributionalRestarts.Of(fit, starts, cancellation) : null,
            },
            { NonlinearMixed: { } fit } => new FitDiagnosis
            {
                Convergence = fit.Convergence,
                Components = fit.PrincipalComponents(),
                Restarts = settings.Restarts is { } starts ? NonlinearRestarts.Of(fit, starts, cancellation) : null,
            },
            _ => null,
        };
    }

    private static FitDiagnosis OfMixed(MixedModelFit fit, ModelRows rows, DiagnosticSettings settings, CancellationToken cancellation)
    {
        var result = new FitDiagnosis { Poolings = settings.Poolings ? ThreePoolings.Of(fit, rows, cancellation) : null };
        if (!settings.Diagnose) return result;
        // What needs the factor of the random effects is left out where a very large model was solved without one.
        bool factored = fit.Joint.Factorisation != Factorisation.Iterative;
        return result with
        {
            Convergence = fit.Convergence,
            Variance = ExplainedVariance.Of(fit, rows, NullModel(fit, rows, cancellation)),
            Components = RandomEffectsPca.Of(fit),
            Levels = factored ? LevelSummary.Of(fit, rows, cancellation) : [],
            Restarts = settings.Restarts is { } starts && factored ? RestartCheck.Of(fit, rows, starts, cancellation) : null,
        };
    }

    /// <summary>Writes the files that were asked for.</summary>
    public static void WriteFiles(ModelRun run, DiagnosticSettings settings, Stream? rowsFile, Stream? influenceFile, CancellationToken cancellation)
    {
        if (rowsFile is not null) Write(RowsOf(run), rowsFile);
        if (influenceFile is null) return;
        MixedModelFit fit = run.Mixed!;
        string[] groups = [.. fit.TermsInFormulaOrder.Select(term => term.Group).Distinct()];
        Write(DiagnosticsTable.Groups([.. groups.Select(group => GroupInfluence.Of(fit, run.Rows!, group, settings.ExactInfluence, cancellation))], fit), influenceFile);
    }

    private static EstimateTable RowsOf(ModelRun run) => run switch
    {
        { Mixed: { } fit } => DiagnosticsTable.Rows(MixedRowDiagnostics.Of(fit, run.Rows!), fit, run.Rows!),
        { Distributional: { } fit } => DiagnosticsTable.Rows(fit.Response, fit.Fitted, fit.PearsonResiduals, run.Rows!),
        { Nonlinear: { } fit } => DiagnosticsTable.Rows(run.Rows!.Response!.Values, fit.FittedValues(), fit.PearsonResiduals(), run.Rows!),
        { NonlinearMixed: { } fit } => DiagnosticsTable.Rows(run.Rows!.Response!.Values, fit.FittedValues(), fit.PearsonResiduals(), run.Rows!),
        _ => DiagnosticsTable.Rows(run.Linear!, run.Rows!),
    };

    /// <summary>The distribution's variance needs the mean of the response, from a model without predictors; where that cannot be fitted, the fit's own mean serves.</summary>
    private static MixedModelFit? NullModel(MixedModelFit fit, ModelRows rows, CancellationToken cancellation)
    {
        if (fit.Family.IsGaussian) return null;
        try
        {
            return ExplainedVariance.NullModel(fit, rows, cancellation);
        }
        catch (ModelException)
        {
            return null;
        }
    }

    private static void Write(EstimateTable table, Stream stream)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        CsvTable.Write(table, writer);
    }
}
