using Terrace.Inference.Sampling;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Bayes;

/// <summary>
/// The classical sampler of multilevel models: all coefficients in one block from their conditional normal distribution, then each parameter θ by slice sampling under the prior as it is stated; of binomial logit models
/// Pólya–Gamma variables first.
/// <code>
/// ω_i | x ~ PG(n_i, η_i)  (binomial logit)      x | θ, ω ~ N(H⁻¹r, H⁻¹),  H = M'WM + P + Q(θ),  W = w/σ² or ω      θ_j | x, θ_−j  by slices
/// </code>
/// Gelman and Hill (2007), chapter 18, and Gelman, Van Dyk, Huang and Boscardin (2008) for the blocks; Polson, Scott and Windle (2013) for ω; Neal (2003), Slice sampling, section 4 (stepping out and shrinkage). A Markov
/// transition without a log density of its own. Checked in <c>GibbsTests</c> (the same posteriors as by Hamiltonian sampling).
/// </summary>
internal sealed class GibbsTransition : IMarkovTransition
{
    private const double Width = 1;
    private const int MostSteps = 50;
    private readonly BayesianModel _model;
    private readonly ModelStructure _structure;
    private readonly ResponseModel _responses;
    private readonly PredictorEvaluator _predictor;
    private readonly CoefficientInformation _information;
    private readonly bool _isLogit;
    private readonly Matrix _priorPrecision;
    private readonly double[] _priorLinear;
    private readonly ParameterState _state;
    private readonly BlockPrior[] _groups;
    private readonly double[][] _unused;
    private readonly double[] _theta;
    private readonly double[] _x;
    private readonly double[] _right;
    private readonly double[] _effects;
    private readonly Matrix _h;
    private readonly double[][] _eta;
    private readonly double[][] _score;
    private readonly double[] _weight;
    private readonly int[] _trials = [];
    private readonly double[] _kappa = [];

    public GibbsTransition(BayesianModel model)
    {
        (_model, _structure, _responses) = (model, model.Structure, model.CreateResponses());
        PredictorDesign design = _structure.Predictors[0];
        int cells = _structure.Cells, n = _structure.CoefficientCount;
        _predictor = new PredictorEvaluator(design, _structure.Terms);
        _information = new CoefficientInformation(_structure);
        _isLogit = model.Name == "binomial";
        (_priorPrecision, _priorLinear) = QuadraticPrior.Of(_structure, new double[n]);
        _state = new ParameterState(_structure);
        _groups = [.. _structure.Blocks.Select(BlockPrior.Of)];
        _unused = [.. _structure.Blocks.Select(block => new double[block.Width * block.Width])];
        (_theta, _x, _right, _h) = (new double[_structure.ParameterCount], new double[n], new double[n], new Matrix(n, n));
        _effects = new double[_structure.Map.Effects];
        (_eta, _score, _weight) = ([new double[cells]], [new double[cells]], new double[cells]);
        if (!_isLogit) return;
        // At η = 0 the score of a cell is its successes less half its trials, and its information a quarter of them.
        _responses.TryInformation(_eta, [], _weight);
        _trials = [.. _weight.Select(information => (int)Math.Round(4 * information))];
        _responses.Evaluate(_eta, [], _score, []);
        _kappa = [.. _score[0]];
    }

    /// <summary>Why a model cannot be sampled so; null where it can.</summary>
    public static string? Obstacle(BayesianModel model) => model switch
    {
        { PriorOnly: true } => "without the data there is nothing to condition on",
        { Structure.Predictors.Count: > 1 } => "it has several linear predictors",
        _ when !(model.Name == "gaussian" && model.CreateResponses() is GaussianResponses) && !(model.Name == "binomial" && model.Link == Families.Link.Logit) => "it is for gaussian models with the identity link and binomial ones with the logit link",
        { Structure.IsShrunken: true } => "its coefficients have a shrinkage prior, whose scales it does not draw",
        _ when !QuadraticPrior.IsExact(model.Structure) => "coefficients must have normal or flat priors",
        { Structure.CoefficientCount: > 4000 } => "there are too many coefficients to be drawn in one block",
        _ => null,
    };

    public void Initialise(Rng rng)
    {
        for (int i = 0; i < _theta.Length; i++) _theta[i] = 0.5 * rng.NextNormal() - (i < _structure.AuxiliaryStart ? 1 : 0);
        Array.Clear(_x);
        if (_structure.Predictors[0].HasIntercept) _x[0] = _structure.Scale.Location;
        if (!double.IsFinite(Density())) throw new SamplingException("The starting values have no density; give stronger priors.");
    }

    public TransitionStatistics Step(int iteration, Rng rng)
    {
        DrawCoefficients(rng);
        double density = Density();
        for (int i = 0; i < _theta.Length; i++) density = Slice(i, density, rng);
        return new TransitionStatistics(density, 1, 0, 0, 0, false, double.NaN);
    }

