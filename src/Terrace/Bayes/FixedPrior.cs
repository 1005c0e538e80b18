namespace Terrace.Bayes;

/// <summary>The log prior of the fixed coefficients as a function of γ: priors are stated for the intercept at the predictors' means and for β = B γ. A workspace of one thread.</summary>
internal sealed class FixedPrior
{
    private readonly ModelStructure _structure;
    private readonly double[] _beta;
    private readonly bool[] _slopes;

    public FixedPrior(ModelStructure structure)
    {
        _structure = structure;
        _beta = new double[structure.FixedCount];
        // Flat priors have no density, and shrinkage priors theirs elsewhere.
        _slopes = [.. structure.Predictors.Select((predictor, p) => structure.Priors.Fixed[p].Skip(predictor.HasIntercept ? 1 : 0).Any(prior => prior is not (FlatPrior or ShrinkagePrior)))];
    }

    /// <summary>The log density; adds its derivatives to <paramref name="gradient"/>.</summary>
    public double Add(ReadOnlySpan<double> x, Span<double> gradient)
    {
        double sum = 0;
        for (int p = 0; p < _structure.Predictors.Count; p++)
        {
            PredictorDesign predictor = _structure.Predictors[p];
            IReadOnlyList<Prior> priors = _structure.Priors.Fixed[p];
            ReadOnlySpan<double> gamma = x.Slice(predictor.Start, predictor.Count);
            Span<double> own = gradient.Slice(predictor.Start, predictor.Count), beta = _beta.AsSpan(0, predictor.Count);
            int first = predictor.HasIntercept ? 1 : 0;
            if (first == 1)
            {
                PriorValue value = priors[0].Evaluate(gamma[0]);
                sum += value.LogDensity;
                own[0] += value.Slope;
            }
            if (!_slopes[p]) continue;
            predictor.Coefficients(gamma, beta);
            for (int i = first; i < beta.Length; i++)
            {
                if (priors[i] is FlatPrior or ShrinkagePrior) continue;
                PriorValue value = priors[i].Evaluate(beta[i]);
                sum += value.LogDensity;
                for (int j = i; j < beta.Length; j++) own[j] += predictor.Back[i, j] * value.Slope;
            }
        }
        return sum;
    }
}
