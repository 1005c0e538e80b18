using System.Text.Json;
using Terrace.NonlinearModels;
using Terrace.Tests.NonlinearModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.ReferenceFits;

/// <summary>Nonlinear fits, compared with R's nls and lme4's nlmer.</summary>
internal static class NonlinearReferenceFit
{
    /// <summary>A fit of nls.</summary>
    public static FittedReference LeastSquares(string name, string formula, string data)
    {
        JsonElement reference = Fixtures.Reference(name), values = reference.GetProperty("coef_table").GetProperty("values");
        NonlinearModelFit fit = NonlinearFixture.FitNls(formula, Fixtures.Data(data));
        double logLik = reference.GetProperty("logLik").GetDouble();
        return new FittedReference
        {
            Name = name,
            Formula = formula,
            Own = fit.LogLikelihood,
            Default = logLik,
            Tolerance = 1e-8 * Math.Abs(logLik),
            Parameters = [.. fit.Estimates.Table().Select((row, j) => new ComparedParameter(row.Term, values[j][0].GetDouble(), row.Estimate, 1e-4 * values[j][1].GetDouble()))],
        };
    }

    /// <summary>A fit of nlmer.</summary>
    public static FittedReference Mixed(string name, string data)
    {
        JsonElement reference = Fixtures.Reference(name);
        string formula = string.Join(' ', reference.GetProperty("formula").GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        NonlinearMixedModelFit fit = NonlinearMixedModelTests.Fit(formula, Fixtures.Data(data));
        return new FittedReference
        {
            Name = name,
            Formula = formula,
            Own = fit.LogLikelihood,
            Default = reference.GetProperty("logLik").GetDouble(),
            Tolerance = 1e-3,
            Parameters = [.. Parameters(reference, fit)],
        };
    }

    private static IEnumerable<ComparedParameter> Parameters(JsonElement reference, NonlinearMixedModelFit fit)
    {
        for (int j = 0; j < fit.Beta.Length; j++)
        {
            string name = fit.FixedNames[j];
            yield return new ComparedParameter(name, reference.GetProperty("fixef").GetProperty(name).GetDouble(), fit.Beta[j], 1e-3 * reference.GetProperty("se").GetProperty(name).GetDouble());
        }
        double theta = reference.GetProperty("theta").EnumerateObject().First().Value.GetDouble(), sigma = reference.GetProperty("sigma").GetDouble();
        yield return new ComparedParameter("θ1", theta, fit.Theta[0], 1e-3 * theta);
        yield return new ComparedParameter("σ", sigma, fit.Sigma, 1e-3 * sigma);
    }
}
