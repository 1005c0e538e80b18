using Terrace.Inference.Posterior;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>Independent draws of all parameters of a mixed model. Each draw has its variance parameters, fixed effects and random effects.</summary>
/// <remarks>Made by <see cref="VarianceParameterSampler"/> (sampling/importance resampling, Rubin 1988). Check: VarianceParameterSamplerTests.</remarks>
public sealed class MixedModelDraws
{
    private readonly MixedModelFit _fit;
    private readonly double[] _theta;
    private readonly double[] _sigma;
    private readonly double[] _beta;
    private readonly double[] _b;

    internal MixedModelDraws(MixedModelFit fit, int count, double effectiveSampleSize, int proposals, IReadOnlyList<ModelWarning> warnings)
    {
        _fit = fit;
        Count = count;
        EffectiveSampleSize = effectiveSampleSize;
        Proposals = proposals;
        Warnings = warnings;
        _theta = new double[count * fit.Theta.Length];
        _sigma = new double[count];
        _beta = new double[count * fit.Beta.Length];
        _b = new double[checked(count * fit.Joint.RandomEffects)];
    }

    /// <summary>The number of draws.</summary>
    public int Count { get; }

    /// <summary>The effective sample size of the variance parameters: how many independent draws the weighted proposals are worth.</summary>
    public double EffectiveSampleSize { get; }

    /// <summary>How many variance parameters were proposed.</summary>
    public int Proposals { get; }

    /// <summary>Groups with so few levels that their standard deviation is hardly known.</summary>
    public IReadOnlyList<ModelWarning> Warnings { get; }

    /// <summary>θ of a draw.</summary>
    public ReadOnlySpan<double> Theta(int draw) => _theta.AsSpan(draw * _fit.Theta.Length, _fit.Theta.Length);

    /// <summary>σ of a draw (1 where the family has none).</summary>
    public double Sigma(int draw) => _sigma[draw];

    /// <summary>β of a draw, one for each column of the model matrix, NaN where aliased.</summary>
    public ReadOnlySpan<double> FixedEffects(int draw) => _beta.AsSpan(draw * _fit.Beta.Length, _fit.Beta.Length);

    /// <summary>One random effect of a draw.</summary>
    public double RandomEffect(int draw, RandomTermFit term, int level, int component) => _b[draw * _fit.Joint.RandomEffects + term.Layout.Index(level, component)];

    /// <summary>Copies the effects of one level, one per covariate of the term.</summary>
    public void CopyRandomEffects(int draw, RandomTermFit term, int level, Span<double> destination) =>
        _b.AsSpan(draw * _fit.Joint.RandomEffects + term.Layout.Index(level, 0), term.Layout.Width).CopyTo(destination);

    /// <summary>The lower-triangular factor σT of a term's covariance in a draw: effects of a new level are this times standard normals.</summary>
    public Matrix CovarianceFactor(int draw, RandomTermFit term)
    {
        int k = term.Layout.Width;
        var factor = new Matrix(k, k);
        var theta = Theta(draw);
        for (int c = 0; c < k; c++)
        {
            for (int r = c; r < k; r++) factor[r, c] = Sigma(draw) * theta[term.Layout.ThetaIndex(r, c)];
        }
        return factor;
    }

    /// <summary>The standard deviation of a covariate's effects in a draw.</summary>
    public double StandardDeviation(int draw, RandomTermFit term, int component)
    {
        double sum = 0;
        for (int c = 0; c <= component; c++) sum += Theta(draw)[term.Layout.ThetaIndex(component, c)] * Theta(draw)[term.Layout.ThetaIndex(component, c)];
        return Sigma(draw) * Math.Sqrt(sum);
    }

    /// <summary>The draws by name, as files and tables have them: <c>b[(Intercept)]</c>, <c>sd[county,(Intercept)]</c>, <c>r[county,AITKIN,(Intercept)]</c>, <c>sigma</c>.</summary>
    public Draws ToDraws()
    {
        var groups = Columns().Where(g => g.Elements.Count > 0).ToArray();
        var layout = new VariableLayout([.. groups.Select(g => g.Name == "sigma" ? new Variable("sigma") : new Variable(g.Name, [.. g.Elements.Select(e => e.Label)]))]);
        var columns = groups.SelectMany(g => g.Elements).ToArray();
        var values = new double[checked(columns.Length * Count)];
        for (int j = 0; j < columns.Length; j++)
        {
            for (int i = 0; i < Count; i++) values[j * Count + i] = columns[j].Value(i);
        }
        return new Draws(layout, 1, Count, values);
    }

    internal void Store(int draw, ReadOnlySpan<double> theta, double sigma, ReadOnlySpan<double> beta, ReadOnlySpan<double> b)
    {
        theta.CopyTo(_theta.AsSpan(draw * theta.Length));
        _sigma[draw] = sigma;
        beta.CopyTo(_beta.AsSpan(draw * beta.Length));
        b.CopyTo(_b.AsSpan(draw * b.Length));
    }

    private IEnumerable<(string Name, List<(string Label, Func<int, double> Value)> Elements)> Columns()
    {
        yield return ("b", [.. _fit.Estimated.Select(j => (_fit.FixedNames[j], (Func<int, double>)(i => FixedEffects(i)[j])))]);
        yield return ("sd", [.. from term in _fit.TermsInFormulaOrder
                               from c in Enumerable.Range(0, term.TermNames.Count)
                               select ($"{term.Group},{term.TermNames[c]}", (Func<int, double>)(i => StandardDeviation(i, term, c)))]);
        yield return ("cor", [.. Correlations()]);
        yield return ("sigma", _fit.Joint.SigmaIsEstimated ? [("", Sigma)] : []);
        yield return ("r", [.. Effects()]);
    }

    private IEnumerable<(string Label, Func<int, double> Value)> Correlations() =>
        from term in _fit.TermsInFormulaOrder
        from a in Enumerable.Range(0, term.TermNames.Count)
        from b in Enumerable.Range(a + 1, term.TermNames.Count - a - 1)
        select ($"{term.Group},{term.TermNames[a]},{term.TermNames[b]}", (Func<int, double>)(i => Correlation(i, term, a, b)));

    private double Correlation(int draw, RandomTermFit term, int a, int b)
    {
        var factor = CovarianceFactor(draw, term);
        double sum = 0;
        for (int c = 0; c <= a; c++) sum += factor[a, c] * factor[b, c];
        return sum / (StandardDeviation(draw, term, a) * StandardDeviation(draw, term, b));
    }

    private IEnumerable<(string Label, Func<int, double> Value)> Effects() =>
        from term in _fit.TermsInFormulaOrder
        from level in Enumerable.Range(0, term.Levels.Count)
        from component in Enumerable.Range(0, term.TermNames.Count)
        select ($"{term.Group},{term.Levels[level]},{term.TermNames[component]}", (Func<int, double>)(i => RandomEffect(i, term, level, component)));
}
