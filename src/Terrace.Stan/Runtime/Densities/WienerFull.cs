namespace Terrace.Stan.Runtime.Densities;

/// <summary>The Wiener first passage time with drift, starting point and nondecision time that vary between trials: outcome y, α, τ, β, δ, s_δ, s_β, s_τ. The averages are those of <see cref="WienerTrials"/>; the mean over nondecision times is the integral of the density from y − τ − s_τ to y − τ over s_τ.</summary>
internal static unsafe class WienerFull
{
    private const string Function = "wiener_lpdf";

    /// <summary>The log density; it has no summand that some of its arguments could leave out.</summary>
    public static Block Log(Workspace w, int terms, Block y, Block alpha, Block tau, Block beta, Block delta, Block driftSpread, Block startSpread, Block timeSpread)
    {
        double time = w.V[y.Offset] - w.V[tau.Offset], spread = w.V[timeSpread.Offset];
        WienerTrials.Process process = Checked(Function, w, y, alpha, tau, beta, delta, driftSpread, startSpread, timeSpread);
        if (terms == 0) return w.AllocateScalar(0, false);
        Span<double> parts = stackalloc double[WienerTrials.Parts];
        double bySpread = 0;
        if (spread == 0) WienerTrials.Density(Function, process, time, parts);
        else
        {
            double from = Math.Max(0, time - spread), first = 0;
            WienerTrials.Integrate(Function, process, from, time, null, 0, 0, parts);
            Span<double> edge = stackalloc double[WienerTrials.Parts];
            if (from > 0)
            {
                WienerTrials.Density(Function, process, from, edge);
                first = edge[0];
            }
            WienerTrials.Density(Function, process, time, edge);
            for (int i = 0; i < parts.Length; i++) parts[i] /= spread;
            parts[1] = (edge[0] - first) / spread;
            bySpread = (first - parts[0]) / spread;
        }
        if (!(parts[0] > 0)) Workspace.Reject($"{Function}: the density underflows at outcome {w.V[y.Offset]}");
        return Close(w, Math.Log(parts[0]), 1 / parts[0], parts, bySpread, y, alpha, tau, beta, delta, driftSpread, startSpread, timeSpread);
    }

    /// <summary>Checks the arguments of density and cumulative functions.</summary>
    internal static WienerTrials.Process Checked(string function, Workspace w, Block y, Block alpha, Block tau, Block beta, Block delta, Block driftSpread, Block startSpread, Block timeSpread)
    {
        double outcome = w.V[y.Offset], start = w.V[beta.Offset], half = 0.5 * w.V[startSpread.Offset];
        ContinuousDomain.Positive(function, "outcome", outcome);
        ContinuousDomain.Positive(function, "boundary separation", w.V[alpha.Offset]);
        ContinuousDomain.NonNegative(function, "nondecision time", w.V[tau.Offset]);
        ContinuousDomain.Finite(function, "drift rate", w.V[delta.Offset]);
        ContinuousDomain.NonNegative(function, "drift variability", w.V[driftSpread.Offset]);
        ContinuousDomain.NonNegative(function, "starting point variability", 2 * half);
        ContinuousDomain.NonNegative(function, "nondecision time variability", w.V[timeSpread.Offset]);
        if (!(start - half > 0 && start + half < 1)) ContinuousDomain.Refuse(function, "starting point", start, "in the interval (0, 1) with half its variability on either side");
        if (!(outcome > w.V[tau.Offset])) ContinuousDomain.Refuse(function, "outcome", outcome, "greater than the nondecision time");
        return new WienerTrials.Process(w.V[alpha.Offset], start, w.V[delta.Offset], w.V[driftSpread.Offset], 2 * half);
    }

    /// <summary>The result with its derivatives: <paramref name="scale"/> times those of <see cref="WienerTrials"/>.</summary>
    internal static Block Close(Workspace w, double value, double scale, ReadOnlySpan<double> parts, double bySpread, Block y, Block alpha, Block tau, Block beta, Block delta, Block driftSpread, Block startSpread, Block timeSpread)
    {
        int edges = 0;
        ReadOnlySpan<Block> arguments = [y, tau, alpha, beta, delta, driftSpread, startSpread, timeSpread];
        ReadOnlySpan<double> slopes = [parts[1], -parts[1], parts[2], parts[3], parts[4], parts[5], parts[6], bySpread];
        bool active = false;
        foreach (Block argument in arguments) active |= argument.Active;
        Block result = w.AllocateScalar(value, active && w.Differentiating);
        if (!result.Active) return result;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (!arguments[i].Active) continue;
            w.Edge(arguments[i].Offset, scale * slopes[i]);
            edges++;
        }
        w.CloseLinear(result.Offset, edges);
        return result;
    }
}
