using System.Text.Json;
using Terrace.Design;

namespace Terrace.SavedFits;

/// <summary>What the comparison of models needs of a fit.</summary>
public sealed record ComparedModel
{
    /// <summary>The name under which the model is listed.</summary>
    public required string Name { get; init; }

    /// <summary>The coding of the training data, with the formula.</summary>
    public required ModelFrame Frame { get; init; }

    /// <summary>The formula as it was given.</summary>
    public required string Formula { get; init; }

    /// <summary>The formulas of the components beside the conditional one: <c>zero-inflation</c>, <c>dispersion</c>.</summary>
    public IReadOnlyDictionary<string, string> ComponentFormulas { get; init; } = FitReport.NoComponents;

    /// <summary>The family's name.</summary>
    public required string Family { get; init; }

    /// <summary>The link's name.</summary>
    public required string Link { get; init; }

    /// <summary>The engine that fitted the model: <c>ml</c>, <c>reml</c>, <c>laplace</c> ….</summary>
    public required string Engine { get; init; }

    /// <summary>The number of rows used.</summary>
    public required long Rows { get; init; }

    /// <summary>The log likelihood of the rows (of REML its restricted one); null where there is none.</summary>
    public required double? LogLikelihood { get; init; }

    /// <summary>Akaike's criterion.</summary>
    public required double? Aic { get; init; }

    /// <summary>Schwarz's criterion.</summary>
    public required double? Bic { get; init; }

    /// <summary>Whether the search ended at an optimum.</summary>
    public required bool Converged { get; init; }

    /// <summary>What the data were; null in files that do not say.</summary>
    public DataFingerprint? Data { get; init; }

    /// <summary>What nesting depends on in a nonlinear model; null for other models.</summary>
    internal NonlinearStructure? Nonlinear { get; init; }

    /// <summary>The number of parameters: coefficients that are not aliased, variances, covariances, dispersion. By the definition of AIC, half of AIC + 2 log likelihood.</summary>
    public int Df => (int)Math.Round(0.5 * (Aic!.Value + 2 * LogLikelihood!.Value));

    /// <summary>−2 log likelihood, as lme4's <c>anova</c> lists it for every kind of model.</summary>
    public double? Deviance => -2 * LogLikelihood;

    /// <summary>The response as the formula writes it.</summary>
    public string Response => Frame.Formula.Response?.ToString() ?? "";

    /// <summary>What comparison needs of a fit in memory.</summary>
    /// <exception cref="ArgumentException">The fit has no report.</exception>
    public static ComparedModel Of(string name, SavedFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        FitReport report = fit.Report ?? throw new ArgumentException("A fit is compared by its report.", nameof(fit));
        return new ComparedModel
        {
            Name = name,
            Frame = fit.Frame,
            Formula = report.Formula,
            ComponentFormulas = report.ComponentFormulas,
            Family = report.Family,
            Link = report.Link,
            Engine = report.Engine,
            Rows = report.Rows,
            LogLikelihood = report.LogLikelihood,
            Aic = report.Aic,
            Bic = report.Bic,
            Converged = report.Converged,
            Nonlinear = NonlinearStructure.Of(report),
            Data = fit.Data,
        };
    }

    /// <summary>What comparison needs of a saved fit: its report as JSON, the coding of its data, and its fingerprint.</summary>
    internal static ComparedModel Read(string name, JsonElement report, ModelFrame frame, DataFingerprint? data) => new()
    {
        Name = name,
        Frame = frame,
        Formula = report.GetProperty("formula").GetString()!,
        ComponentFormulas = report.TryGetProperty("componentFormulas", out JsonElement components)
            ? components.EnumerateObject().ToDictionary(component => component.Name, component => component.Value.GetString()!) : FitReport.NoComponents,
        Family = report.GetProperty("family").GetString()!,
        Link = report.GetProperty("link").GetString()!,
        Engine = report.GetProperty("engine").GetString()!,
        Rows = report.GetProperty("n").GetInt64(),
        LogLikelihood = Number(report, "logLik"),
        Aic = Number(report, "aic"),
        Bic = Number(report, "bic"),
        Converged = report.GetProperty("converged").GetBoolean(),
        Nonlinear = NonlinearStructure.Read(report),
        Data = data,
    };

    private static double? Number(JsonElement report, string name) => report.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
}
