using Terrace.Families;
using Terrace.Inference.Posterior;

namespace Terrace.Bayes;

/// <summary>The sets of default priors.</summary>
public enum PriorPreset
{
    /// <summary>Those of the R package rstanarm 2.21: weakly informative, scaled to the data.</summary>
    Rstanarm,

    /// <summary>Those of the R package brms 2.18: flat coefficients, Student t elsewhere.</summary>
    Brms,
}

/// <summary>
/// Default priors of a model, scaled to its data.
/// <code>
/// rstanarm   coefficients normal(0, 2.5 s_y/s_x); intercept of centred predictors normal(m_y, 2.5 s_y); s_y = sd(y), m_y = mean(y) of Gaussian models, else 1 and 0; times φ(0)/λ(0) with a probit link;
///            sigma exponential(1/s_y), other dispersions exponential(1); group-level terms decov(1, 1, 1, 1), in units of the dispersion where the family has one
/// brms       coefficients flat; intercept student_t(3, m, s), m and s the median and the scaled median deviation of the response on the link's scale, rounded to one decimal, s at least 2.5; standard
///            deviations and sigma student_t(3, 0, s) restricted to positive values; correlations lkj(1)
/// </code>
/// Goodrich, Gabry, Ali and Brilleman, "Prior Distributions for rstanarm Models"; Bürkner (2017), brms: An R package for Bayesian multilevel models, section 2.3. Where rstanarm has no such parameter the default of
/// brms is taken. Checked against both packages in <c>DefaultPriorsTests</c>.
/// </summary>
public static class DefaultPriors
{
    private const double ProbitFactor = 1.5957691216057308; // φ(0) of the normal over that of the logistic distribution

    /// <summary>The default priors of a model.</summary>
    public static ChosenPriors Of(ModelOutline outline, PriorPreset preset)
    {
        ArgumentNullException.ThrowIfNull(outline);
        return preset == PriorPreset.Brms ? Brms(outline) : Rstanarm(outline);
    }

    private static ChosenPriors Rstanarm(ModelOutline outline)
    {
        var told = new List<PriorDescription>();
        bool gaussian = outline.Family is "gaussian" or "student";
        double spread = gaussian ? BayesianModelAssembly.Positive(SampleMoments.StandardDeviation([.. outline.Response])) : 1, factor = outline.Link == Link.Probit ? ProbitFactor : 1;
        double location = gaussian && outline.Link == Link.Identity ? SampleMoments.Mean([.. outline.Response]) : 0;
        Prior? intercept = outline.HasIntercept ? new NormalPrior(location, 2.5 * factor * spread) : null;
        if (intercept is not null) told.Add(new PriorDescription("intercept", null, null, $"{new NormalPrior(location, 2.5 * factor)}", $"{intercept}"));
        var coefficients = new List<Prior>();
        foreach ((string name, double sd) in outline.Coefficients)
        {
            coefficients.Add(new NormalPrior(0, 2.5 * factor * spread / BayesianModelAssembly.Positive(sd)));
            told.Add(new PriorDescription("b", null, name, $"{new NormalPrior(0, 2.5 * factor)}", $"{coefficients[^1]}"));
        }
        string? dispersion = outline.Auxiliary.FirstOrDefault(name => name is "sigma" or "phi" or "shape");
        bool relative = dispersion is not null && outline.Family is not ("beta" or "beta-binomial" or "lognormal");
        foreach ((string group, _) in outline.Terms) told.Add(new PriorDescription("sd", group, null, "decov(1, 1, 1, 1)", relative ? $"decov(1, 1, 1, {dispersion})" : "decov(1, 1, 1, 1)"));
        var auxiliary = new Dictionary<string, Prior>();
        foreach (string name in outline.Auxiliary)
        {
            bool own = name is "phi" or "shape" || name == "sigma" && gaussian;
            auxiliary[name] = own ? new ExponentialPrior(1 / (name == "sigma" ? spread : 1)) : BrmsAuxiliary(outline, name);
            told.Add(new PriorDescription(name, null, null, own ? "exponential(1)" : $"{auxiliary[name]} (brms)", $"{auxiliary[name]}"));
        }
        return new ChosenPriors(new ModelPriors
        {
            Intercept = intercept,
            Coefficients = coefficients,
            Terms = [.. outline.Terms.Select(_ => new DecovPrior { RelativeToSigma = relative })],
            Auxiliary = auxiliary,
            Components = Components(outline, told, " (brms)"),
        }, told);
    }

