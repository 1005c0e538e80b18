namespace Terrace.Bayes;

/// <summary>
/// Unordered categories 0 … K with one linear predictor for each but the first (multinomial logit): P(y = k) = e^(η_k) / (1 + Σ e^(η_m)), η₀ = 0.
/// McCullagh and Nelder (1989), section 5.2.4. Checked in <c>BayesianDensityTests</c>.
/// </summary>
/// <param name="category">The category of each cell's response.</param>
/// <param name="weight">The weight of each cell.</param>
internal sealed class CategoricalResponses(double[] category, double[] weight) : ResponseModel
{
    public override double Evaluate(double[][] eta, ReadOnlySpan<double> psi, double[][] score, Span<double> psiScore)
    {
        double total = 0;
        for (int i = 0; i < category.Length; i++)
        {
            double largest = 0, sum = 0;
            for (int k = 0; k < eta.Length; k++) largest = Math.Max(largest, eta[k][i]);
            for (int k = 0; k < eta.Length; k++) sum += score[k][i] = Math.Exp(eta[k][i] - largest);
            sum += Math.Exp(-largest);
            for (int k = 0; k < eta.Length; k++) score[k][i] *= -weight[i] / sum;
            int own = (int)category[i] - 1;
            if (own >= 0) score[own][i] += weight[i];
            total += weight[i] * ((own < 0 ? 0 : eta[own][i]) - largest - Math.Log(sum));
        }
        return total;
    }

    /// <summary>w p_k (1 − p_k) and −w p_k p_l: observed and expected information are the same.</summary>
    public override bool TryJointInformation(double[][] eta, ReadOnlySpan<double> psi, double[][][] information)
    {
        var probability = new double[eta.Length];
        for (int i = 0; i < category.Length; i++)
        {
            double largest = 0, sum = 0;
            for (int k = 0; k < eta.Length; k++) largest = Math.Max(largest, eta[k][i]);
            for (int k = 0; k < eta.Length; k++) sum += probability[k] = Math.Exp(eta[k][i] - largest);
            sum += Math.Exp(-largest);
            for (int k = 0; k < eta.Length; k++) probability[k] /= sum;
            for (int k = 0; k < eta.Length; k++)
                for (int l = k; l < eta.Length; l++) information[k][l][i] = weight[i] * probability[k] * (k == l ? 1 - probability[k] : -probability[l]);
        }
        return true;
    }
}
