namespace Terrace.Inference.Diagnostics;

/// <summary>
/// The energy Bayesian fraction of missing information of each chain, Σ (E_i − E_(i−1))²/Σ (E_i − Ē)²: below 0.3 the momenta do not carry the chain through the range of energies.
/// Betancourt (2016), Diagnosing suboptimal cotangent disintegrations in Hamiltonian Monte Carlo, section 3. Checked in <c>SamplingFindingsTests</c>.
/// </summary>
public static class Ebfmi
{
    /// <summary>One value for each chain; energies are given chain after chain. NaN where they are constant.</summary>
    public static double[] Of(IReadOnlyList<double> energy, int chains)
    {
        int n = energy.Count / chains;
        var result = new double[chains];
        for (int chain = 0; chain < chains; chain++)
        {
            double mean = 0, steps = 0, spread = 0;
            for (int i = 0; i < n; i++) mean += energy[chain * n + i] / n;
            for (int i = 0; i < n; i++)
            {
                double own = energy[chain * n + i];
                spread += (own - mean) * (own - mean);
                if (i > 0) steps += (own - energy[chain * n + i - 1]) * (own - energy[chain * n + i - 1]);
            }
            result[chain] = spread > 0 ? steps / spread : double.NaN;
        }
        return result;
    }
}
