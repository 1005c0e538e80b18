namespace Terrace.Cli.Options;

/// <summary>What the command line says about the model; null where it leaves the choice open.</summary>
internal sealed record ModelSettings
{
    /// <summary>The family's name.</summary>
    public string? Family { get; init; }

    /// <summary>The link's name.</summary>
    public string? Link { get; init; }

    /// <summary>The expression of the number of trials.</summary>
    public string? Trials { get; init; }

    /// <summary>The expression of the prior weights.</summary>
    public string? Weights { get; init; }

    /// <summary>The expression of the offset.</summary>
    public string? Offset { get; init; }

    /// <summary>The engine asked for.</summary>
    public string? Engine { get; init; }

    /// <summary>Whether standard errors come from the expected information.</summary>
    public bool ExpectedInformation { get; init; }

    /// <summary>The probability of intervals.</summary>
    public double Level { get; init; }

    /// <summary>The file for the fit.</summary>
    public string? SaveFile { get; init; }
}
