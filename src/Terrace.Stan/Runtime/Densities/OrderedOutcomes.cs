namespace Terrace.Stan.Runtime.Densities;

/// <summary>What the ordered logit and probit share: outcomes and linear predictors, each one or many, with one vector of cutpoints or one an observation.</summary>
internal static class OrderedOutcomes
{
    /// <summary>The number of observations.</summary>
    public static int Rows(string function, int outcomes, in Block eta, in Block cutpoints) => VectorDensity.Rows(function, outcomes, eta.Count, cutpoints.Outer);

    /// <summary>Draws by inversion: 1 + the number of cutpoints below η plus an error of the latent distribution.</summary>
    public static int Draw(Workspace w, string function, double eta, ReadOnlySpan<double> cutpoints, double error)
    {
        DiscreteDomain.Finite(function, "linear predictor", eta);
        DiscreteDomain.Ordered(function, "cutpoints", cutpoints);
        int k = 1;
        while (k <= cutpoints.Length && eta + error > cutpoints[k - 1]) k++;
        return k;
    }
}
