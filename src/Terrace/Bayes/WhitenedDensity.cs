using Terrace.Inference.LogDensities;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Bayes;

/// <summary>
/// The posterior of a model in conditionally whitened coordinates (ξ, ζ), in which it is near N(0, I): x = x̂(θ) + L(θ)⁻ᵀξ by <see cref="ConditionalGaussian"/>, θ = θ̂ + Cζ.
/// <code>log p(ξ, ζ) = log p(y | x, θ) + log p(x | θ) + log p(θ) − Σ log L_ii(θ)</code>
/// Exact for any approximation: it is a change of variables. Checked by finite differences and against the non-centred coordinates in <c>WhitenedDensityTests</c>.
/// </summary>
internal sealed class WhitenedDensity : ILogDensity
{
    private const double LargestLog = 30;
    private static readonly Rejection Impossible = new("The likelihood is not defined here."), TooFar = new("A standard deviation is beyond what can be computed with."), Indefinite = new("The precision of the coefficients is not positive definite.");
    private readonly BayesianModel _model;
    private readonly ModelStructure _structure;
    private readonly Whitening _whitening;
    private readonly CoefficientLikelihood? _likelihood;
    private readonly ParameterState _state;
    private readonly FixedPrior _prior;
    private readonly BlockPrior[] _groups;
    private readonly ConditionalGaussian _conditional;
    private readonly double[] _theta;
    private readonly double[] _x;
    private readonly double[] _byX;
    private readonly double[] _byTheta;

    public WhitenedDensity(BayesianModel model, Whitening whitening)
    {
        (_model, _structure, _whitening) = (model, model.Structure, whitening);
        _likelihood = model.CreateLikelihood();
        _state = new ParameterState(_structure);
        _prior = new FixedPrior(_structure);
        _groups = [.. _structure.Blocks.Select(BlockPrior.Of)];
        _conditional = new ConditionalGaussian(_structure, whitening, _groups);
        (_theta, _byTheta) = (new double[_structure.ParameterCount], new double[_structure.ParameterCount]);
        (_x, _byX) = (new double[_structure.CoefficientCount], new double[_structure.CoefficientCount]);
    }

    public int Dimension => _structure.CoefficientCount + _structure.ParameterCount;

    public DensityValue Evaluate(ReadOnlySpan<double> position, Span<double> gradient, bool includeJacobian = true)
    {
        int n = _structure.CoefficientCount;
        if (Locate(position, out double value, includeJacobian) is { } rejection) return DensityValue.Reject(rejection);
        Array.Clear(_byX);
        Array.Clear(_state.ByPsi);
        if (_likelihood is not null) value += _likelihood.Evaluate(_x, _state.Auxiliary.Psi, _byX, _state.ByPsi);
        if (!double.IsFinite(value)) return DensityValue.Reject(Impossible);
        value += _prior.Add(_x, _byX) - _conditional.HalfLogDeterminant;
        for (int k = 0; k < _groups.Length; k++)
        {
            CoefficientBlock block = _structure.Blocks[k];
            Array.Clear(_state.ByFactor[k]);
            value += _groups[k].Add(_state.Factors[k], _x.AsSpan(block.Start, block.Count), _byX.AsSpan(block.Start, block.Count), _state.ByFactor[k], ref _state.ByParameter(block));
        }
        _conditional.Gradient(_byX, position[..n], gradient[..n], _state);
        _state.Gradient(_byTheta);
        for (int j = 0; j < _theta.Length; j++)
        {
            double sum = 0;
            for (int i = j; i < _theta.Length; i++) sum += _whitening.Scale[i, j] * _byTheta[i];
            gradient[n + j] = sum;
        }
        return new DensityValue(value);
    }

    public void WriteDraw(ReadOnlySpan<double> position, Rng rng, Span<double> draw)
    {
        if (Locate(position, out _, true) is { } rejection) throw new InvalidOperationException(rejection.Reason);
        WriteHere(draw);
    }

    /// <summary>Writes the variables at the position evaluated last, which spares the factor.</summary>
    public void WriteHere(Span<double> draw) => _model.DrawLayout.Write(_x, _state, draw);

    public void Unconstrain(ReadOnlySpan<double> values, Span<double> position)
    {
        int n = _structure.CoefficientCount;
        _model.DrawLayout.Read(values, _state, _x, _theta);
        for (int i = 0; i < _theta.Length; i++)
        {
            double sum = _theta[i] - _whitening.Centre[i];
            for (int j = 0; j < i; j++) sum -= _whitening.Scale[i, j] * position[n + j];
            position[n + i] = sum / _whitening.Scale[i, i];
        }
        double[] x = [.. _x];
        if (Locate(position, out _, true) is { } rejection) throw new ArgumentException(rejection.Reason, nameof(values));
        _conditional.Whiten(x, position[..n]);
    }

    /// <summary>Sets θ, the conditional and x; gives the log prior of θ.</summary>
    private Rejection? Locate(ReadOnlySpan<double> position, out double logPrior, bool includeJacobian)
    {
        int n = _structure.CoefficientCount;
        logPrior = double.NegativeInfinity;
        for (int i = 0; i < _theta.Length; i++)
        {
            double sum = _whitening.Centre[i];
            for (int j = 0; j <= i; j++) sum += _whitening.Scale[i, j] * position[n + j];
            if (!(Math.Abs(sum) < LargestLog)) return TooFar;
            _theta[i] = sum;
        }
        logPrior = _state.Set(_theta, includeJacobian);
        for (int k = 0; k < _groups.Length; k++) _groups[k].Set(_state.Factors[k], _state.Parameter(_structure.Blocks[k]));
        if (!_conditional.Set(_state)) return Indefinite;
        _conditional.Position(position[..n], _x);
        return null;
    }
}
