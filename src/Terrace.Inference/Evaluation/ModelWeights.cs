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
        return Stacking([.. models.Select(model => (IReadOnlyList<double>)[.. model.Pointwise.Select(point => point.Elpd)])], [.. models[0].Pointwise.Select(point => (double)point.Multiplicity)]);
    }

    /// <summary>The stacking weights of models by the elpd of each row.</summary>
    /// <exception cref="ArgumentException">The models are of different numbers of rows.</exception>
    public static double[] Stacking(IReadOnlyList<IReadOnlyList<double>> elpd)
    {
        ArgumentNullException.ThrowIfNull(elpd);
        if (elpd.Count == 0 || elpd.Any(rows => rows.Count != elpd[0].Count)) throw new ArgumentException("Models can be compared only on the same observations; fit them to the same rows.");
        return Stacking(elpd, [.. Enumerable.Repeat(1.0, elpd[0].Count)]);
    }

    private static double[] Stacking(IReadOnlyList<IReadOnlyList<double>> elpd, double[] multiplicity)
    {
        int count = elpd.Count, n = multiplicity.Length;
        double total = multiplicity.Sum();
        var weights = new double[count];
        Array.Fill(weights, 1.0 / count);
        for (int iteration = 0; iteration < 100_000; iteration++)
        {
            var next = new double[count];
            for (int i = 0; i < n; i++)
            {
                double largest = double.NegativeInfinity, mixture = 0;
                for (int k = 0; k < count; k++) largest = Math.Max(largest, elpd[k][i]);
                for (int k = 0; k < count; k++) mixture += weights[k] * Math.Exp(elpd[k][i] - largest);
                for (int k = 0; k < count; k++) next[k] += multiplicity[i] * weights[k] * Math.Exp(elpd[k][i] - largest) / mixture / total;
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
