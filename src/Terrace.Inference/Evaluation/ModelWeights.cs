namespace Terrace.Inference.Evaluation;

/// <summary>
/// Compares models of the same observations by their pointwise predictive densities: differences with standard errors, and weights for averaging predictions.
/// <code>
/// difference d = Σ (elpd_ai − elpd_bi), standard error √(n var)
/// stacking: w maximises Σ log Σ_k w_k e^(elpd_ki) on the simplex     pseudo-BMA: w_k ∝ e^(elpd_k)
/// </code>
/// Vehtari, Gelman and Gabry (2017), section 5; Yao, Vehtari, Simpson and Gelman (2018), Using stacking to average Bayesian predictive distributions, sections 3.1 and 3.4. Checked in <c>LooReferenceTests</c>.
/// </summary>
public static class ModelWeights
{
    /// <summary>elpd of <paramref name="a"/> less that of <paramref name="b"/>, with its standard error.</summary>
    /// <exception cref="ArgumentException">The models are of different observations.</exception>
    public static (double Difference, double StandardError) Compare(Loo a, Loo b)
    {
        RequireSame([a, b]);
        double[] differences = [.. a.Pointwise.Zip(b.Pointwise, (x, y) => x.Elpd - y.Elpd)];
        double difference = a.Elpd - b.Elpd, mean = difference / a.Count, squares = 0;
        for (int i = 0; i < differences.Length; i++) squares += a.Pointwise[i].Multiplicity * (differences[i] - mean) * (differences[i] - mean);
        return (difference, Math.Sqrt(a.Count * squares / (a.Count - 1)));
    }

    /// <summary>The stacking weights, by the multiplicative fixed point of expectation maximisation, whose every step raises the score and keeps the weights on the simplex.</summary>
    /// <exception cref="ArgumentException">The models are of different observations.</exception>
    public static double[] Stacking(IReadOnlyList<Loo> models)
    {
        RequireSame(models);
        int count = models.Count, n = models[0].Pointwise.Count;
        var weights = new double[count];
        Array.Fill(weights, 1.0 / count);
        for (int iteration = 0; iteration < 100_000; iteration++)
        {
            var next = new double[count];
            for (int i = 0; i < n; i++)
            {
                double largest = models.Max(m => m.Pointwise[i].Elpd), total = 0;
                for (int k = 0; k < count; k++) total += weights[k] * Math.Exp(models[k].Pointwise[i].Elpd - largest);
                for (int k = 0; k < count; k++) next[k] += models[0].Pointwise[i].Multiplicity * weights[k] * Math.Exp(models[k].Pointwise[i].Elpd - largest) / total / models[0].Count;
            }
            double change = next.Zip(weights, (x, y) => Math.Abs(x - y)).Max();
            weights = next;
            if (change < 1e-12) break;
        }
        return weights;
    }

    /// <summary>The pseudo-BMA weights.</summary>
    /// <exception cref="ArgumentException">The models are of different observations.</exception>
    public static double[] PseudoBma(IReadOnlyList<Loo> models)
    {
        RequireSame(models);
        double largest = models.Max(model => model.Elpd), total = models.Sum(model => Math.Exp(model.Elpd - largest));
        return [.. models.Select(model => Math.Exp(model.Elpd - largest) / total)];
    }

    private static void RequireSame(IReadOnlyList<Loo> models)
    {
        if (models.Count == 0) throw new ArgumentException("There are no models to compare.");
        foreach (Loo model in models)
        {
            if (!model.Pointwise.Select(point => point.Multiplicity).SequenceEqual(models[0].Pointwise.Select(point => point.Multiplicity)))
                throw new ArgumentException("Models can be compared only on the same observations; fit them to the same rows.");
        }
    }
}
