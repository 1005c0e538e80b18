using System.CommandLine;
using System.Diagnostics;
using Terrace.Cli.Documents;
using Terrace.Cli.Options;
using Terrace.Cli.Output;
using Terrace.Cli.Printing;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Poststratification;
using Terrace.Predictions;
using Terrace.SavedFits;

namespace Terrace.Cli.Commands;

/// <summary><c>terrace mrp SURVEY --population FRAME --formula F</c>: fit, poststratify, print and save the estimates.</summary>
internal static class MrpCommand
{
    /// <summary>The command.</summary>
    public static ToolCommand Create()
    {
        var survey = new Argument<string>("SURVEY") { Description = "the respondents: .csv or .csv.gz" };
        Option<string> formula = OptionValues.Required("--formula", "F", "the model, as in R with lme4's bars: 'y ~ x + (1 | state)'; @FILE reads it from a file");
        var data = new DataOptions();
        var model = new ModelOptions();
        var choices = new MrpChoices();
        var checkpoint = new CheckpointOptions();
        return new ToolCommand("mrp", "fit a model to a survey and weight it to a population", "terrace mrp SURVEY --population FRAME --formula F [options]", survey,
            [choices.Group(), data.Group(), model.Group(formula), model.Bayes.Group(), CommonOptions.Group(checkpoint.All)])
        {
            ExampleMeaning = "The share of Bush voters of 1988 in the nation and in every state, from 11,566 answers to polls and the census.",
            Example = "terrace mrp examples/data/election88_polls_all.csv.gz --population examples/data/census88.csv.gz \\\n"
                + "  --group-data examples/data/election88_states.csv.gz --by state \\\n"
                + "  --formula \"bush ~ female*black + g76_84pr + (1|state) + (1|region) + (1|age) + (1|edu) + (1|age:edu)\"",
            Run = (parsed, invocation) => Run(parsed.GetRequiredValue(survey), FormulaArgument.Resolve(parsed.GetRequiredValue(formula)),
                data.Read(parsed), checkpoint.Read(parsed, model.Read(parsed, bayesByDefault: true)), choices.Read(parsed), invocation),
        };
    }

    private static int Run(string surveyFile, string formulaText, DataSettings data, ModelSettings model, MrpSettings settings, Invocation invocation)
    {
        if (model.Intervals.Kind != IntervalKind.Wald) throw new UsageException("--ci of mrp is wald only; --interval chooses the intervals of the areas, and 'terrace fit --ci' has the model's others.");
        if (model.Engines.Count > 0) throw new UsageException("mrp takes one engine; 'terrace fit --engine A,B' compares several.");
        Formula formula = Formula.Parse(formulaText);
        model = WithEngine(model, settings, formula);
        using var files = new OutputFiles(invocation.Cancellation, [surveyFile, settings.PopulationFile, settings.TruthFile, settings.MapFile, data.SchemaFile, .. data.GroupData]);
        MrpOutput output = MrpOutput.Reserve(files, settings, model);
        MrpOptions options = Options(surveyFile, formula, data, model, settings, invocation);
        if (output.SuggestedMap is { } target) return SuggestMap(options, settings, target, files, invocation);
        using (var progress = new ProgressLine(invocation))
        {
            long start = Stopwatch.GetTimestamp();
            MrpResult result = Mrp.Run(WithProgress(options, progress), invocation.Cancellation);
            progress.Clear();
            MrpModel report = Report(result, model, Stopwatch.GetElapsedTime(start).TotalSeconds);
            return Finish(result, report, output, files, model, settings, invocation);
        }
    }

    private static MrpOptions Options(string surveyFile, Formula formula, DataSettings data, ModelSettings model, MrpSettings settings, Invocation invocation)
    {
        MrpTables tables = MrpTables.Read(surveyFile, data, settings, invocation);
        string usual = model.Family is null ? OutcomeFamily.Of(formula, tables.Survey, model.Trials is not null) : model.Family;
        Family family = model.ChooseFamily(usual);
        if (model.Bayes is null && settings.NewLevels is not null) throw new UsageException("--new-levels is for Bayesian models; give --engine nuts too, or leave it out.");
        if (model.Bayes is null) DegreesOfFreedomChoice.Check(model.DegreesOfFreedom, formula, EngineChoice.For(formula, family, model.Engine));
        else RefuseForBayes(model, settings);
        return new MrpOptions
        {
            Formula = formula,
            Survey = tables.Survey,
            Population = tables.Population,
            Family = family,
            GroupData = tables.Groups,
            Map = tables.Map,
            Model = model.FrameOptions(data),
            Engine = model.Engine,
            Bayes = model.Bayes,
            Information = model.Information,
            By = settings.By,
            Level = model.Level,
            Interval = settings.Interval,
            NewLevelEffects = PredictionChoices.Kind(settings.NewLevels),
            Truth = tables.Truth,
            Seed = invocation.Options.Seed,
            Threads = invocation.Options.Threads,
        };
    }

