using Terrace.Bayes;
using static Terrace.StanCode.StanBlocks;

namespace Terrace.StanCode;

/// <summary>Priors as statements of a Stan program.</summary>
internal static class StanPriors
{
    /// <summary>The distribution as Stan writes it; null of a flat prior.</summary>
    /// <exception cref="ModelException">Stan has no such distribution.</exception>
    public static string? Distribution(Prior prior) => prior switch
    {
        FlatPrior => null,
        NormalPrior p => $"normal({Text(p.Location)}, {Text(p.Scale)})",
        StudentTPrior p => $"student_t({Text(p.Df)}, {Text(p.Location)}, {Text(p.Scale)})",
        CauchyPrior p => $"cauchy({Text(p.Location)}, {Text(p.Scale)})",
        LogisticPrior p => $"logistic({Text(p.Location)}, {Text(p.Scale)})",
        ExponentialPrior p => $"exponential({Text(p.Rate)})",
        GammaPrior p => $"gamma({Text(p.Shape)}, {Text(p.Rate)})",
        InverseGammaPrior p => $"inv_gamma({Text(p.Shape)}, {Text(p.Scale)})",
        BetaPrior p => $"beta({Text(p.A)}, {Text(p.B)})",
        UniformPrior p => $"uniform({Text(p.Lower)}, {Text(p.Upper)})",
        _ => throw new ModelException($"The prior {prior} has no Stan program yet."),
    };

    /// <summary>One statement.</summary>
    public static void One(StanBlocks blocks, string name, Prior prior)
    {
        blocks.Priors.Add(Distribution(prior) is { } distribution ? $"{name} ~ {distribution};" : $"// {name}: flat");
    }

    /// <summary>A vector: one statement where all priors are the same, else one for each element.</summary>
    public static void Each(StanBlocks blocks, string name, IReadOnlyList<Prior> priors)
    {
        if (priors.Count == 0) return;
        if (priors.All(prior => prior.Equals(priors[0]))) One(blocks, name, priors[0]);
        else
            for (int i = 0; i < priors.Count; i++) One(blocks, $"{name}[{i + 1}]", priors[i]);
    }

    /// <summary>The standard deviations and correlations of a term.</summary>
    public static void Term(StanBlocks blocks, TermPrior prior, string sd, string? factor, int width)
    {
        switch (prior)
        {
            case IndependentTermPrior independent when width == 1:
                One(blocks, sd, independent.StandardDeviations[0]);
                break;
            case IndependentTermPrior independent:
                Each(blocks, sd, independent.StandardDeviations);
                blocks.Priors.Add($"{factor} ~ lkj_corr_cholesky({Text(independent.LkjShape)});");
                break;
            case DecovPrior decov when width == 1:
                // τ scale with τ ~ Gamma(shape, 1): the decomposition has one share.
                blocks.Priors.Add($"{sd} ~ gamma({Text(decov.Shape)}, {Text(1 / decov.Scale)});");
                break;
            case DecovPrior decov:
                blocks.Use(Decov);
                blocks.Priors.Add($"target += decov_lpdf({sd} | {Text(decov.Concentration)}, {Text(decov.Shape)}, {Text(decov.Scale)});");
                blocks.Priors.Add($"{factor} ~ lkj_corr_cholesky({Text(decov.Regularization)});");
                break;
            default: throw new ModelException($"The prior {prior} has no Stan program yet.");
        }
    }

    /// <summary>The density of standard deviations under the decomposition sd² = (τ scale)² k π, τ ~ Gamma(shape, 1), π ~ Dirichlet(concentration): <see cref="TermCovariance"/>.</summary>
    private static readonly string[] Decov =
    [
        "// sd^2 = (tau * scale)^2 * k * pi, tau ~ gamma(shape, 1), pi ~ dirichlet(concentration)",
        "real decov_lpdf(vector sd, real concentration, real shape, real scale) {",
        "int k = num_elements(sd);",
        "real r = sqrt(dot_self(sd));",
        "real tau = r / (sqrt(k) * scale);",
        "return (shape - 1) * log(tau) - tau - lgamma(shape) + lgamma(k * concentration) - k * lgamma(concentration)",
        "  + (2 * concentration - 1) * sum(log(sd)) - (2 * k * (concentration - 1) + 2 * k - 1) * log(r) + (k - 1) * log(2) - log(sqrt(k) * scale);",
        "}",
    ];
}
