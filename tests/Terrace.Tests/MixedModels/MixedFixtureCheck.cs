using System.Text.Json;
using Terrace.MixedModels;

namespace Terrace.Tests.MixedModels;

/// <summary>How closely a fit must agree with lme4: the tolerances of the reference results.</summary>
internal sealed record MixedTolerance
{
    /// <summary>For linear mixed models.</summary>
    public static MixedTolerance Linear { get; } = new() { LogLikelihood = 1e-6, FixedInSe = 1e-5, StandardError = 1e-5, Theta = 1e-4, Modes = 1e-4, ConditionalSd = 1e-4, Default = 3e-4 };

    /// <summary>For fits without a polished reference: lme4's default stops about 1e-4 away in theta.</summary>
    public static MixedTolerance LinearDefault { get; } = Linear with { FixedInSe = 1e-4, StandardError = 5e-4 };

    /// <summary>For generalised ones. lme4's standard errors come from differences of values in unscaled coordinates, which cost up to 0.2 %; those here agree with differences of exact
    /// values to 6 digits (LaplaceDevianceTests).</summary>
    public static MixedTolerance Generalised { get; } = new() { LogLikelihood = 1e-5, FixedInSe = 1e-4, StandardError = 2.5e-3, Theta = 1e-4, Modes = 1e-3, ConditionalSd = 1e-3, Default = 1e-2 };

    public required double LogLikelihood { get; init; }

    public required double FixedInSe { get; init; }

    public required double StandardError { get; init; }

    public required double Theta { get; init; }

    public required double Modes { get; init; }

    public required double ConditionalSd { get; init; }

    /// <summary>Relative slack for blocks that exist only at lme4's default, less exact optimum.</summary>
    public required double Default { get; init; }
}

/// <summary>Compares a fit with lme4's results, with the polished ones where there are any.</summary>
internal sealed class MixedFixtureCheck(MixedModelFit fit, JsonElement reference, MixedTolerance tolerance)
{
    /// <summary>What the reference's log likelihoods leave out.</summary>
    public double MissingConstant { get; init; }

    private JsonElement Best(string name) =>
        reference.TryGetProperty("polished", out var polished) && polished.ValueKind == JsonValueKind.Object && polished.TryGetProperty(name, out var value) ? value : reference.GetProperty(name);

    public void All()
    {
        Statistics();
        if (IsBetter()) return;
        FixedEffects();
        VarianceComponents();
        Groups();
        Rows();
    }

    /// <summary>Whether this is a better optimum than lme4's, whose parameters are no reference then.</summary>
    private bool IsBetter() => fit.LogLikelihood > Best("logLik").GetDouble() + MissingConstant + 1e-5;

    private void Statistics()
    {
        double logLik = Best("logLik").GetDouble() + MissingConstant;
        Assert.True(fit.LogLikelihood >= logLik - tolerance.LogLikelihood, $"log likelihood {fit.LogLikelihood:R} is below {logLik:R}");
        int parameters = reference.GetProperty("df").GetInt32();
        Assert.Equal(parameters, fit.Parameters);
        Assert.Equal(reference.GetProperty("nobs").GetInt32(), fit.Rows);
        if (IsBetter()) return;
        Close(reference.GetProperty("AIC").GetDouble() - 2 * MissingConstant, fit.Aic, 2e-3, "lme4's AIC");
        Close(reference.GetProperty("BIC").GetDouble() - 2 * MissingConstant, fit.Bic, 2e-3, "lme4's BIC");
        if (fit.RemlCriterion is { } reml) Close(reference.GetProperty("REML_criterion").GetDouble(), reml, 1e-4, "REML criterion");
        if (fit.ConditionalDeviance is { } deviance) Relative(reference.GetProperty("deviance_conditional").GetDouble(), deviance, 10 * tolerance.Default, "conditional deviance");
    }

    private void FixedEffects()
    {
        Assert.Equal(reference.GetProperty("design_columns").EnumerateArray().Select(e => e.GetString()), fit.Estimated.Select(j => fit.FixedNames[j]));
        double[] se = fit.StandardErrors();
        for (int k = 0; k < fit.Estimated.Count; k++)
        {
            int j = fit.Estimated[k];
            string name = fit.FixedNames[j];
            double expected = Best("fixef").GetProperty(name).GetDouble(), error = Best("se").GetProperty(name).GetDouble();
            Assert.True(Math.Abs(fit.Beta[j] - expected) <= Math.Max(tolerance.FixedInSe * error, tolerance.FixedInSe * Math.Abs(expected)), $"{name}: {fit.Beta[j]:R}, expected {expected:R}");
            Relative(error, se[j], tolerance.StandardError, $"standard error of {name}");
        }
        Covariance();
    }