    private static int SuggestMap(MrpOptions options, MrpSettings settings, Stream target, OutputFiles files, Invocation invocation)
    {
        LevelComparison levels = Mrp.CompareLevels(options);
        LevelMap map = levels.SuggestedMap;
        int count = map.Variables.Values.Sum(texts => texts.Count);
        string unmatched = Unmatched(levels);
        if (count == 0 && unmatched.Length > 0) throw new DataException($"There is nothing to propose, so no map was written. {unmatched}");
        if (count > 0)
        {
            target.Write(System.Text.Encoding.UTF8.GetBytes(map.ToJson()));
            files.Commit();
        }
        string found = count == 0
            ? "There is nothing to recode, so no map was written."
            : $"{count} {(count == 1 ? "suggestion" : "suggestions")}: see {settings.SuggestMapFile}. Look it through, then run again with --map {settings.SuggestMapFile}.";
        invocation.Remark($"{found}{(unmatched.Length > 0 ? " " : "")}{unmatched} Nothing was fitted.");
        if (invocation.Options.Json) invocation.Output.WriteLine(map.ToJson().TrimEnd());
        return CommandLine.Done;
    }

    /// <summary>The levels of respondents that the population lacks and that resemble none of its levels, with what can be done; empty if there are none.</summary>
    private static string Unmatched(LevelComparison levels)
    {
        string[] lists =
        [
            .. from difference in levels.Differences
               where difference.Errors.Count > 0
               let texts = difference.OnlyInSurvey.Select(level => level.Level).Where(level => !difference.Suggestions.ContainsKey(level)).ToArray()
               where texts.Length > 0
               select $"{difference.Variable}: {string.Join(", ", texts.Take(10).Select(text => $"'{text}'"))}{(texts.Length > 10 ? ", …" : "")}",
        ];
        return lists.Length == 0 ? "" : $"Only the survey has these levels, and the population has none spelt alike ({string.Join("; ", lists)}): "
            + "write into the map which level of the population is meant, or leave these respondents out with --where.";
    }

    /// <summary>Full Bayes where no engine is named and the formula has group-level terms, unless something is asked for that only maximum likelihood has.</summary>
    private static ModelSettings WithEngine(ModelSettings model, MrpSettings settings, Formula formula)
    {
        if (model.Engine is not null) return model;
        string? reason = formula.RandomTerms.Count == 0 ? "a formula without group-level terms" : settings.Interval.Kind != MrpIntervalKind.Default ? "--interval"
            : BayesRun.LikelihoodOption(model) ?? (model.Family?.StartsWith("quasi", StringComparison.Ordinal) == true ? $"--family {model.Family}" : null);
        if (reason is null) return model with { Engine = "nuts" };
        if (model.BayesOption is { } option) throw new UsageException($"{option} is for Bayesian models, but {reason} is fitted by maximum likelihood here; leave one of them out, or give --engine nuts.");
        return model with { Bayes = null };
    }

    private static void RefuseForBayes(ModelSettings model, MrpSettings settings)
    {
        string? other = BayesRun.LikelihoodOption(model) ?? (settings.Interval.Kind != MrpIntervalKind.Default ? "--interval" : null);
        if (other is not null) throw new UsageException($"{other} is not for --engine nuts; leave it out.");
    }

    private static MrpOptions WithProgress(MrpOptions options, ProgressLine progress) => options.Bayes is { } bayes
        ? options with { Bayes = bayes with { Sampling = bayes.Sampling with { Progress = progress.ForChains(bayes.Sampling.Chains) } } }
        : options with { Progress = progress.ForReplicates() };

    private static int Finish(MrpResult result, MrpModel report, MrpOutput output, OutputFiles files, ModelSettings model, MrpSettings choices, Invocation invocation)
    {
        output.Write(result, report, () => result.BayesianFit is null
            ? new SavedFit(result.ModelFrame, Prediction(result), report.Likelihood, DataFingerprint.Of(result.Rows))
            : BayesRun.Saved(report.Bayesian!, new ComponentFrames(result.ModelFrame), result.Rows, model));
        files.Commit();
        if (invocation.Options.Json)
        {
            foreach (ModelWarning warning in result.Warnings) invocation.Remark(warning.Message);
            invocation.Output.WriteLine(MrpDocument.Of(result, report));
        }
        else
        {
            MrpText.Write(invocation.Output, result, report);
        }
        if (choices.OutDirectory is not null) invocation.Remark($"estimates, model and draws are in {choices.OutDirectory}.");
        return CommandLine.Done;
    }

    private static MrpModel Report(MrpResult result, ModelSettings settings, double seconds)
    {
        if (result.BayesianFit is { } bayesian)
        {
            var about = new FitContext(result.ModelFrame.Formula.ToString(), settings.Engine!, result.Rows.Rows, result.Rows.Cells, result.Rows.OmittedRows);
            return new MrpModel(BayesianFitReport.Of(bayesian, about, result.Options.Family.Link.Name) with { Seconds = seconds });
        }
        return new MrpModel(LikelihoodReport(result, settings) with { Seconds = seconds });
    }

    private static FitReport LikelihoodReport(MrpResult result, ModelSettings settings)
    {
        int used = result.LinearFit?.Rows ?? result.MixedFit!.Rows;
        var context = new FitContext(result.ModelFrame.Formula.ToString(), settings.Engine ?? result.Engine, used, result.Rows.Cells, result.Rows.OmittedRows);
        if (result.LinearFit is { } linear) return LinearFitReport.Of(linear, context, settings.Level);
        MixedModelFit fit = result.MixedFit!;
        return MixedFitReport.Of(fit, context, settings.Level, DegreesOfFreedomChoice.Tests(fit, settings.DegreesOfFreedom));
    }

    private static PredictionModel Prediction(MrpResult result) =>
        result.LinearFit is { } linear ? PredictionModel.Of(linear) : PredictionModel.Of(result.MixedFit!);
}
