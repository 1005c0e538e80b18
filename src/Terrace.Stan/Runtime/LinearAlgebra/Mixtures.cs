namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>The log density of a mixture: log Σ θₖ exp(λₖ) with weights θ, and over several observations the sum of it. Derivatives: with rₖ = θₖ exp(λₖ − result), by λₖ rₖ, by θₖ rₖ/θₖ.</summary>
internal static class Mixtures
{
    /// <summary>log_mix of weights and of log densities: a vector, or an array of vectors with one for each observation.</summary>
    public static Block LogMix(Workspace w, Block weights, Block densities)
    {
        int k = weights.Count, observations = densities.Outer > 1 || densities.Inner == k ? densities.Outer : 1;
        if (densities.Count != observations * k) Workspace.Fail($"log_mix: {k} weights for {densities.Inner} log densities");
        ReadOnlySpan<double> theta = w.Values(weights);
        foreach (double weight in theta) if (!(weight >= 0)) Workspace.Reject($"log_mix: a weight is {weight}, but must not be negative");
        bool byWeights = w.Differentiating && weights.Active, byDensities = w.Differentiating && densities.Active;
        Block result = w.AllocateScalar(0, byWeights || byDensities);
        double total = 0;
        int edges = 0;
        for (int n = 0; n < observations; n++)
        {
            int place = densities.Offset + (n * k);
            double largest = double.NegativeInfinity;
            for (int j = 0; j < k; j++) if (w.V[weights.Offset + j] > 0) largest = Math.Max(largest, w.V[place + j]);
            double sum = 0;
            for (int j = 0; j < k; j++) if (w.V[weights.Offset + j] > 0) sum += w.V[weights.Offset + j] * Math.Exp(w.V[place + j] - largest);
            double log = double.IsInfinity(largest) ? largest : largest + Math.Log(sum);
            total += log;
            for (int j = 0; j < k; j++)
            {
                double share = double.IsInfinity(log) ? 0 : Math.Exp(w.V[place + j] - log);
                if (byDensities) { w.Edge(place + j, w.V[weights.Offset + j] * share); edges++; }
                if (byWeights) { w.Edge(weights.Offset + j, share); edges++; }
            }
        }
        w.V[result.Offset] = total;
        if (edges > 0) w.CloseLinear(result.Offset, edges);
        return result;
    }
}
