using System.Text.Json;
using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Tests.TestData;

namespace Terrace.Tests.DistributionalModels;

/// <summary>A model of the reference results of glmmTMB, MASS and ordinal: formulas, family, data.</summary>
/// <param name="Formula">The main formula.</param>
/// <param name="Family">The family's name.</param>
/// <param name="Data">The data set.</param>
/// <param name="Dispersion">The dispersion formula, or null.</param>
/// <param name="ZeroInflation">The zero-inflation formula, or null.</param>
/// <param name="Link">The link, or null for the family's own.</param>
internal sealed record DistributionalFixture(string Formula, string Family, string Data, string? Dispersion = null, string? ZeroInflation = null, string? Link = null)
{
    private static readonly Dictionary<string, DistributionalFixture> All = new()
    {
        ["glmmtmb_owls_nbinom1"] = new("SiblingNegotiation ~ FoodTreatment + offset(logBroodSize) + (1 | Nest)", "neg-binomial-1", "Owls"),
        ["glmmtmb_owls_nbinom2"] = new("SiblingNegotiation ~ FoodTreatment + offset(logBroodSize) + (1 | Nest)", "neg-binomial", "Owls"),
        ["glmmtmb_owls_zip"] = new("SiblingNegotiation ~ FoodTreatment * SexParent + offset(logBroodSize) + (1 | Nest)", "poisson", "Owls", ZeroInflation: "~1"),
        ["glmmtmb_salamanders_zinb"] = new("count ~ mined + (1 | site)", "neg-binomial", "Salamanders", ZeroInflation: "~mined"),
        ["glmmtmb_salamanders_dispersion_model"] = new("count ~ spp * mined + (1 | site)", "neg-binomial", "Salamanders", Dispersion: "~DOY"),
        ["glmmtmb_salamanders_hurdle_poisson"] = new("count ~ spp + mined + (1 | site)", "hurdle-poisson", "Salamanders", ZeroInflation: "~spp + mined"),
        ["glmmtmb_repvote_beta"] = new("repvote ~ 1 + (1 | region)", "beta", "mrpcasestudy_statelevel"),
        ["glmmtmb_cbpp_betabinomial"] = new("cbind(incidence, size - incidence) ~ period + (1 | herd)", "beta-binomial", "cbpp"),
        ["glm_nb_owls"] = new("SiblingNegotiation ~ FoodTreatment + offset(logBroodSize)", "neg-binomial", "Owls"),
        ["glmer_nb_owls"] = new("SiblingNegotiation ~ FoodTreatment + offset(logBroodSize) + (1 | Nest)", "neg-binomial", "Owls"),
    };

    /// <summary>The model of a reference result.</summary>
    public static DistributionalFixture Of(string name) => All[name];

    /// <summary>The fit of a reference result.</summary>
    public static DistributionalModelFit Fit(string name, Information information = Information.Observed) => All[name].Fit(information);

    /// <summary>The fit.</summary>
    public DistributionalModelFit Fit(Information information = Information.Observed) =>
        DistributionalModel.Fit(Frames().Encode(Fixtures.Data(Data)), ResponseFamily.Parse(Family, Link), new DistributionalModelOptions { Information = information });

    /// <summary>The coding of the data.</summary>
    public ComponentFrames Frames() => ComponentFrames.Learn(Parse(Formula)!, Parse(Dispersion), Parse(ZeroInflation), Fixtures.Data(Data));

    private static Formula? Parse(string? text) => text is null ? null : Terrace.Formulas.Formula.Parse(text);

    /// <summary>A table of R: its rows by name and a column.</summary>
    public static double[] Column(JsonElement table, int column) => [.. table.GetProperty("values").EnumerateArray().Select(row => row[column].GetDouble())];
}
