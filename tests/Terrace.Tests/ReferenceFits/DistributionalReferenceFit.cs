using System.Text.Json;
using Terrace.DistributionalModels;
using Terrace.Families;
using Terrace.Tests.DistributionalModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.ReferenceFits;

/// <summary>Fits of families with a dispersion, a zero part or formulas for them, compared with glmmTMB, MASS and lme4.</summary>
internal static class DistributionalReferenceFit
{
    /// <summary>A fit of glmmTMB: coefficients of all its formulas and the standard deviation of its term.</summary>
    public static FittedReference GlmmTmb(string name)
    {
        JsonElement reference = Fixtures.Reference(name);
        DistributionalModelFit fit = DistributionalFixture.Fit(name);
        JsonElement sd = reference.GetProperty("VarCorr").GetProperty("cond").GetProperty(fit.Terms[0].Group).GetProperty("sd");
        return Of(name, fit) with
        {
            Tolerance = 1e-5,
            Parameters =
            [
                .. Table(reference.GetProperty("coef_table").GetProperty("cond"), fit.Conditional, ""), .. Table(reference.GetProperty("coef_table").GetProperty("zi"), fit.Find("zero-inflation"), "zero part: "),
                .. fit.Find("dispersion") is { HasFormula: true } dispersion ? Table(reference.GetProperty("coef_table").GetProperty("disp"), dispersion, "dispersion: ") : [],
                new ComparedParameter("sd " + fit.Terms[0].TermNames[0], sd.GetDouble(), fit.Terms[0].StandardDeviation(0), 1e-3),
            ],
        };
    }

    /// <summary>A negative binomial fit of MASS's glm.nb.</summary>
    public static FittedReference GlmNb(string name)
    {
        JsonElement reference = Fixtures.Reference(name);
        DistributionalModelFit fit = DistributionalFixture.Fit(name);
        double theta = reference.GetProperty("theta").GetDouble();
        double[] estimates = DistributionalFixture.Column(reference.GetProperty("coef_table"), 0);
        return Of(name, fit) with
        {
            Parameters = [.. estimates.Select((value, j) => new ComparedParameter(fit.Conditional.Names[j], value, fit.Conditional.Estimates[j], 1e-6 * Math.Abs(value))), new ComparedParameter("θ", theta, fit.Parameters[0].Estimate, 1e-6 * theta)],
        };
    }

    /// <summary>A negative binomial fit of lme4's glmer.nb, which takes the expected information and stops at a θ that is not quite the best.</summary>
    public static FittedReference GlmerNb(string name)
    {
        JsonElement reference = Fixtures.Reference(name);
        DistributionalModelFit fit = DistributionalFixture.Fit(name, Information.Expected);
        return Of(name, fit) with
        {
            Tolerance = 1e-3,
            Parameters =
            [
                .. fit.Conditional.Names.Select((term, j) => new ComparedParameter(term, reference.GetProperty("fixef").GetProperty(term).GetDouble(), fit.Conditional.Estimates[j], 1e-2 * reference.GetProperty("se").GetProperty(term).GetDouble())),
                new ComparedParameter("sd (Intercept)", reference.GetProperty("theta").GetProperty("Nest.(Intercept)").GetDouble(), fit.Terms[0].StandardDeviation(0), 1e-3),
            ],
            Note = "with `--information expected`, lme4's choice",
        };
    }

    private static FittedReference Of(string name, DistributionalModelFit fit)
    {
        double logLik = Fixtures.Reference(name).GetProperty("logLik").GetDouble();
        DistributionalFixture model = DistributionalFixture.Of(name);
        string parts = string.Concat(model.Dispersion is { } d ? $", dispersion {d}" : "", model.ZeroInflation is { } z ? $", zero part {z}" : "");
        return new FittedReference { Name = name, Formula = $"{model.Formula}, {model.Family}{parts}", Own = fit.LogLikelihood, Default = logLik, Tolerance = 1e-8 * Math.Abs(logLik), Parameters = [] };
    }

    private static IEnumerable<ComparedParameter> Table(JsonElement table, ComponentFit? component, string part)
    {
        if (table.ValueKind == JsonValueKind.Null) return [];
        double[] estimates = DistributionalFixture.Column(table, 0), errors = DistributionalFixture.Column(table, 1);
        return component!.Names.Select((term, j) => new ComparedParameter(part + term, estimates[j], component.Estimates[j], 1e-2 * errors[j]));
    }
}
