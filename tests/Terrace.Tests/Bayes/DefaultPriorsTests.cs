using System.Text.Json;
using Terrace.Bayes;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Bayes;

/// <summary>Default priors against prior_summary of rstanarm 2.21.3 and get_prior of brms 2.18.0.</summary>
public class DefaultPriorsTests
{
    [Theory]
    [InlineData("radon_floor_county", "log_radon ~ floor + (1 | county)", "radon", "gaussian", null)]
    [InlineData("sleepstudy_slope", "Reaction ~ Days + (Days | Subject)", "sleepstudy", "gaussian", null)]
    [InlineData("mtcars_glm", "mpg ~ wt + factor(cyl)", "mtcars", "gaussian", null)]
    [InlineData("mtcars_logit", "am ~ wt + hp", "mtcars", "binomial", null)]
    [InlineData("owls_poisson", "SiblingNegotiation ~ ArrivalTime + FoodTreatment", "Owls", "poisson", null)]
    [InlineData("owls_negbin", "SiblingNegotiation ~ ArrivalTime + (1 | Nest)", "Owls", "neg-binomial", null)]
    [InlineData("mtcars_gamma_log", "mpg ~ wt", "mtcars", "gamma", "log")]
    [InlineData("election88", "bush ~ female + black + (1 | state)", "election88_polls", "binomial", null)]
    public void Rstanarm_priors_are_those_of_the_package(string reference, string formula, string data, string family, string? link)
    {
        JsonElement expected = Fixtures.Bayes("rstanarm_prior_autoscaling").GetProperty(reference).GetProperty("structured");
        ChosenPriors priors = DefaultPriors.Of(Outline(formula, data, family, link), PriorPreset.Rstanarm);
        JsonElement intercept = expected.GetProperty("prior_intercept");
        Assert.Equal(intercept.GetProperty("location")[0].GetDouble(), ((NormalPrior)priors.Model.Intercept!).Location, 1e-9);
        Assert.Equal(Scale(intercept, 0), ((NormalPrior)priors.Model.Intercept!).Scale, 1e-9);
        JsonElement coefficients = expected.GetProperty("prior");
        Assert.Equal(coefficients.GetProperty("location").GetArrayLength(), priors.Model.Coefficients.Count);
        for (int j = 0; j < priors.Model.Coefficients.Count; j++) Assert.Equal(Scale(coefficients, j), ((NormalPrior)priors.Model.Coefficients[j]).Scale, 1e-9);
        if (expected.TryGetProperty("prior_aux", out JsonElement aux))
            Assert.Equal(1 / Scale(aux, 0), ((ExponentialPrior)priors.Model.Auxiliary.Values.Single()).Rate, 1e-9);
        else Assert.Empty(priors.Model.Auxiliary);
        Assert.Equal(expected.TryGetProperty("prior_covariance", out _), priors.Model.Terms.Count > 0);
        foreach (TermPrior term in priors.Model.Terms) Assert.Equal(new DecovPrior(1, 1, 1, 1) { RelativeToSigma = family != "binomial" }, term);
    }

    [Theory]
    [InlineData("radon_floor", "log_radon ~ floor + log_uranium + (1 | county)", "radon", "gaussian", null)]
    [InlineData("radon_slope", "log_radon ~ floor + (1 + floor | county)", "radon", "gaussian", null)]
    [InlineData("sleepstudy", "Reaction ~ Days + (Days | Subject)", "sleepstudy", "gaussian", null)]
    [InlineData("students_bernoulli", "response ~ (1 | class)", "students_ideal", "binomial", null)]
    [InlineData("election88", "bush ~ female + black + (1 | state) + (1 | age)", "election88_polls", "binomial", null)]
    [InlineData("owls_poisson", "SiblingNegotiation ~ ArrivalTime + offset(logBroodSize) + (1 | Nest)", "Owls", "poisson", null)]
    [InlineData("owls_negbinomial", "SiblingNegotiation ~ ArrivalTime + (1 | Nest)", "Owls", "neg-binomial", null)]
    [InlineData("sleepstudy_student", "Reaction ~ Days + (1 | Subject)", "sleepstudy", "student", null)]
    [InlineData("radon_gamma", "radon + 0.1 ~ floor + (1 | county)", "radon", "gamma", "log")]
    public void Brms_priors_are_those_of_the_package(string reference, string formula, string data, string family, string? link)
    {
        JsonElement table = Fixtures.Bayes("brms_get_prior_defaults").GetProperty(reference);
        string[] Column(string name) => [.. table.GetProperty(name).EnumerateArray().Select(cell => cell.GetString()!)];
        string[] priors = Column("prior"), classes = Column("class"), coefficients = Column("coef");
        ChosenPriors own = DefaultPriors.Of(Outline(formula, data, family, link), PriorPreset.Brms);
        foreach ((string prior, int row) in priors.Select((prior, row) => (prior, row)).Where(p => p.prior.Length > 0))
        {
            PriorDescription[] mine = [.. own.Descriptions.Where(d => d.Class == (classes[row] switch { "Intercept" => "intercept", "shape" when family == "neg-binomial" => "phi", var other => other }))];
            Assert.NotEmpty(mine);
            foreach (PriorDescription description in mine) AssertSame(prior, description.Scaled);
        }
        string[] names = [.. classes.Zip(coefficients).Where(row => row.First == "b" && row.Second.Length > 0).Select(row => row.Second)];
        Assert.Equal(names.Order(), own.Descriptions.Where(d => d.Class == "b").Select(d => d.Term!).Order());
        Assert.All(own.Model.Coefficients, prior => Assert.IsType<FlatPrior>(prior));
    }

    private static void AssertSame(string expected, string own)
    {
        double[] Numbers(string text) => [.. text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split(',').Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(expected[..expected.IndexOf('(', StringComparison.Ordinal)], own[..own.IndexOf('(', StringComparison.Ordinal)]);
        foreach ((double a, double b) in Numbers(expected).Zip(Numbers(own))) Assert.Equal(a, b, 1e-9);
    }

    private static double Scale(JsonElement prior, int j)
    {
        JsonElement adjusted = prior.GetProperty("adjusted_scale");
        if (adjusted.ValueKind == JsonValueKind.Array) return adjusted[j].GetDouble();
        return prior.TryGetProperty("rate", out JsonElement rate) && rate.ValueKind == JsonValueKind.Array ? 1 / rate[0].GetDouble() : prior.GetProperty("scale")[j].GetDouble();
    }

    private static ModelOutline Outline(string formula, string data, string family, string? link)
    {
        Frame frame = Fixtures.Data(data);
        if (Family.Names.Contains(family)) return ModelOutline.Of(ModelFrame.Learn(Formula.Parse(formula), frame).Encode(frame), Family.Parse(family, link));
        return ModelOutline.Of(ComponentFrames.Learn(Formula.Parse(formula), null, null, frame).Encode(frame), ResponseFamily.Parse(family, link));
    }
}
