namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// A hidden Markov model of K states and N outcomes: the K × N matrix of log densities log ωₖₙ, the transition matrix Γ (row to column) and the first state's probabilities ρ. Forward and backward recursions with each step scaled to
/// sum to 1 (Rabiner 1989, "A tutorial on hidden Markov models", §III and §V). The derivatives are the posterior probabilities: by log ωₖₙ that of state k at n, by Γᵢⱼ the expected number of steps from i to j over Γᵢⱼ.
/// </summary>
internal static class HiddenMarkov
{
    /// <summary>hmm_marginal: log p of the outcomes, summed over the paths.</summary>
    public static Block Marginal(Workspace w, Block logOmega, Block gamma, Block rho)
    {
        var pass = new Pass(w, "hmm_marginal", logOmega, gamma, rho);
        bool active = w.Differentiating && (logOmega.Active || gamma.Active || rho.Active);
        Block result = w.AllocateScalar(pass.LogMarginal, active);
        if (!active) return result;
        int k = pass.States, n = pass.Times, edges = 0;
        if (logOmega.Active)
        {
            for (int t = 0; t < n; t++) for (int i = 0; i < k; i++) w.Edge(logOmega.Offset + (t * k) + i, pass.Probability(t, i));
            edges += n * k;
        }
        if (gamma.Active)
        {
            for (int j = 0; j < k; j++)
            {
                for (int i = 0; i < k; i++)
                {
                    double sum = 0;
                    for (int t = 1; t < n; t++) sum += pass.Alpha[((t - 1) * k) + i] * pass.Omega[(t * k) + j] * pass.Beta[(t * k) + j] / pass.Scale[t];
                    w.Edge(gamma.Offset + (j * k) + i, sum);
                }
            }
            edges += k * k;
        }
        if (rho.Active)
        {
            for (int i = 0; i < k; i++) w.Edge(rho.Offset + i, n == 0 ? 0 : pass.Omega[i] * pass.Beta[i] / pass.Scale[0]);
            edges += k;
        }
        w.CloseLinear(result.Offset, edges);
        return result;
    }

    /// <summary>hmm_hidden_state_prob: the K × N matrix of the states' probabilities given all outcomes.</summary>
    public static Block StateProbabilities(Workspace w, Block logOmega, Block gamma, Block rho)
    {
        NoDerivatives(w, "hmm_hidden_state_prob", logOmega, gamma, rho);
        var pass = new Pass(w, "hmm_hidden_state_prob", logOmega, gamma, rho);
        Block result = w.Allocate(1, pass.States, pass.Times, false);
        for (int t = 0; t < pass.Times; t++) for (int i = 0; i < pass.States; i++) w.V[result.Offset + (t * pass.States) + i] = pass.Probability(t, i);
        return result;
    }

    /// <summary>hmm_latent_rng: a path drawn given all outcomes, from the last state to the first.</summary>
    public static IntBlock DrawPath(Workspace w, Block logOmega, Block gamma, Block rho)
    {
        NoDerivatives(w, "hmm_latent_rng", logOmega, gamma, rho);
        var pass = new Pass(w, "hmm_latent_rng", logOmega, gamma, rho);
        int k = pass.States;
        IntBlock path = w.AllocateInts(pass.Times);
        var weights = new double[k];
        int next = -1;
        for (int t = pass.Times - 1; t >= 0; t--)
        {
            double total = 0;
            for (int i = 0; i < k; i++) total += weights[i] = pass.Alpha[(t * k) + i] * (next < 0 ? 1 : w.V[gamma.Offset + (next * k) + i]);
            double u = w.Rng.NextDouble() * total;
            next = 0;
            while (next < k - 1 && u >= weights[next]) u -= weights[next++];
            w.I[path.Offset + t] = next + 1;
        }
        return path;
    }

    private static void NoDerivatives(Workspace w, string name, Block a, Block b, Block c)
    {
        if (w.Differentiating && (a.Active || b.Active || c.Active)) Workspace.Fail($"{name} has no derivatives, so it cannot be used in `model` or `transformed parameters`");
    }

    /// <summary>The two recursions.</summary>
    private sealed class Pass
    {
        public Pass(Workspace w, string name, Block logOmega, Block gamma, Block rho)
        {
            int k = States = logOmega.Rows, n = Times = logOmega.Cols;
            if (gamma.Rows != k || gamma.Cols != k || rho.Count != k) Workspace.Fail($"{name}: log_omega has {k} rows, Gamma is {gamma.Rows} × {gamma.Cols} and rho has {rho.Count} elements");
            CheckProbabilities(w, name, "rho", rho.Offset, 1, k);
            for (int i = 0; i < k; i++) CheckProbabilities(w, name, $"row {i + 1} of Gamma", gamma.Offset + i, k, k);
            Omega = new double[k * n];
            Alpha = new double[k * n];
            Beta = new double[k * n];
            Scale = new double[n];
            for (int t = 0; t < n; t++)
            {
                double largest = double.NegativeInfinity;
                for (int i = 0; i < k; i++) largest = Math.Max(largest, w.V[logOmega.Offset + (t * k) + i]);
                if (double.IsNaN(largest)) Workspace.Reject($"{name}: log_omega has NaN in column {t + 1}");
                if (double.IsInfinity(largest))
                {
                    if (largest > 0) Workspace.Reject($"{name}: log_omega has an infinite value in column {t + 1}");
                    largest = 0;
                }
                for (int i = 0; i < k; i++)
                {
                    double before = 0;
                    if (t == 0) before = w.V[rho.Offset + i];
                    else for (int j = 0; j < k; j++) before += Alpha[((t - 1) * k) + j] * w.V[gamma.Offset + (i * k) + j];
                    Omega[(t * k) + i] = Math.Exp(w.V[logOmega.Offset + (t * k) + i] - largest);
                    Alpha[(t * k) + i] = before * Omega[(t * k) + i];
                    Scale[t] += Alpha[(t * k) + i];
                }
                for (int i = 0; i < k; i++) Alpha[(t * k) + i] /= Scale[t];
                LogMarginal += Math.Log(Scale[t]) + largest;
            }
            for (int t = n - 1; t >= 0; t--)
            {
                for (int i = 0; i < k; i++)
                {
                    double after = t == n - 1 ? 1 : 0;
                    if (t < n - 1) for (int j = 0; j < k; j++) after += w.V[gamma.Offset + (j * k) + i] * Omega[((t + 1) * k) + j] * Beta[((t + 1) * k) + j] / Scale[t + 1];
                    Beta[(t * k) + i] = after;
                }
            }
        }

        public int States { get; }

        public int Times { get; }

        public double LogMarginal { get; }

        public double[] Omega { get; }

        public double[] Alpha { get; }

        public double[] Beta { get; }

        public double[] Scale { get; }

        public double Probability(int t, int state) => Alpha[(t * States) + state] * Beta[(t * States) + state];

        private static void CheckProbabilities(Workspace w, string name, string what, int offset, int stride, int n)
        {
            double sum = 0;
            for (int i = 0; i < n; i++)
            {
                double p = w.V[offset + (i * stride)];
                if (!(p >= 0)) Workspace.Reject($"{name}: {what} has the element {p}, but must hold probabilities");
                sum += p;
            }
            if (!(Math.Abs(sum - 1) <= 1e-8)) Workspace.Reject($"{name}: {what} sums to {sum}, but must sum to 1");
        }
    }
}
