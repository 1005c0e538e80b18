using Terrace.Inference.LogDensities;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Bayes;

/// <summary>
/// The posterior of a model in non-centred coordinates: fixed coefficients in units of the responses' spread, standardised effects z with u = T z, and θ.
/// <code>log p = log p(y | γ, T z, ψ) + log p(β) + log N(z; 0, I) + log p(θ)</code>
/// Papaspiliopoulos, Roberts and Sköld (2007), A general framework for the parametrization of hierarchical models, section 2; Stan User's Guide, "Reparameterization". Checked by finite differences and
/// against a plain computation in <c>BayesianDensityTests</c>.
/// </summary>
internal sealed class NonCentredDensity : ILogDensity
{
    private static readonly Rejection Impossible = new("The likelihood is not defined here.");
    private readonly BayesianModel _model;
    private readonly ModelStructure _structure;
    private readonly CoefficientLikelihood? _likelihood;
    private readonly ParameterState _state;
    private readonly FixedPrior _prior;
    private readonly double[] _x;
    private readonly double[] _byX;
    private readonly Autoregression _autoregression = new();

    public NonCentredDensity(BayesianModel model)
    {
        _model = model;
        _structure = model.Structure;
        _likelihood = model.CreateLikelihood();
        _state = new ParameterState(_structure);
        _prior = new FixedPrior(_structure);
        _x = new double[_structure.CoefficientCount];
        _byX = new double[_structure.CoefficientCount];
    }

    public int Dimension => _structure.CoefficientCount + _structure.ParameterCount;

    public DensityValue Evaluate(ReadOnlySpan<double> position, Span<double> gradient, bool includeJacobian = true)
    {
        int coefficients = _structure.CoefficientCount;
        double value = _state.Set(position[coefficients..], includeJacobian);
        ToCoefficients(position);
        Array.Clear(_byX);
        Array.Clear(_state.ByPsi);
        if (_likelihood is not null) value += _likelihood.Evaluate(_x, _state.Auxiliary.Psi, _byX, _state.ByPsi);
        if (!double.IsFinite(value)) return DensityValue.Reject(Impossible);
        value += _prior.Add(_x, _byX);
        value += Fixed(position, gradient);
        value += Effects(position, gradient);
        _state.Gradient(gradient[coefficients..]);
        return new DensityValue(value);
    }

    public void WriteDraw(ReadOnlySpan<double> position, Rng rng, Span<double> draw)
    {
        _state.Set(position[_structure.CoefficientCount..], true);
        ToCoefficients(position);
        _model.DrawLayout.Write(_x, _state, draw);
    }

    public void Unconstrain(ReadOnlySpan<double> values, Span<double> position)
    {
        _model.DrawLayout.Read(values, _state, _x, position[_structure.CoefficientCount..]);
        _state.Set(position[_structure.CoefficientCount..], true);
        foreach (PredictorDesign predictor in _structure.Predictors)
        {
            (double location, double unit) = _model.Standard(predictor);
            for (int j = 0; j < predictor.Count; j++) position[predictor.Start + j] = (_x[predictor.Start + j] - (j == 0 && predictor.HasIntercept ? location : 0)) / unit;
            _state.Shrinkage[predictor.Predictor]?.FromCoefficients(_x.AsSpan(predictor.Start, predictor.Count), unit, position.Slice(predictor.Start, predictor.Count));
        }
        for (int b = 0; b < _structure.Blocks.Count; b++) Standardise(_structure.Blocks[b], _state.Factors[b], position);
    }

    private void ToCoefficients(ReadOnlySpan<double> position)
    {
        foreach (PredictorDesign predictor in _structure.Predictors)
        {
            (double location, double unit) = _model.Standard(predictor);
            for (int j = 0; j < predictor.Count; j++) _x[predictor.Start + j] = (j == 0 && predictor.HasIntercept ? location : 0) + unit * position[predictor.Start + j];
            _state.Shrinkage[predictor.Predictor]?.ToCoefficients(position.Slice(predictor.Start, predictor.Count), unit, _x.AsSpan(predictor.Start, predictor.Count));
        }
        for (int b = 0; b < _structure.Blocks.Count; b++)
        {
            CoefficientBlock block = _structure.Blocks[b];
            ReadOnlySpan<double> z = position.Slice(block.Start, block.Count);
            Span<double> w = _x.AsSpan(block.Start, block.Count);
            if (block.IsAutoregressive) Autoregressive(b).Apply(z, w);
            else Multiply(_state.Factors[b], block.Width, z, w);
        }
    }

