using System.Text.Json;
using Terrace.Design;
using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Tests.Design;
using Terrace.Tests.LinearModels;
using Terrace.Tests.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.ReferenceFits;

/// <summary>How the reference fits are fitted here and what is compared; a new kind of model is one method here, a new fit one line of <see cref="ReferenceFitList"/>.</summary>
internal static class ReferenceFit
{
    /// <summary>A linear or generalised linear model of R's lm or glm.</summary>
    public static FittedReference Linear(string name)
    {
        var model = new FixtureModel(name, collapse: false);
        var reference = model.Reference;
        var fit = model.Fit();
        double relative = model.Family.IsCanonical ? 1e-9 : 1e-7, logLik = Number(reference.GetProperty("logLik"));
        return new FittedReference
        {
            Name = name,
            Formula = ReferenceModels.Formula(reference).ToString(),
            Own = fit.LogLikelihood,
            Default = logLik,
            Tolerance = 1e-8 * Math.Abs(logLik),
            Parameters = [.. fit.Estimates.Table().Where(row => !double.IsNaN(row.Estimate)).Select(row => Relative(row.Term, Number(reference.GetProperty("coefficients").GetProperty(row.Term)), row.Estimate, relative, 1e-12 * row.StdError))],
        };
    }

    /// <summary>A linear mixed model of lme4.</summary>
    public static FittedReference LinearMixed(string name, string note = "") => Mixed(name, MixedFixture.Fit(name), 0) with { Note = note };

    /// <summary>A generalised linear mixed model of lme4 with <paramref name="points"/> quadrature points; <paramref name="missing"/> is the constant that lme4 leaves out.</summary>
    public static FittedReference GeneralizedMixed(string name, int points = 1, Information information = Information.Observed, double missing = 0, string note = "")
    {
        var options = new GeneralizedLinearMixedModelOptions { QuadraturePoints = points, Information = information };
        var fit = points == 1 ? MixedFixture.Fit(name, information) : GeneralizedLinearMixedModel.Fit(MixedFixture.Rows(name), MixedFixture.FamilyOf(Fixtures.Reference(name)), options);
        return Mixed(name, fit, missing) with { Note = note };
    }

    /// <summary>The same model with the observed information, which is glmmTMB's choice, compared with glmmTMB.</summary>
    public static FittedReference Observed(string name)
    {
        var fit = MixedFixture.Fit(name);
        var reference = CrossChecks.GetProperty(name);
        double[] sd = [.. reference.GetProperty("sd_glmmTMB").EnumerateObject().Select(p => Number(p.Value))];
        return new FittedReference
        {
            Name = name,
            Formula = ReferenceModels.Formula(Fixtures.Reference(name)).ToString(),
            Own = fit.LogLikelihood,
            Default = Number(reference.GetProperty("logLik_glmmTMB")),
            Tolerance = 1e-5,
            Parameters =
            [
                .. reference.GetProperty("fixef_glmmTMB").EnumerateObject().Select((p, j) => new ComparedParameter(p.Name, Number(p.Value), fit.Beta[j], 1e-2 * fit.StandardErrors()[j])),
                .. sd.Select((value, k) => new ComparedParameter($"θ{k + 1}", value, fit.Theta[k], 1e-3)),
            ],
            Note = "with the observed information, the default here and glmmTMB's choice; the reference is glmmTMB's",
        };
    }