    public void WriteDraw(Rng rng, Span<double> draw)
    {
        _state.Set(_theta, true);
        _model.DrawLayout.Write(_x, _state, draw);
    }

    public void Save(BinaryWriter writer)
    {
        foreach (double value in _theta) writer.Write(value);
        foreach (double value in _x) writer.Write(value);
    }

    public void Load(BinaryReader reader)
    {
        for (int i = 0; i < _theta.Length; i++) _theta[i] = reader.ReadDouble();
        for (int i = 0; i < _x.Length; i++) _x[i] = reader.ReadDouble();
    }

    /// <summary>x from its conditional normal distribution, after ω where there is one.</summary>
    private void DrawCoefficients(Rng rng)
    {
        _state.Set(_theta, true);
        double[] offset = _structure.Predictors[0].Offset, score = _score[0];
        if (_isLogit)
        {
            Predict();
            for (int i = 0; i < _weight.Length; i++)
            {
                _weight[i] = PolyaGamma.Draw(_trials[i], _eta[0][i], rng);
                score[i] = _kappa[i] - _weight[i] * offset[i];
            }
        }
        else
        {
            offset.CopyTo(_eta[0], 0);
            _responses.Evaluate(_eta, _state.Auxiliary.Psi, _score, _state.ByPsi);
            _responses.TryInformation(_eta, _state.Auxiliary.Psi, _weight);
        }
        if (_structure.Map.IsIdentity) _predictor.Scatter(score, _right);
        else
        {
            _predictor.Scatter(score, _effects);
            _structure.Map.Back(_effects, _right);
        }
        for (int j = 0; j < _priorLinear.Length; j++) _right[j] += _priorLinear[j];
        _information.Compute(_weight, _h);
        for (int j = 0; j < _priorPrecision.Columns; j++)
            for (int i = j; i < _priorPrecision.Rows; i++) _h[i, j] += _priorPrecision[i, j];
        for (int k = 0; k < _groups.Length; k++)
        {
            CoefficientBlock block = _structure.Blocks[k];
            _groups[k].Set(_state.Factors[k], _state.Parameter(block));
            _groups[k].AddPrecision(_h, block.Start, block.Count);
        }
        if (!Cholesky.TryFactor(_h)) throw new SamplingException("The precision of the coefficients is not positive definite: coefficients are not determined. Give them proper priors.");
        Cholesky.SolveLower(_h, _right);
        for (int i = 0; i < _right.Length; i++) _right[i] += rng.NextNormal();
        Cholesky.SolveLowerTransposed(_h, _right);
        _right.CopyTo(_x, 0);
        Predict();
    }

    /// <summary>η of x.</summary>
    private void Predict()
    {
        if (!_structure.Map.IsIdentity) _structure.Map.ToEffects(_x, _effects);
        _predictor.Predict(_structure.Map.IsIdentity ? _x : _effects, _eta[0]);
    }

    /// <summary>log p(y | x, θ) + log p(x | θ) + log p(θ), on the coordinates of θ; η must be that of x.</summary>
    private double Density()
    {
        double sum = _state.Set(_theta, true);
        if (!double.IsFinite(sum)) return double.NegativeInfinity;
        for (int k = 0; k < _groups.Length; k++)
        {
            CoefficientBlock block = _structure.Blocks[k];
            _groups[k].Set(_state.Factors[k], _state.Parameter(block));
            sum += _groups[k].Add(_state.Factors[k], _x.AsSpan(block.Start, block.Count), _right.AsSpan(block.Start, block.Count), _unused[k], ref _state.ByParameter(block));
        }
        sum += _responses.Evaluate(_eta, _state.Auxiliary.Psi, _score, _state.ByPsi);
        return double.IsFinite(sum) ? sum : double.NegativeInfinity;
    }

    /// <summary>Moves θ_i along its slice; gives the density there.</summary>
    private double Slice(int i, double density, Rng rng)
    {
        double at = _theta[i], height = density - rng.NextExponential(), left = at - Width * rng.NextDouble(), right = left + Width;
        double At(double value)
        {
            _theta[i] = value;
            return Density();
        }
        int steps = (int)(MostSteps * rng.NextDouble());
        for (int k = steps; k > 0 && At(left) > height; k--) left -= Width;
        for (int k = MostSteps - 1 - steps; k > 0 && At(right) > height; k--) right += Width;
        while (true)
        {
            double candidate = left + rng.NextDouble() * (right - left), value = At(candidate);
            if (value > height) return value;
            if (candidate < at) left = candidate;
            else right = candidate;
            if (right - left < 1e-300) return At(at);
        }
    }
}