    /// <summary>The derivatives in the coordinates of fixed coefficients; returns the log density of those that are shrunk.</summary>
    private double Fixed(ReadOnlySpan<double> position, Span<double> gradient)
    {
        double sum = 0;
        foreach (PredictorDesign predictor in _structure.Predictors)
        {
            double unit = _model.Standard(predictor).Unit;
            Span<double> own = gradient.Slice(predictor.Start, predictor.Count);
            ReadOnlySpan<double> byGamma = _byX.AsSpan(predictor.Start, predictor.Count);
            for (int j = 0; j < own.Length; j++) own[j] = unit * byGamma[j];
            if (_state.Shrinkage[predictor.Predictor] is { } shrunken) sum += shrunken.Gradient(position.Slice(predictor.Start, predictor.Count), byGamma, own);
        }
        return sum;
    }

    private double Effects(ReadOnlySpan<double> position, Span<double> gradient)
    {
        double squares = 0;
        int count = 0;
        for (int b = 0; b < _structure.Blocks.Count; b++)
        {
            CoefficientBlock block = _structure.Blocks[b];
            ReadOnlySpan<double> z = position.Slice(block.Start, block.Count), byW = _byX.AsSpan(block.Start, block.Count);
            Span<double> own = gradient.Slice(block.Start, block.Count);
            squares += block.IsAutoregressive ? Autoregressive(b, z, byW, own) : Back(_state.Factors[b], block.Width, z, byW, own, _state.ByFactor[b]);
            count += block.Count;
        }
        return -0.5 * (squares + count * Math.Log(2 * Math.PI));
    }

    private Autoregression Autoregressive(int b)
    {
        _autoregression.Set(_state.Factors[b], _state.Parameter(_structure.Blocks[b]));
        return _autoregression;
    }

    /// <summary>The gradient of an autoregressive block less z; returns Σ z².</summary>
    private double Autoregressive(int b, ReadOnlySpan<double> z, ReadOnlySpan<double> byW, Span<double> gradient)
    {
        CoefficientBlock block = _structure.Blocks[b];
        Autoregressive(b).Back(z, _x.AsSpan(block.Start, block.Count), byW, gradient, _state.ByFactor[b], ref _state.ByPsi[block.Parameter]);
        double squares = 0;
        for (int t = 0; t < z.Length; t++)
        {
            gradient[t] -= z[t];
            squares += z[t] * z[t];
        }
        return squares;
    }

    /// <summary>u = T z, level by level.</summary>
    private static void Multiply(double[] triangle, int width, ReadOnlySpan<double> z, Span<double> u)
    {
        if (width == 1)
        {
            double sd = triangle[0];
            for (int i = 0; i < u.Length; i++) u[i] = sd * z[i];
            return;
        }
        for (int start = 0; start < u.Length; start += width)
        {
            for (int i = 0; i < width; i++)
            {
                double sum = 0;
                for (int j = 0; j <= i; j++) sum += triangle[i * width + j] * z[start + j];
                u[start + i] = sum;
            }
        }
    }

    /// <summary>T'·byU − z into the gradient and Σ byU z' into the derivatives in T; returns Σ z².</summary>
    private static double Back(double[] triangle, int width, ReadOnlySpan<double> z, ReadOnlySpan<double> byU, Span<double> gradient, double[] byTriangle)
    {
        double squares = 0;
        Array.Clear(byTriangle);
        for (int start = 0; start < z.Length; start += width)
        {
            for (int j = 0; j < width; j++)
            {
                double own = z[start + j], sum = -own;
                for (int i = j; i < width; i++)
                {
                    sum += triangle[i * width + j] * byU[start + i];
                    byTriangle[i * width + j] += byU[start + i] * own;
                }
                gradient[start + j] = sum;
                squares += own * own;
            }
        }
        return squares;
    }

    private void Standardise(CoefficientBlock block, double[] triangle, Span<double> position)
    {
        int width = block.Width;
        if (block.IsAutoregressive)
        {
            _autoregression.Set(triangle, _state.Parameter(block));
            _autoregression.Standardise(_x.AsSpan(block.Start, block.Count), position.Slice(block.Start, block.Count));
            return;
        }
        for (int start = 0; start < block.Count; start += width)
        {
            for (int i = 0; i < width; i++)
            {
                double sum = _x[block.Start + start + i];
                for (int j = 0; j < i; j++) sum -= triangle[i * width + j] * position[block.Start + start + j];
                position[block.Start + start + i] = sum / triangle[i * width + i];
            }
        }
    }
}
