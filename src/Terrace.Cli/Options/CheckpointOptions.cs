using System.CommandLine;
using static Terrace.Cli.Options.OptionValues;

namespace Terrace.Cli.Options;

/// <summary>The options about the checkpoint of a bootstrap or of a run of chains.</summary>
internal sealed class CheckpointOptions
{
    private readonly Option<string> _checkpoint = Text("--checkpoint", "DIR", "keep the state of chains, or finished refits of a bootstrap, there, so that the work can be resumed");
    private readonly Option<bool> _resume = Flag("--resume", "go on from --checkpoint");

    /// <summary>The options.</summary>
    public Option[] All => [_checkpoint, _resume];

    /// <summary>The settings with what the options say.</summary>
    /// <exception cref="UsageException">The options are given without a bootstrap or chains, or --resume without --checkpoint.</exception>
    public ModelSettings Read(ParseResult parsed, ModelSettings settings)
    {
        string? directory = parsed.Read(_checkpoint);
        bool resume = parsed.IsGiven(_resume);
        if (resume && directory is null) throw new UsageException("--resume needs --checkpoint DIR, the folder to go on from.");
        if (directory is null) return settings;
        if (settings.Bayes is { } bayes) return settings with { Bayes = bayes with { Sampling = bayes.Sampling with { CheckpointDirectory = directory, Resume = resume } }, BayesOption = settings.BayesOption ?? _checkpoint.Name };
        if (settings.Intervals.Kind != IntervalKind.Bootstrap) throw new UsageException("--checkpoint belongs to Bayesian models (--engine nuts) and to --ci bootstrap; what this command does needs none.");
        return settings with { Intervals = settings.Intervals with { CheckpointDirectory = directory, Resume = resume } };
    }
}
