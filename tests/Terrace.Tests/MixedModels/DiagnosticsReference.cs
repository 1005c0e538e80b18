using System.Text.Json;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

/// <summary>The models of the diagnostics' reference results: R 4.2.2 and lme4 1.1-31, whose calls the file holds in its member <c>calls</c>.</summary>
internal static class DiagnosticsReference
{
    private const string CbppResponse = "cbind(incidence, size - incidence)";

    public static JsonElement Member(string part, string model) => Fixtures.Diagnostics().GetProperty(part).GetProperty(model);

    public static double[] Numbers(JsonElement element) => [.. element.EnumerateArray().Select(value => value.GetDouble())];

    public static (MixedModelFit Fit, ModelRows Rows) Fit(string model) => model switch
    {
        "sleep_slope" => Linear("Reaction ~ Days + (Days | Subject)", "sleepstudy"),
        "sleep_ml" => Linear("Reaction ~ Days + (Days | Subject)", "sleepstudy", reml: false),
        "sleep_poly" => Linear("Reaction ~ Days + (Days + I(Days^2) | Subject)", "sleepstudy"),
        "sleep_weights" => Linear("Reaction ~ Days + (Days | Subject)", "sleepstudy", weights: "Days + 1"),
        "radon_floor" => Linear("log_radon ~ floor + (1 | county)", "radon"),
        "radon_uranium" => Linear("log_radon ~ floor + log_uranium + (1 | county)", "radon"),
        "radon_slope" => Linear("log_radon ~ floor + log_uranium + (1 + floor | county)", "radon"),
        "cbpp" or "cbpp_logit" => Generalised($"{CbppResponse} ~ period + (1 | herd)", Fixtures.Data("cbpp"), Family.Binomial()),
        "cbpp_probit" => Generalised($"{CbppResponse} ~ period + (1 | herd)", Fixtures.Data("cbpp"), Family.Binomial(Link.Probit)),
        "cbpp_cloglog" => Generalised($"{CbppResponse} ~ period + (1 | herd)", Fixtures.Data("cbpp"), Family.Binomial(Link.Cloglog)),
        "owls_poisson" => Generalised("SiblingNegotiation ~ FoodTreatment + SexParent + (1 | Nest)", Fixtures.Data("Owls"), Family.Poisson()),
        "theoph_gamma" => Generalised("conc ~ Time + (1 | Subject)", Positive(Fixtures.Data("Theoph"), "conc"), Family.Gamma(Link.Log)),
        _ => throw new ArgumentException(model),
    };

    public static ModelRows Rows(string formula, Frame data, string? weights = null, bool collapse = true)
    {
        var options = new ModelFrameOptions { Weights = weights is null ? null : Expression.Parse(weights) };
        return ModelFrame.Learn(Formula.Parse(formula), data, options).Encode(data, new EncodeOptions { Collapse = collapse });
    }

    private static (MixedModelFit, ModelRows) Linear(string formula, string data, bool reml = true, string? weights = null)
    {
        ModelRows rows = Rows(formula, Fixtures.Data(data), weights);
        return (LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = reml }), rows);
    }

    /// <summary>With the expected information, which is lme4's.</summary>
    private static (MixedModelFit, ModelRows) Generalised(string formula, Frame data, Family family)
    {
        ModelRows rows = Rows(formula, data);
        return (GeneralizedLinearMixedModel.Fit(rows, family, new GeneralizedLinearMixedModelOptions { Information = Information.Expected }), rows);
    }

    private static Frame Positive(Frame frame, string column) =>
        frame.Where([.. Enumerable.Range(0, frame.RowCount).Select(i => double.Parse(frame.Get(column).TextAt(i)!, System.Globalization.CultureInfo.InvariantCulture) > 0)]);
}