    /// <summary>A model of glmmTMB without zero inflation or a model of the dispersion; <paramref name="family"/> null is a linear mixed model.</summary>
    public static FittedReference GlmmTmb(string name, string? family = null, bool reml = false)
    {
        var reference = Fixtures.Reference(name);
        var formula = ReferenceModels.Formula(reference);
        var data = ReferenceModels.Data(name, reference);
        var rows = ModelFrame.Learn(formula, data).Encode(data);
        var fit = family is null ? LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = reml }) : GeneralizedLinearMixedModel.Fit(rows, Family.Parse(family));
        var parameters = new List<ComparedParameter>();
        double[][] table = [.. reference.GetProperty("coef_table").GetProperty("cond").GetProperty("values").EnumerateArray().Select(row => row.EnumerateArray().Select(Number).ToArray())];
        for (int j = 0; j < table.Length; j++) parameters.Add(new ComparedParameter(fit.FixedNames[j], table[j][0], fit.Beta[j], 1e-2 * table[j][1]));
        foreach (var term in fit.Terms)
        {
            double[] sd = [.. Several(reference.GetProperty("VarCorr").GetProperty("cond").GetProperty(term.Group).GetProperty("sd"))];
            for (int k = 0; k < sd.Length; k++) parameters.Add(new ComparedParameter($"sd {term.TermNames[k]}", sd[k], term.StandardDeviation(k), 1e-3 * Math.Max(1, sd[k])));
        }
        double logLik = Number(reference.GetProperty("logLik"));
        return new FittedReference { Name = name, Formula = formula.ToString(), Own = fit.LogLikelihood, Default = logLik, Tolerance = 1e-5, Parameters = parameters };
    }

    private static FittedReference Mixed(string name, MixedModelFit fit, double missing)
    {
        var reference = Fixtures.Reference(name);
        bool linear = fit.Engine is "ml" or "reml", polished = reference.TryGetProperty("polished", out var best) && best.ValueKind == JsonValueKind.Object;
        return new FittedReference
        {
            Name = name,
            Formula = ReferenceModels.Formula(reference).ToString(),
            Own = fit.LogLikelihood,
            Default = Number(reference.GetProperty("logLik")) + missing,
            Polished = polished ? Number(best.GetProperty("logLik")) + missing : null,
            GlmmTmb = CrossCheck(name),
            Tolerance = linear ? 1e-6 : polished ? 1e-5 : 1e-3,
            Parameters = [.. Coefficients(fit, name, polished ? best : reference, linear ? 1e-5 : polished ? 1e-4 : 1e-2, linear), .. Deviations(fit, polished ? best : reference, linear || polished ? 1e-4 : 1e-3)],
        };
    }

    /// <summary>Against the nearer of lme4's and, where there is one, glmmTMB's: the two are up to 1.4 tolerances apart.</summary>
    private static IEnumerable<ComparedParameter> Coefficients(MixedModelFit fit, string fitName, JsonElement reference, double inErrors, bool orRelative)
    {
        bool twice = CrossChecks.TryGetProperty(fitName, out var other) && !orRelative;
        foreach (int j in fit.Estimated)
        {
            string name = fit.FixedNames[j];
            double estimate = Number(reference.GetProperty("fixef").GetProperty(name)), error = Number(reference.GetProperty("se").GetProperty(name));
            double second = twice ? Number(other.GetProperty("fixef_glmmTMB").GetProperty(name)) : estimate;
            double nearer = Math.Abs(second - fit.Beta[j]) < Math.Abs(estimate - fit.Beta[j]) ? second : estimate;
            yield return new ComparedParameter(name, nearer, fit.Beta[j], inErrors * Math.Max(error, orRelative ? Math.Abs(estimate) : 0));
        }
    }

    private static IEnumerable<ComparedParameter> Deviations(MixedModelFit fit, JsonElement reference, double absolute)
    {
        double[] theta = [.. reference.GetProperty("theta").ValueKind == JsonValueKind.Object ? reference.GetProperty("theta").EnumerateObject().Select(p => Number(p.Value)) : Several(reference.GetProperty("theta"))];
        for (int k = 0; k < theta.Length; k++) yield return new ComparedParameter($"θ{k + 1}", theta[k], fit.Theta[k], Math.Abs(theta[k]) < 0.01 && Math.Abs(fit.Theta[k]) < 0.01 ? 0.01 : absolute);
        if (!fit.Family.HasKnownDispersion) yield return Relative("σ", Number(reference.GetProperty("sigma")), fit.Sigma, absolute, 0);
    }

    private static JsonElement CrossChecks => Fixtures.Reference("crosscheck_glmmtmb").GetProperty("fits");

    private static double? CrossCheck(string name) => CrossChecks.TryGetProperty(name, out var fit) ? Number(fit.GetProperty("logLik_glmmTMB")) : null;

    private static ComparedParameter Relative(string name, double reference, double own, double relative, double negligible) =>
        new(name, reference, own, Math.Max(relative * Math.Max(Math.Abs(reference), 1e-8), negligible));

    private static IEnumerable<double> Several(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(Number) : [Number(value)];

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
}
