using System.CommandLine;
using System.Text.Json;
using Terrace.Cli.Documents;
using Terrace.Cli.Options;
using Terrace.Cli.Output;
using Terrace.Cli.Printing;
using Terrace.Data;
using Terrace.Formulas;
using Terrace.SavedFits;
using Terrace.StanCode;

namespace Terrace.Cli.Commands;

/// <summary><c>terrace fit FORMULA --data FILE</c>: fits one model.</summary>
internal static class FitCommand
{
    /// <summary>The command.</summary>
    public static ToolCommand Create()
    {
        Argument<string> formula = FormulaArgument.Create();
        Option<string> file = OptionValues.Required("--data", "FILE", "the data file: .csv or .csv.gz");
        var data = new DataOptions();
        var model = new ModelOptions();
        var checkpoint = new CheckpointOptions();
        var tests = new TestOptions();
        Option<string[]> start = StartValues.Create();
        var diagnostics = new DiagnosticOptions();
        var evaluation = new EvaluationOptions();
        var stan = new StanOptions();
        var after = new PostFitOptions();
        return new ToolCommand("fit", "fit one linear, generalised linear or mixed model", "terrace fit FORMULA --data FILE [options]", formula,
            [data.Group(file), model.Group(start), model.Bayes.Group(drawsOut: true), evaluation.Group(), after.Group(), stan.Group(), tests.Group(), diagnostics.Group(), CommonOptions.Group(checkpoint.All)])
        {
            ExampleMeaning = "Radon in the houses of Minnesota: an effect of the floor, and an intercept for every county that is pulled towards the others the less data it has.",
            Example = "terrace fit \"log_radon ~ floor + (1 | county)\" --data examples/data/radon.csv.gz",
            Run = (parsed, invocation) =>
            {
                ModelSettings settings = checkpoint.Read(parsed, model.Read(parsed));
                EvaluationSettings judged = evaluation.Read(parsed, settings.Bayes is not null);
                StanSettings program = stan.Read(parsed, settings.Bayes is not null && settings.Engines.Count == 0);
                if (program.Print) return PrintStanCode(FormulaArgument.Resolve(parsed.GetRequiredValue(formula)), parsed.GetRequiredValue(file), data.Read(parsed), settings, program, invocation);
                return Run(FormulaArgument.Resolve(parsed.GetRequiredValue(formula)), parsed.GetRequiredValue(file), data.Read(parsed), settings, tests.Read(parsed), StartValues.Read(parsed, start), diagnostics.Read(parsed), judged, after.Read(parsed, settings.Bayes is not null), invocation);
            },
        };
    }

    private static int Run(string formulaText, string file, DataSettings data, ModelSettings settings, TestSettings tests, IReadOnlyDictionary<string, double> start, DiagnosticSettings diagnostics, EvaluationSettings evaluation, PostFitSettings after, Invocation invocation)
    {
        if (settings.Engines.Count > 0)
        {
            if (tests.Any || diagnostics != new DiagnosticSettings() || NonlinearRun.Applies(formulaText, start)) throw new UsageException("Several engines compare estimates of one linear or generalised linear model; leave --test, --means, diagnostics and --start out, or name one engine.");
            if (evaluation != new EvaluationSettings() || after.Any) throw new UsageException("Cross-validation, hypotheses, checks and effects are for one engine; name one.");
            return EnginesRun.Run(Formula.Parse(formulaText), data.Open(file), data, settings, invocation);
        }
        if (settings.Bayes is not null) return RunBayes(formulaText, file, data, settings, tests, start, diagnostics, evaluation, after, invocation);
        if (settings.Family == "categorical") throw new UsageException("--family categorical is fitted by --engine nuts only; give that too.");
        Formula? formula = NonlinearRun.Applies(formulaText, start) ? null : Formula.Parse(formulaText);
        diagnostics.Check(formula is null, settings.IsDistributional, (formula?.RandomTerms ?? NonlinearFormula.Parse(formulaText).RandomTerms).Count > 0);
        if (settings.Factorisation != MixedModels.Factorisation.Automatic && formula is not { RandomTerms.Count: > 0 })
            throw new UsageException($"--factorisation chooses how random effects are solved for, and {(formula is null ? "nonlinear models have one way only" : "this formula has no group-level terms such as (1 | group)")}; leave the option out.");
        using var files = new OutputFiles(invocation.Cancellation, [file, data.SchemaFile, .. data.GroupData]);
        Stream? Reserve(string? path) => path is null ? null : files.Reserve(path);
        (Stream? save, Stream? rowsFile, Stream? influenceFile) = (Reserve(settings.SaveFile), Reserve(diagnostics.RowsFile), Reserve(diagnostics.InfluenceFile));
        IRowBlocks rows = data.Open(file);
        ModelRun run = formula is null
            ? NonlinearRun.Fit(formulaText, start, rows, settings, settings.FrameOptions(data), invocation.Cancellation)
            : ModelRun.Fit(formula, rows, settings with { VerifyHessian = diagnostics.Diagnose, NeedsRows = tests.Any || diagnostics != new DiagnosticSettings() || settings.Intervals.Kind is IntervalKind.Profile or IntervalKind.RestrictedProfile or IntervalKind.Bootstrap }, settings.FrameOptions(data), invocation.Cancellation);
        run = FitIntervals.Add(run, settings, invocation);
        if (tests.Any) run = run with { Report = RequestedTests.Of(run, rows, settings, tests, invocation.Cancellation) };
        FitDiagnosis? diagnosis = FitDiagnosis.Of(run, diagnostics, invocation.Cancellation);
        FitDiagnosis.WriteFiles(run, diagnostics, rowsFile, influenceFile, invocation.Cancellation);
        if (save is not null) SavedFitFile.Write(run.ToSavedFit(), save);
        files.Commit();
        if (DegreesOfFreedomChoice.Remark(run.Mixed, run.Tests, settings.DegreesOfFreedom) is { } remark) invocation.Remark(remark);
        if (invocation.Options.Json) WriteDocument(run, diagnosis, invocation);
        else WriteText(run, diagnosis, rows.Source, settings, diagnostics, invocation);
        return CommandLine.Done;
    }

