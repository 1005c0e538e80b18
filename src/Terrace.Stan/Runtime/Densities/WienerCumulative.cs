namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The log of the probability that a Wiener process has reached its upper boundary by the time y, and of that that it will reach it later; the two probabilities sum to that of the upper boundary. With t = y − τ they are integrals of the
/// density of <see cref="WienerTrials"/> below and above t, and with a varying nondecision time of the density times the share min(1, (t − s)/s_τ) of the trials that leave more than s, or what is left of it.
/// Source: Stan functions reference, "Wiener First Passage Time Distribution", where they are called unnormalised.
/// </summary>
internal static unsafe class WienerCumulative
{
    /// <summary>The log probability of the upper boundary before y.</summary>
    public static Block LogLower(Workspace w, Block y, Block alpha, Block tau, Block beta, Block delta) => LogLower(w, y, alpha, tau, beta, delta, None(w), None(w), None(w));

    /// <summary>The same with variation between trials.</summary>
    public static Block LogLower(Workspace w, Block y, Block alpha, Block tau, Block beta, Block delta, Block driftSpread, Block startSpread, Block timeSpread) =>
        Log(w, "wiener_lcdf_unnorm", true, y, alpha, tau, beta, delta, driftSpread, startSpread, timeSpread);

    /// <summary>The log probability of the upper boundary after y.</summary>
    public static Block LogUpper(Workspace w, Block y, Block alpha, Block tau, Block beta, Block delta) => LogUpper(w, y, alpha, tau, beta, delta, None(w), None(w), None(w));

    /// <summary>The same with variation between trials.</summary>
    public static Block LogUpper(Workspace w, Block y, Block alpha, Block tau, Block beta, Block delta, Block driftSpread, Block startSpread, Block timeSpread) =>
        Log(w, "wiener_lccdf_unnorm", false, y, alpha, tau, beta, delta, driftSpread, startSpread, timeSpread);

    private static Block None(Workspace w) => w.AllocateScalar(0, false);

    private static Block Log(Workspace w, string function, bool lower, Block y, Block alpha, Block tau, Block beta, Block delta, Block driftSpread, Block startSpread, Block timeSpread)
    {
        WienerTrials.Process process = WienerFull.Checked(function, w, y, alpha, tau, beta, delta, driftSpread, startSpread, timeSpread);
        double t = w.V[y.Offset] - w.V[tau.Offset], spread = w.V[timeSpread.Offset], from = Math.Max(0, t - spread), byTime, bySpread = 0;
        Span<double> parts = stackalloc double[WienerTrials.Parts], share = stackalloc double[WienerTrials.Parts], window = stackalloc double[WienerTrials.Parts];
        if (lower) WienerTrials.Integrate(function, process, 0, from, null, 0, 0, parts);
        else WienerTrials.Integrate(function, process, t, double.PositiveInfinity, null, 0, 0, parts);
        if (spread == 0)
        {
            WienerTrials.Density(function, process, t, window);
            byTime = window[0];
        }
        else
        {
            WienerTrials.Integrate(function, process, from, t, &Share, t, spread, share);
            WienerTrials.Integrate(function, process, from, t, null, 0, 0, window);
            for (int i = 0; i < parts.Length; i++) parts[i] += lower ? share[i] : window[i] - share[i];
            byTime = window[0] / spread;
            bySpread = -share[0] / spread;
        }
        // The upper probability falls by what the lower one gains.
        parts[1] = lower ? byTime : -byTime;
        if (!lower) bySpread = -bySpread;
        double value = Math.Log(parts[0]);
        if (!(parts[0] > 0)) Workspace.Reject($"{function}: the probability underflows at outcome {w.V[y.Offset]}");
        return WienerFull.Close(w, value, 1 / parts[0], parts, bySpread, y, alpha, tau, beta, delta, driftSpread, startSpread, timeSpread);
    }

    private static double Share(double s, double t, double spread) => (t - s) / spread;
}
