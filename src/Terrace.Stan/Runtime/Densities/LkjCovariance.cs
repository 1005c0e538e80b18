using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The old density of covariance matrices: standard deviations s_k = √Σ_kk lognormal with locations μ_k and scales σ_k, correlations by <see cref="LkjCorrelation"/>, without a Jacobian, as Stan had it until 2.3. The gradient is composed of
/// operations that carry their adjoints.
/// </summary>
internal static class LkjCovariance
{
    private const double HalfLogTwoPi = 0.9189385332046727;

    /// <summary>The log density; one location and scale may serve all standard deviations.</summary>
    public static Block Log(Workspace w, int terms, Block sigma, Block mu, Block scale, Block eta)
    {
        const string name = "lkj_cov_lpdf";
        Factorizations.RequireSquare(name, sigma);
        int k = sigma.Rows;
        if ((mu.Count != 1 && mu.Count != k) || (scale.Count != 1 && scale.Count != k)) Workspace.Fail($"{name}: {mu.Count} locations and {scale.Count} scales for {k} standard deviations");
        Block deviations = w.AllocateVector(k, sigma.Active && w.Differentiating), inverse = w.AllocateVector(k, deviations.Active);
        double value = 0;
        var partials = new DensityPartials(w);
        for (int i = 0; i < k; i++)
        {
            int at = sigma.Offset + (i * (k + 1));
            double variance = w.V[at];
            ContinuousDomain.Positive(name, "variance", variance);
            ContinuousDomain.Finite(name, "location", w.V[mu.Offset + (mu.Count == 1 ? 0 : i)]);
            ContinuousDomain.Positive(name, "scale", w.V[scale.Offset + (scale.Count == 1 ? 0 : i)]);
            w.V[deviations.Offset + i] = Math.Sqrt(variance);
            w.V[inverse.Offset + i] = 1 / Math.Sqrt(variance);
            if (!deviations.Active) continue;
            w.Edge(at, 0.5 / Math.Sqrt(variance));
            w.CloseLinear(deviations.Offset + i, 1);
            w.Edge(at, -0.5 / (variance * Math.Sqrt(variance)));
            w.CloseLinear(inverse.Offset + i, 1);
        }
        Block correlations = LkjCorrelation.Log(w, (terms == -1 ? -1 : (terms & 1) | ((terms & 8) >> 2)), DiagonalProducts.QuadraticForm(w, sigma, inverse), eta);
        if (terms == 0) return w.AllocateScalar(0, false);
        Span<double> dDeviations = partials.Of(deviations), dMu = partials.Of(mu), dScale = partials.Of(scale);
        for (int i = 0; i < k; i++)
        {
            int m = mu.Count == 1 ? 0 : i, s = scale.Count == 1 ? 0 : i;
            double deviation = w.V[deviations.Offset + i], spread = w.V[scale.Offset + s], z = (Math.Log(deviation) - w.V[mu.Offset + m]) / spread;
            if ((terms & 7) != 0) value -= 0.5 * z * z;
            if ((terms & 4) != 0) value -= Math.Log(spread);
            if ((terms & 1) != 0) value -= Math.Log(deviation);
            if (terms == -1) value -= HalfLogTwoPi;
            if (!dDeviations.IsEmpty) dDeviations[i] = -((z / spread) + 1) / deviation;
            if (!dMu.IsEmpty) dMu[m] += z / spread;
            if (!dScale.IsEmpty) dScale[s] += ((z * z) - 1) / spread;
        }
        return Elementwise.Add(w, partials.Close(value), correlations);
    }
}
