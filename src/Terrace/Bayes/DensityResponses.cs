using Terrace.Families.Densities;

namespace Terrace.Bayes;

/// <summary>
/// Responses of the families with parameters beside the mean, through the densities that maximum likelihood uses (<see cref="ResponseDensity"/>); each parameter is one number (a ψ) or has a linear predictor of
/// its own. Checked in <c>BayesianDensityTests</c>.
/// </summary>
internal sealed class DensityResponses : ResponseModel
{
    private readonly ResponseDensity _density;
    private readonly double[] _weight;
    private readonly int[] _predictorOf;
    private readonly double[][] _psi;
    private readonly DensityDerivatives _derivatives;

    /// <param name="density">The density of the cells' responses.</param>
    /// <param name="weight">The weight of each cell.</param>
    /// <param name="predictorOf">For each parameter of the density the index of its linear predictor, or −1 where it is one number; these take the ψ in order.</param>
    public DensityResponses(ResponseDensity density, double[] weight, int[] predictorOf)
    {
        _density = density;
        _weight = weight;
        _predictorOf = predictorOf;
        _psi = [.. predictorOf.Select(_ => new double[weight.Length])];
        _derivatives = new DensityDerivatives(weight.Length, predictorOf.Length);
    }

    public override double Evaluate(double[][] eta, ReadOnlySpan<double> psi, double[][] score, Span<double> psiScore)
    {
        if (!SetParameters(eta, psi)) return double.NegativeInfinity;
        _density.Evaluate(eta[0], DensityDetail.Gradient, _derivatives);
        double sum = 0;
        for (int i = 0; i < _weight.Length; i++)
        {
            sum += _weight[i] * _derivatives.Value[i];
            score[0][i] = _weight[i] * _derivatives.First[i];
        }
        for (int k = 0, scalar = 0; k < _predictorOf.Length; k++)
        {
            double[] own = _derivatives.Own[k];
            if (_predictorOf[k] < 0) psiScore[scalar++] = WeightedSum(own);
            else
                for (int i = 0; i < own.Length; i++) score[_predictorOf[k]][i] = _weight[i] * own[i];
        }
        return sum;
    }

    public override bool TryInformation(double[][] eta, ReadOnlySpan<double> psi, Span<double> information)
    {
        if (!SetParameters(eta, psi)) return false;
        _density.Evaluate(eta[0], DensityDetail.Modes, _derivatives);
        for (int i = 0; i < information.Length; i++) information[i] = -_weight[i] * _derivatives.Second[i];
        return true;
    }

    private bool SetParameters(double[][] eta, ReadOnlySpan<double> psi)
    {
        for (int k = 0, scalar = 0; k < _predictorOf.Length; k++)
        {
            if (_predictorOf[k] < 0) Array.Fill(_psi[k], psi[scalar++]);
            else eta[_predictorOf[k]].CopyTo(_psi[k], 0);
        }
        return _density.SetParameters(_psi);
    }

    private double WeightedSum(double[] values)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++) sum += _weight[i] * values[i];
        return sum;
    }
}
