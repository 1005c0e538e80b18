using Terrace.Bayes;
using static Terrace.StanCode.StanBlocks;

namespace Terrace.StanCode;

/// <summary>Coefficients under a shrinkage prior as a Stan program has them; the scales are those of <see cref="HorseshoePrior"/> and <see cref="R2D2Prior"/>.</summary>
internal static class StanShrinkage
{
    /// <summary>Declares the coefficients of a predictor and their priors.</summary>
    /// <exception cref="ModelException">Some coefficients have a prior of their own.</exception>
    public static void Write(StanBlocks blocks, IReadOnlyList<Prior> priors, string suffix, bool hasSigma)
    {
        if (priors.Any(prior => !prior.Equals(priors[0]))) throw new ModelException("A shrinkage prior beside other priors of single coefficients has no Stan program yet.");
        var prior = (ShrinkagePrior)priors[0];
        string sigma = prior.Autoscale && hasSigma ? "sigma" : "1", k = $"K{suffix}";
        blocks.Parameters.Add($"vector[{k}] zb{suffix};  // standardised coefficients");
        blocks.Priors.Add($"zb{suffix} ~ std_normal();");
        if (prior is R2D2Prior r2d2) R2D2(blocks, r2d2, suffix, sigma);
        else Horseshoe(blocks, (HorseshoePrior)prior, suffix, sigma);
    }

    private static void Horseshoe(StanBlocks blocks, HorseshoePrior prior, string suffix, string sigma)
    {
        string local = prior.SecondDf is null ? $"hs_local{suffix}" : $"(hs_local{suffix} .* hs_local2{suffix})", k = $"K{suffix}";
        blocks.Parameters.Add($"vector<lower=0>[{k}] hs_local{suffix};");
        blocks.Priors.Add($"hs_local{suffix} ~ student_t({Text(prior.Df)}, 0, 1);");
        if (prior.SecondDf is { } second)
        {
            blocks.Parameters.Add($"vector<lower=0>[{k}] hs_local2{suffix};");
            blocks.Priors.Add($"hs_local2{suffix} ~ student_t({Text(second)}, 0, 1);");
        }
        blocks.Parameters.Add($"real<lower=0> hs_global{suffix};");
        blocks.Parameters.Add($"real<lower=0> hs_slab{suffix};");
        blocks.Priors.Add($"hs_global{suffix} ~ student_t({Text(prior.DfGlobal)}, 0, {Text(prior.ScaleGlobal)} * {sigma});");
        // The scale is a parameter here, so that the density needs its Jacobian's part: log(sigma) is inside student_t.
        blocks.Priors.Add($"hs_slab{suffix} ~ inv_gamma({Text(0.5 * prior.DfSlab)}, {Text(0.5 * prior.DfSlab)});");
        string slab = $"{Text(prior.ScaleSlab * prior.ScaleSlab)} * hs_slab{suffix}", scaled = $"square(hs_global{suffix} * {local})";
        blocks.TransformedParameters.Add($"vector[{k}] b{suffix} = zb{suffix} .* sqrt({slab} * {scaled} ./ ({slab} + {scaled}));");
    }

    private static void R2D2(StanBlocks blocks, R2D2Prior prior, string suffix, string sigma)
    {
        string k = $"K{suffix}";
        blocks.Parameters.Add($"real<lower=0, upper=1> R2D2_R2{suffix};");
        blocks.Parameters.Add($"simplex[{k}] R2D2_phi{suffix};");
        blocks.Priors.Add($"R2D2_R2{suffix} ~ beta({Text(prior.MeanR2 * prior.PrecisionR2)}, {Text((1 - prior.MeanR2) * prior.PrecisionR2)});");
        blocks.Priors.Add($"R2D2_phi{suffix} ~ dirichlet(rep_vector({Text(prior.Concentration)}, {k}));");
        blocks.TransformedParameters.Add($"vector[{k}] b{suffix} = zb{suffix} .* ({sigma} * sqrt(R2D2_R2{suffix} / (1 - R2D2_R2{suffix}) * R2D2_phi{suffix}));");
    }
}
