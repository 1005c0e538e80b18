using Terrace.Families;
using Terrace.Families.Densities;

namespace Terrace.DistributionalModels;

/// <summary>
/// −2 log density of all cells as a function of their conditional predictors η and of the coefficients δ of the other parameters, with the derivatives per cell, weighted. A workspace.
/// </summary>
internal sealed class ResponseLikelihood
{
    private readonly ResponseDensity _density;
    private readonly double[] _weight;
    private readonly double[] _delta;
    private readonly double[][] _psi;
    private bool _isPossible;
    private bool _isSet;

    public ResponseLikelihood(ResponseFamily family, DistributionalCells cells)
    {
        Family = family;
        Cells = cells;
        _weight = cells.Weight;
        Parameters = PredictorList(family, cells);
        _psi = [.. Parameters.Select(parameter => parameter.Values)];
        _density = family.Density(cells.Outcomes, cells.ZeroInflation is not null);
        Derivatives = new DensityDerivatives(cells.Count, Parameters.Length);
        _delta = new double[Parameters.Sum(parameter => parameter.Count)];
        Array.Fill(_delta, double.NaN);
    }

    public ResponseFamily Family { get; }

    public DistributionalCells Cells { get; }

    /// <summary>The parameters beside the mean, in the density's order.</summary>
    public ParameterPredictor[] Parameters { get; }

    /// <summary>The number of coefficients δ of all of them.</summary>
    public int Coefficients => _delta.Length;

    /// <summary>The derivatives of ℓ per cell times the cell's weight, at the last evaluation.</summary>
    public DensityDerivatives Derivatives { get; }

    /// <summary>Whether <see cref="ExpectedInformation"/> is known.</summary>
    public bool HasExpectedInformation => _density.HasExpectedInformation;

    /// <summary>Sets δ; false where the parameters are impossible.</summary>
    public bool SetParameters(ReadOnlySpan<double> delta)
    {
        if (_isSet && delta.SequenceEqual(_delta)) return _isPossible;
        _isSet = true;
        delta.CopyTo(_delta);
        int first = 0;
        foreach (ParameterPredictor parameter in Parameters)
        {
            parameter.Set(delta.Slice(first, parameter.Count));
            first += parameter.Count;
        }
        return _isPossible = _density.SetParameters(_psi);
    }

    /// <summary>−2 Σ w ℓ at η; infinite where it is not defined.</summary>
    public double Evaluate(ReadOnlySpan<double> eta, DensityDetail detail)
    {
        _density.Evaluate(eta, detail, Derivatives);
        double sum = 0;
        for (int i = 0; i < _weight.Length; i++)
        {
            if (_weight[i] != 0) sum += _weight[i] * Derivatives.Value[i];
        }
        Scale(Derivatives.First);
        Scale(Derivatives.Second);
        if (detail == DensityDetail.Gradient) ScaleRest();
        return double.IsFinite(sum) ? -2 * sum : double.PositiveInfinity;
    }

    /// <summary>The expected information of η per cell and its derivatives in η and in each ψ, weighted.</summary>
    public void ExpectedInformation(ReadOnlySpan<double> eta, double[] information, double[] slope, double[][] own)
    {
        _density.ExpectedInformation(eta, information, slope, own);
        Scale(information);
        Scale(slope);
        foreach (double[] column in own) Scale(column);
    }

    /// <summary>Adds Σ over the parameters of Q_k's_k into the gradient of δ; <paramref name="source"/> gives s_k.</summary>
    public void TransposedProducts(double[][] source, Span<double> gradient)
    {
        int first = 0;
        for (int k = 0; k < Parameters.Length; k++)
        {
            Parameters[k].TransposedProduct(source[k], gradient.Slice(first, Parameters[k].Count));
            first += Parameters[k].Count;
        }
    }

    private void ScaleRest()
    {
        Scale(Derivatives.Third);
        for (int k = 0; k < Parameters.Length; k++)
        {
            Scale(Derivatives.Own[k]);
            Scale(Derivatives.OwnFirst[k]);
            Scale(Derivatives.OwnSecond[k]);
        }
    }

    private void Scale(double[] column)
    {
        for (int i = 0; i < column.Length; i++) column[i] *= _weight[i];
    }

    private static ParameterPredictor[] PredictorList(ResponseFamily family, DistributionalCells cells)
    {
        var list = new List<ParameterPredictor>();
        for (int k = 0; k < family.ParameterNames.Count; k++)
        {
            list.Add(k == 0 && cells.Dispersion is { } design ? ParameterPredictor.Of(Component.Dispersion, design, cells.Weight)
                : ParameterPredictor.Constant(k == 0 ? Component.Dispersion : family.ParameterNames[k], cells.Weight));
        }
        for (int level = 0; level + 1 < cells.Outcomes.Levels.Count; level++)
            list.Add(ParameterPredictor.Constant($"{cells.Outcomes.Levels[level]}|{cells.Outcomes.Levels[level + 1]}", cells.Weight));
        if (cells.ZeroInflation is { } zero) list.Add(ParameterPredictor.Of(Component.ZeroInflation, zero, cells.Weight));
        else if (family.IsHurdle) list.Add(ParameterPredictor.Constant(Component.ZeroInflation, cells.Weight));
        return [.. list];
    }
}

/// <summary>The names of the parts of a model in documents.</summary>
internal static class Component
{
    public const string Conditional = "conditional";
    public const string Dispersion = "dispersion";
    public const string ZeroInflation = "zero-inflation";
}