    private static ChosenPriors Brms(ModelOutline outline)
    {
        var told = new List<PriorDescription>();
        (double location, double scale) = BrmsScale(outline);
        Prior? intercept = outline.HasIntercept ? new StudentTPrior(3, location - outline.MeanOffset, scale) : null;
        if (intercept is not null) told.Add(new PriorDescription("intercept", null, null, $"{intercept}", $"{intercept}"));
        foreach ((string name, _) in outline.Coefficients) told.Add(new PriorDescription("b", null, name, "flat", "flat"));
        var sd = new StudentTPrior(3, 0, scale);
        foreach ((string group, IReadOnlyList<string> terms) in outline.Terms)
        {
            foreach (string term in terms) told.Add(new PriorDescription("sd", group, term, $"{sd}", $"{sd}"));
            if (terms.Count > 1) told.Add(new PriorDescription("cor", group, null, "lkj(1)", "lkj(1)"));
        }
        var auxiliary = outline.Auxiliary.ToDictionary(name => name, name => BrmsAuxiliary(outline, name));
        foreach ((string name, Prior prior) in auxiliary) told.Add(new PriorDescription(name, null, null, $"{prior}", $"{prior}"));
        return new ChosenPriors(new ModelPriors
        {
            Intercept = intercept,
            Coefficients = [.. outline.Coefficients.Select(_ => new FlatPrior())],
            Terms = [.. outline.Terms.Select(term => new IndependentTermPrior([.. term.Terms.Select(_ => sd)]))],
            Auxiliary = auxiliary,
            Components = Components(outline, told, ""),
        }, told);
    }

    private static Prior BrmsAuxiliary(ModelOutline outline, string name) => name switch
    {
        "sigma" => new StudentTPrior(3, 0, BrmsScale(outline).Scale),
        "nu" => new GammaPrior(2, 0.1),
        "zi" => new BetaPrior(1, 1),
        "thresholds" => new StudentTPrior(3, 0, 2.5),
        "mixing" => new BetaPrior(1, 1),
        "ar" => new UniformPrior(-1, 1),
        _ => new GammaPrior(0.01, 0.01),
    };

    /// <summary>brms's priors of the coefficients of other parameters: the intercept on the scale of its link, the rest flat.</summary>
    private static Dictionary<string, IReadOnlyList<Prior>> Components(ModelOutline outline, List<PriorDescription> told, string note)
    {
        var components = new Dictionary<string, IReadOnlyList<Prior>>();
        foreach (OutlinedComponent component in outline.Components)
        {
            Prior intercept = component.Name == DistributionalModels.Component.ZeroInflation ? new LogisticPrior(0, 1) : new StudentTPrior(3, 0, 2.5);
            components[component.Name] = [.. component.HasIntercept ? [intercept] : (IEnumerable<Prior>)[], .. component.Coefficients.Select(_ => new FlatPrior())];
            if (component.HasIntercept) told.Add(new PriorDescription("intercept", null, component.Name, $"{intercept}{note}", $"{intercept}"));
            foreach (string name in component.Coefficients) told.Add(new PriorDescription("b", null, $"{component.Name}: {name}", $"flat{note}", "flat"));
        }
        return components;
    }

    /// <summary>The median and the scaled median deviation of the response on the link's scale, rounded to one decimal; 0 and 2.5 for links of probabilities.</summary>
    private static (double Location, double Scale) BrmsScale(ModelOutline outline)
    {
        bool logarithm = outline.Family == "lognormal";
        if (!logarithm && outline.Link.Name is not ("identity" or "log" or "inverse" or "sqrt" or "1/mu^2") || outline.Family is "cumulative" or "categorical") return (0, 2.5);
        bool awayFromZero = outline.Link.Name is "log" or "inverse" or "1/mu^2";
        double[] y = [.. outline.Response.Select(value => logarithm ? Math.Log(value) : outline.Link.Eta(awayFromZero && value == 0 ? 0.1 : value))];
        double median = SampleQuantile.Of(y, 0.5), deviation = 1.4826 * SampleQuantile.Of([.. y.Select(value => Math.Abs(value - median))], 0.5);
        double location = Math.Round(median, 1), scale = Math.Round(deviation, 1);
        return (double.IsFinite(location) ? location : 0, double.IsFinite(scale) ? Math.Max(2.5, scale) : 2.5);
    }
}
