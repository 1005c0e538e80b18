using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.DistributionalModels;

/// <summary>
/// Where the search of a model without random effects begins: γ from the regression of link(response) on the fixed effects, the other parameters from moments of the response.
/// They need only be possible and not absurd; the search does the rest.
/// </summary>
internal static class StartingValues
{
    /// <summary>(γ, δ).</summary>
    public static double[] Of(ResponseLikelihood likelihood, FixedEffectsBasis basis, double[] offset)
    {
        double[] gamma = FixedEffects(likelihood, basis, offset);
        var delta = new List<double>();
        for (int k = 0; k < likelihood.Parameters.Length; k++)
        {
            double start = Parameter(likelihood, k, Spread(likelihood, basis, offset, gamma));
            delta.AddRange(likelihood.Parameters[k].Project(_ => start, likelihood.Cells.Weight));
        }
        return [.. gamma, .. delta];
    }

    private static double[] FixedEffects(ResponseLikelihood likelihood, FixedEffectsBasis basis, double[] offset)
    {
        var gamma = new double[basis.Rank];
        if (likelihood.Family.IsOrdered) return gamma;
        double[] weight = likelihood.Cells.Weight;
        for (int i = 0; i < weight.Length; i++)
        {
            double eta = weight[i] * (Link(likelihood, i) - offset[i]);
            for (int j = 0; j < gamma.Length; j++) gamma[j] += basis.Rows[i * gamma.Length + j] * eta;
        }
        return gamma;
    }

    /// <summary>The link of a cell's response, moved inside its range.</summary>
    private static double Link(ResponseLikelihood likelihood, int cell)
    {
        ResponseFamily family = likelihood.Family;
        OutcomeValues outcomes = likelihood.Cells.Outcomes;
        double y = outcomes.Y[cell];
        double mean = family.Kind switch
        {
            ResponseType.Count => y + 0.3,
            ResponseType.Trials => (y + 0.5) / (outcomes.Trials![cell] + 1),
            ResponseType.Positive => Math.Log(y),
            ResponseType.Real when family.Link == Families.Link.Log => Math.Max(y, 0.1 * Math.Abs(outcomes.Y.Average())),
            _ => y,
        };
        return family.Link.Eta(mean);
    }

    /// <summary>The root mean square of link(response) − η.</summary>
    private static double Spread(ResponseLikelihood likelihood, FixedEffectsBasis basis, double[] offset, double[] gamma)
    {
        if (likelihood.Family.IsOrdered) return 1;
        double[] weight = likelihood.Cells.Weight;
        double sum = 0, total = 0;
        for (int i = 0; i < weight.Length; i++)
        {
            double rest = Link(likelihood, i) - offset[i];
            for (int j = 0; j < gamma.Length; j++) rest -= basis.Rows[i * gamma.Length + j] * gamma[j];
            sum += weight[i] * rest * rest;
            total += weight[i];
        }
        return Math.Max(Math.Sqrt(sum / total), 1e-8);
    }

    private static double Parameter(ResponseLikelihood likelihood, int k, double spread)
    {
        ResponseFamily family = likelihood.Family;
        if (family.IsOrdered) return Threshold(likelihood, k);
        string name = likelihood.Parameters[k].Name;
        if (name == Component.ZeroInflation) return Zeros(likelihood);
        if (name != Component.Dispersion) return Math.Log(8);
        return family.ParameterNames[0] == "sigma" ? Math.Log(spread) : family.Kind is ResponseType.Share or ResponseType.Trials ? Math.Log(5) : 0;
    }

    /// <summary>The logit of the share of zeros, of inflated ones of half of it.</summary>
    private static double Zeros(ResponseLikelihood likelihood)
    {
        OutcomeValues outcomes = likelihood.Cells.Outcomes;
        double zeros = 0.5, total = 1;
        for (int i = 0; i < outcomes.Y.Length; i++)
        {
            total += outcomes.Weight[i];
            if (outcomes.Y[i] == 0) zeros += outcomes.Weight[i];
        }
        return LogisticFunction.Logit(Math.Clamp(zeros / total * (likelihood.Family.IsHurdle ? 1 : 0.5), 1e-4, 1 - 1e-4));
    }

    /// <summary>The latent quantile of the share of responses up to category k.</summary>
    private static double Threshold(ResponseLikelihood likelihood, int k)
    {
        OutcomeValues outcomes = likelihood.Cells.Outcomes;
        double below = 0, total = 0;
        for (int i = 0; i < outcomes.Y.Length; i++)
        {
            total += outcomes.Weight[i];
            if (outcomes.Y[i] <= k) below += outcomes.Weight[i];
        }
        return likelihood.Family.Link == Families.Link.Probit ? Normal.Quantile(below / total) : LogisticFunction.Logit(below / total);
    }
}
