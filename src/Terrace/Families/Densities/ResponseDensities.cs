namespace Terrace.Families.Densities;

/// <summary>Makes the density of a family's responses: the distribution with the link, then the zero part around it.</summary>
internal static class ResponseDensities
{
    /// <summary>The density of given responses; with <paramref name="zeroInflated"/>, or for a hurdle, the last parameter is the logit of the probability of a zero.</summary>
    public static ResponseDensity Of(ResponseFamily family, OutcomeValues outcomes, bool zeroInflated)
    {
        double[] y = outcomes.Y;
        if (family.IsHurdle) return new HurdleDensity(Counts(family, y), Counts(family, new double[y.Length]), y);
        return zeroInflated ? new ZeroInflatedDensity(Counts(family, y), y) : Plain(family, outcomes);
    }

    private static ResponseDensity Plain(ResponseFamily family, OutcomeValues outcomes) => family.Distribution switch
    {
        ResponseDistribution.Beta => Linked(new BetaShares(outcomes.Y), family.Link),
        ResponseDistribution.BetaBinomial => Linked(new BetaBinomialShares(outcomes.Y, outcomes.Trials!), family.Link),
        ResponseDistribution.Normal => Linked(new NormalLocation(outcomes.Y, new double[outcomes.Y.Length]), family.Link),
        ResponseDistribution.LogNormal => Linked(new NormalLocation(Array.ConvertAll(outcomes.Y, Math.Log), Array.ConvertAll(outcomes.Y, y => -Math.Log(y))), family.Link),
        ResponseDistribution.Student => Linked(new StudentLocation(outcomes.Y), family.Link),
        ResponseDistribution.Cumulative when family.Link == Link.Probit => new CumulativeDensity<NormalLatent>(outcomes.Y, outcomes.Levels.Count),
        ResponseDistribution.Cumulative => new CumulativeDensity<LogisticLatent>(outcomes.Y, outcomes.Levels.Count),
        _ => Counts(family, outcomes.Y),
    };

    private static ResponseDensity Counts(ResponseFamily family, double[] y) => family.Distribution switch
    {
        ResponseDistribution.Poisson => Linked(new PoissonCounts(y), family.Link),
        ResponseDistribution.NegativeBinomial => Linked(new NegativeBinomialCounts(y), family.Link),
        _ => Linked(new LinearNegativeBinomialCounts(y), family.Link),
    };

    private static ResponseDensity Linked<T>(T distribution, Link link) where T : struct, IMeanDistribution => link.Name switch
    {
        "identity" => new MeanDensity<T, IdentityLink>(distribution),
        "log" => new MeanDensity<T, LogLink>(distribution),
        "sqrt" => new MeanDensity<T, SqrtLink>(distribution),
        "logit" => new MeanDensity<T, LogitLink>(distribution),
        "probit" => new MeanDensity<T, ProbitLink>(distribution),
        "cloglog" => new MeanDensity<T, CloglogLink>(distribution),
        "cauchit" => new MeanDensity<T, CauchitLink>(distribution),
        _ => throw new ModelException($"The link {link} is none of these families'."),
    };
}
