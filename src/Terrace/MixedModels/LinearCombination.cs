namespace Terrace.MixedModels;

/// <summary>A linear combination of the fixed effects and random effects of a fit, such as the linear predictor of a row. Not shared between threads while it changes.</summary>
public sealed class LinearCombination
{
    private readonly JointPrecision _joint;
    private readonly double[] _own;

    internal LinearCombination(JointPrecision joint)
    {
        _joint = joint;
        Weights = new double[joint.Layout.Columns + joint.Basis.Rank];
        _own = new double[joint.Basis.Rank];
    }

    /// <summary>The weights of b and of the basis coefficients γ, since x'β = (R⁻'x)'γ.</summary>
    internal double[] Weights { get; }

    /// <summary>Sets all weights to 0.</summary>
    public void Clear() => Array.Clear(Weights);

    /// <summary>Adds x'β; <paramref name="x"/> has a value for each column of the model matrix, and those of aliased columns do not count.</summary>
    public void AddFixed(ReadOnlySpan<double> x)
    {
        var basis = _joint.Basis;
        var gamma = Weights.AsSpan(_joint.Layout.Columns);
        for (int j = 0; j < basis.Rank; j++)
        {
            double sum = x[basis.Kept[j]];
            for (int i = 0; i < j; i++) sum -= basis.Factor[i, j] * _own[i];
            _own[j] = sum / basis.Factor[j, j];
            gamma[j] += _own[j];
        }
    }

    /// <summary>Adds <paramref name="weight"/> times the effect of a level of <paramref name="term"/> on its covariate <paramref name="component"/>.</summary>
    public void AddRandom(RandomTermFit term, int level, int component, double weight) => Weights[term.Layout.Index(level, component)] += weight;
}