    private void Covariance()
    {
        var rows = reference.GetProperty("vcov").GetProperty("values").EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.GetDouble()).ToArray()).ToArray();
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows.Length; j++)
            {
                double scale = Math.Sqrt(rows[i][i] * rows[j][j]);
                Close(rows[i][j] / scale, fit.BetaCovariance[i, j] / scale, 5 * tolerance.Default, $"covariance {i}, {j}");
            }
        }
    }

    private void VarianceComponents()
    {
        double[] theta = [.. Best("theta").ValueKind == JsonValueKind.Object ? Best("theta").EnumerateObject().Select(p => p.Value.GetDouble()) : [Best("theta").GetDouble()]];
        Assert.Equal(theta.Length, fit.Theta.Length);
        for (int k = 0; k < theta.Length; k++)
        {
            bool negligible = Math.Abs(theta[k]) < 0.01 && Math.Abs(fit.Theta[k]) < 0.01;
            if (!negligible) Close(theta[k], fit.Theta[k], tolerance.Theta, $"theta {k}");
        }
        if (!fit.Family.HasKnownDispersion) Relative(Best("sigma").GetDouble(), fit.Sigma, tolerance.Theta, "sigma");
        int term = 0;
        foreach (var expected in reference.GetProperty("VarCorr").EnumerateArray())
        {
            var own = fit.Terms[term++];
            Assert.Equal(expected.GetProperty("names").EnumerateArray().Select(e => e.GetString()), own.TermNames);
            double[] sd = [.. expected.GetProperty("sd").EnumerateArray().Select(v => v.GetDouble())];
            for (int j = 0; j < sd.Length; j++) Close(sd[j], own.StandardDeviation(j), Math.Max(0.003, 3 * tolerance.Default * sd[j]), $"sd of {own.Group} {own.TermNames[j]}");
        }
    }

    private void Groups()
    {
        foreach (var group in reference.GetProperty("ranef").EnumerateObject())
        {
            var terms = fit.Terms.Where(t => t.Group == group.Name).ToArray();
            string[] levels = [.. group.Value.GetProperty("levels").EnumerateArray().Select(e => e.GetString()!)];
            string[] columns = [.. group.Value.GetProperty("columns").EnumerateArray().Select(e => e.GetString()!)];
            for (int c = 0; c < columns.Length; c++)
            {
                var term = terms.Single(t => t.TermNames.Contains(columns[c]));
                int component = term.TermNames.ToList().IndexOf(columns[c]);
                double sd = Math.Max(term.StandardDeviation(component), 0.01);
                for (int l = 0; l < levels.Length; l++)
                {
                    int level = term.Levels.ToList().IndexOf(levels[l]);
                    Assert.True(level >= 0, $"level {levels[l]} of {group.Name}");
                    double mode = group.Value.GetProperty("values")[l][c].GetDouble(), spread = group.Value.GetProperty("cond_sd")[l][c].GetDouble();
                    Close(mode, term.Modes[level, component], (tolerance.Modes + 3 * tolerance.Default) * sd, $"mode of {group.Name} {levels[l]}");
                    Close(spread, term.ConditionalStandardDeviation(level, component), (tolerance.ConditionalSd + 3 * tolerance.Default) * Math.Max(spread, 0.05 * sd) + (sd > 0.01 ? 0 : 0.003), $"conditional sd of {group.Name} {levels[l]}");
                }
            }
            Coefficients(group.Name, reference.GetProperty("coef").GetProperty(group.Name));
        }
    }

    private void Coefficients(string group, JsonElement expected)
    {
        var own = fit.Coefficients().Single(g => g.Group == group);
        string[] columns = [.. expected.GetProperty("columns").EnumerateArray().Select(e => e.GetString()!)], levels = [.. expected.GetProperty("levels").EnumerateArray().Select(e => e.GetString()!)];
        double[] se = fit.StandardErrors();
        foreach (string column in columns)
        {
            int j = own.Names.ToList().IndexOf(column), c = Array.IndexOf(columns, column), f = fit.FixedNames.ToList().IndexOf(column);
            double unit = f >= 0 ? se[f] : 1;
            for (int l = 0; l < levels.Length; l++)
                Close(expected.GetProperty("values")[l][c].GetDouble(), own.Values[own.Levels.ToList().IndexOf(levels[l]), j], 10 * tolerance.Default * unit, $"coefficient {column} of {group} {levels[l]}");
        }
    }

    private void Rows()
    {
        double scale = fit.Family.IsGaussian ? fit.Sigma : 0.1;
        Compare("fitted_first20", i => fit.Fitted[fit.RowToCell[i]], scale);
        double[] pearson = fit.PearsonResiduals(), residuals = fit.Residuals();
        if (fit.Family.IsGaussian) Compare("residuals_first20", i => residuals[i], scale);
        Compare("pearson_residuals_first20", i => pearson[i] * fit.Sigma, fit.Family.IsGaussian ? fit.Sigma : 1);
    }

    private void Compare(string block, Func<int, double> own, double scale)
    {
        int i = 0;
        foreach (var value in reference.GetProperty(block).EnumerateArray())
        {
            Close(value.GetDouble(), own(i), 3 * tolerance.Default * Math.Max(scale, Math.Abs(value.GetDouble())), $"{block} {i}");
            i++;
        }
    }

    private static void Close(double expected, double actual, double absolute, string what) =>
        Assert.True(Math.Abs(expected - actual) <= absolute, $"{what}: {actual:R}, expected {expected:R}");

    private static void Relative(double expected, double actual, double relative, string what) => Close(expected, actual, relative * Math.Max(Math.Abs(expected), 1e-8), what);
}