    private static int PrintStanCode(string formulaText, string file, DataSettings data, ModelSettings settings, StanSettings program, Invocation invocation)
    {
        using var files = new OutputFiles(invocation.Cancellation, [file, data.SchemaFile, .. data.GroupData]);
        Stream? output = program.DataFile is null ? null : files.Reserve(program.DataFile);
        StanProgram stan = BayesRun.Program(Formula.Parse(formulaText), data.Open(file), settings, settings.FrameOptions(data), program.Syntax);
        if (output is not null) stan.WriteData(output);
        files.Commit();
        invocation.Output.Write(stan.Code);
        return CommandLine.Done;
    }

    private static int RunBayes(string formulaText, string file, DataSettings data, ModelSettings settings, TestSettings tests, IReadOnlyDictionary<string, double> start, DiagnosticSettings diagnostics, EvaluationSettings evaluation, PostFitSettings after, Invocation invocation)
    {
        if (NonlinearRun.Applies(formulaText, start)) throw new UsageException("--engine nuts does not fit nonlinear models; leave the option out.");
        string? other = tests.Any ? "--test, --means and their like" : diagnostics != new DiagnosticSettings() ? "Diagnostics of maximum likelihood" : settings.Intervals.Kind != IntervalKind.Wald ? "--ci"
            : BayesRun.LikelihoodOption(settings);
        if (other is not null) throw new UsageException($"{other} {(other.StartsWith("--test", StringComparison.Ordinal) || other[0] == 'D' ? "are" : "is")} not for --engine nuts; leave it out.");
        IRowBlocks rows = data.Open(file);
        using var files = new OutputFiles(invocation.Cancellation, [file, data.SchemaFile, .. data.GroupData]);
        Stream? save = settings.SaveFile is null ? null : files.Reserve(settings.SaveFile);
        Stream[] chains = DrawsDirectory.Reserve(files, settings.DrawsDirectory, settings.Bayes!.Sampling.Chains);
        Stream? pit = evaluation.PitFile is null ? null : files.Reserve(evaluation.PitFile);
        (Stream? check, Stream? effects) = (after.CheckFile is null ? null : files.Reserve(after.CheckFile), after.EffectsFile is null ? null : files.Reserve(after.EffectsFile));
        SavedFit fit = BayesRun.Fit(Formula.Parse(formulaText), rows, settings, settings.FrameOptions(data), evaluation, pit, invocation);
        fit = AfterTheFit.Add(fit, after, rows, check, effects, invocation);
        BayesianFitReport report = fit.BayesianReport!;
        DrawsDirectory.Write(chains, report.Fit);
        if (save is not null) SavedFitFile.Write(fit, save);
        files.Commit();
        if (!invocation.Options.Json && after.RstanarmLayout) RstanarmText.Write(invocation.Output, report);
        else if (!invocation.Options.Json) BayesText.Write(invocation.Output, report, rows.Source);
        else
        {
            foreach (ModelWarning warning in report.Warnings) invocation.Remark(warning.Message);
            invocation.Output.WriteLine(JsonDocumentText.Of(json => BayesianFitDocument.Write(json, report)));
        }
        return CommandLine.Done;
    }

    private static void WriteText(ModelRun run, FitDiagnosis? diagnosis, string source, ModelSettings settings, DiagnosticSettings diagnostics, Invocation invocation)
    {
        if (diagnostics.Display) ArmText.Write(invocation.Output, run, source, diagnostics, invocation.Cancellation);
        else FitText.Write(invocation.Output, run, source, settings);
        if (diagnosis is not null) DiagnosisText.Write(invocation.Output, diagnosis);
    }

    private static void WriteDocument(ModelRun run, FitDiagnosis? diagnosis, Invocation invocation)
    {
        foreach (ModelWarning warning in run.Report.Warnings) invocation.Remark(warning.Message);
        Action<Utf8JsonWriter>? more = diagnosis is null ? null : json => DiagnosisDocument.Write(json, diagnosis);
        invocation.Output.WriteLine(JsonDocumentText.Of(json => FitDocument.Write(json, run.Report, more)));
    }
}
