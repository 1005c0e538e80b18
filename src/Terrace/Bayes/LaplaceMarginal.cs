using Terrace.Inference.LogDensities;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.Bayes;

/// <summary>
/// The Laplace approximation of the marginal posterior of θ, and the <see cref="Whitening"/> at its mode.
/// <code>log p_L(θ) = log p(y | x̂, θ) + log p(x̂ | θ) + log p(θ) − ½ log |H(x̂, θ)|,  x̂ the mode of x given θ by Newton's method,  H = M'WM + P + Q(θ)</code>
/// Tierney and Kadane (1986), Accurate approximations for posterior moments and marginal densities, section 2; Rue, Martino and Chopin (2009), section 3. With W and x̂'s linear part frozen it is s(ζ) = log p(ξ = 0, ζ) in
/// the whitened coordinates of that W, whose exact gradient costs one evaluation; s is climbed, W taken anew, until the mode stays. The result is only a preconditioner. W is the observed information, negative values
/// taken as 0. Checked in <c>WhitenedDensityTests</c>.
/// </summary>
internal sealed class LaplaceMarginal
{
    private const int MostNewtonSteps = 50;
    private const int MostRounds = 4;
    private const double HessianStep = 0.1, LargestLog = 12, Settled = 0.05;

    private readonly BayesianModel _model;
    private readonly ModelStructure _structure;
    private readonly ResponseModel _responses;
    private readonly DesignLikelihood _likelihood;
    private readonly CoefficientInformation _information;
    private readonly ParameterState _state;
    private readonly FixedPrior _prior;
    private readonly BlockPrior[] _groups;
    private readonly double[][][] _weight;
    private readonly double[] _x;
    private readonly double[] _byX;
    private readonly double[] _step;
    private readonly Matrix _h;
    private readonly double[][] _unused;

    public LaplaceMarginal(BayesianModel model)
    {
        _model = model;
        _structure = model.Structure;
        _responses = model.CreateResponses();
        _likelihood = new DesignLikelihood(_structure, _responses);
        _information = new CoefficientInformation(_structure);
        _state = new ParameterState(_structure);
        _prior = new FixedPrior(_structure);
        _groups = [.. _structure.Blocks.Select(BlockPrior.Of)];
        _unused = [.. _structure.Blocks.Select(block => new double[block.Width * block.Width])];
        int n = _structure.CoefficientCount;
        _weight = [.. _structure.Predictors.Select(_ => _structure.Predictors.Select(_ => new double[_structure.Cells]).ToArray())];
        (_x, _byX, _step, _h) = (new double[n], new double[n], new double[n], new Matrix(n, n));
        if (_structure.Predictors[0].HasIntercept) _x[0] = _structure.Scale.Location;
    }

    /// <summary>The whitening at the mode; null where the search fails or the information is not there.</summary>
    public static Whitening? Find(BayesianModel model, CancellationToken cancellation)
    {
        if (model.PriorOnly || SamplerChoice.Obstacle(model) is not null) return null;
        return new LaplaceMarginal(model).Find(cancellation);
    }

    private Whitening? Find(CancellationToken cancellation)
    {
        int d = _structure.ParameterCount;
        var theta = new double[d];
        for (int k = 0; k < _structure.Terms.Count; k++)
            for (int j = 0; j < _structure.Terms[k].Width; j++) theta[_structure.CovarianceStart[k] + j] = -1;
        if (!double.IsFinite(Value(theta))) return null;
        Whitening whitening = At(theta, Matrix.Identity(d));
        for (int round = 0; round < MostRounds && d > 0; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] step = Climb(new WhitenedDensity(_model, whitening), cancellation);
            for (int i = 0; i < d; i++) theta[i] = Math.Clamp(theta[i] + step[i], -LargestLog, LargestLog);
            if (!double.IsFinite(Value(theta))) return null;
            whitening = At(theta, Matrix.Identity(d));
            if (step.Max(Math.Abs) < Settled) break;
        }
        return d == 0 ? whitening : At(theta, Spread(new WhitenedDensity(_model, whitening)));
    }

    /// <summary>ζ at the largest s(ζ) = log p(0, ζ).</summary>
    private double[] Climb(WhitenedDensity density, CancellationToken cancellation)
    {
        int d = _structure.ParameterCount;
        var bound = new double[d];
        Array.Fill(bound, LargestLog);
        var options = new OptimizationOptions { MaximumEvaluations = 60, RelativeReduction = 1e-8, GradientTolerance = 1e-2 };
        return [.. BoundedQuasiNewton.Minimize(Surrogate(density), new double[d], [.. bound.Select(b => -b)], bound, options, cancellation).Point];
    }

    /// <summary>−s and its gradient.</summary>
    private Objective Surrogate(WhitenedDensity density)
    {
        int n = _structure.CoefficientCount;
        double[] position = new double[density.Dimension], slopes = new double[density.Dimension];
        return (point, gradient) =>
        {
            point.CopyTo(position.AsSpan(n));
            DensityValue value = density.Evaluate(position, slopes);
            if (!value.IsAccepted) return double.PositiveInfinity;
            for (int i = 0; i < gradient.Length; i++) gradient[i] = -slopes[n + i];
            return -value.Value;
        };
    }

    /// <summary>The quadratic approximation at the conditional mode of θ.</summary>
    private Whitening At(double[] theta, Matrix scale)
    {
        int n = _structure.CoefficientCount;
        double[] psi = _state.Auxiliary.Psi, byPsi = new double[psi.Length], gradient = new double[n];
        _likelihood.Evaluate(_x, psi, gradient, byPsi);
        Weights(psi);
        var a = new Matrix(n, n);
        _information.Compute(_weight, a);
        var linear = new double[n];
        for (int j = 0; j < n; j++)
        {
            linear[j] += gradient[j] + a[j, j] * _x[j];
            for (int i = j + 1; i < n; i++)
            {
                linear[i] += a[i, j] * _x[j];
                linear[j] += a[i, j] * _x[i];
            }
        }
        (Matrix precision, double[] priorLinear) = QuadraticPrior.Of(_structure, _x);
        bool gaussian = _responses is GaussianResponses;
        return new Whitening(a, linear, precision, priorLinear, theta, scale, gaussian ? psi[0] : null);
    }

    /// <summary>log p_L at θ; −∞ where it cannot be computed. Leaves x̂ and the factor of H.</summary>
    private double Value(double[] theta)
    {
        double value = _state.Set(theta, true);
        for (int k = 0; k < _groups.Length; k++) _groups[k].Set(_state.Factors[k], _state.Parameter(_structure.Blocks[k]));
        double density = Density(_x);
        if (!double.IsFinite(density))
        {
            Array.Clear(_x);
            if (_structure.Predictors[0].HasIntercept) _x[0] = _structure.Scale.Location;
            density = Density(_x);
            if (!double.IsFinite(density)) return double.NegativeInfinity;
        }
        for (int iteration = 0; iteration < MostNewtonSteps; iteration++)
        {
            if (!Factor()) return double.NegativeInfinity;
            _byX.CopyTo(_step, 0);
            Cholesky.SolveLower(_h, _step);
            double decrement = ContiguousLoops.Dot(_step, _step);
            Cholesky.SolveLowerTransposed(_h, _step);
            double next = Advance(density);
            bool done = !(next > density) || decrement < 1e-10;
            density = Math.Max(next, density);
            if (done) break;
        }
        double half = 0;
        for (int i = 0; i < _h.Rows; i++) half += Math.Log(_h[i, i]);
        return value + density - half;
    }

    /// <summary>Moves x along the step, halved until the density rises; the density there.</summary>
    private double Advance(double density)
    {
        double[] from = [.. _x];
        for (double length = 1; length > 1e-6; length *= 0.5)
        {
            for (int i = 0; i < _x.Length; i++) _x[i] = from[i] + length * _step[i];
            double next = Density(_x);
            if (next >= density) return next;
        }
        from.CopyTo(_x, 0);
        return Density(_x);
    }

    /// <summary>log p(y | x) + log p(β) + log p(u | θ), and its gradient.</summary>
    private double Density(double[] x)
    {
        Array.Clear(_state.ByPsi);
        double value = _likelihood.Evaluate(x, _state.Auxiliary.Psi, _byX, _state.ByPsi);
        if (!double.IsFinite(value)) return double.NegativeInfinity;
        value += _prior.Add(x, _byX);
        for (int k = 0; k < _groups.Length; k++)
        {
            CoefficientBlock block = _structure.Blocks[k];
            value += _groups[k].Add(_state.Factors[k], x.AsSpan(block.Start, block.Count), _byX.AsSpan(block.Start, block.Count), _unused[k], ref _state.ByParameter(block));
        }
        return value;
    }

    private bool Factor()
    {
        if (!Weights(_state.Auxiliary.Psi)) return false;
        _information.Compute(_weight, _h);
        (Matrix precision, _) = QuadraticPrior.Of(_structure, _x);
        for (int j = 0; j < precision.Columns; j++)
            for (int i = j; i < precision.Rows; i++) _h[i, j] += precision[i, j];
        for (int k = 0; k < _groups.Length; k++) _groups[k].AddPrecision(_h, _structure.Blocks[k].Start, _structure.Blocks[k].Count);
        return Cholesky.TryFactor(_h);
    }

    private bool Weights(double[] psi)
    {
        _likelihood.Predict(_x);
        if (!_responses.TryJointInformation(_likelihood.Eta, psi, _weight)) return false;
        for (int k = 0; k < _weight.Length; k++)
        {
            for (int l = k; l < _weight.Length; l++)
                foreach (ref double weight in _weight[k][l].AsSpan()) weight = !double.IsFinite(weight) ? 0 : k == l ? Math.Max(weight, 0) : weight;
        }
        return true;
    }

    /// <summary>C with CC' the inverse of the negative Hessian of s at ζ = 0; where that is not positive definite, of its diagonal.</summary>
    private Matrix Spread(WhitenedDensity density)
    {
        int d = _structure.ParameterCount;
        Matrix hessian = GradientDifferences.SymmetricHessian(Surrogate(density), new double[d], [.. Enumerable.Repeat(HessianStep, d)]);
        var spread = new Matrix(d, d);
        for (int i = 0; i < d; i++) spread[i, i] = hessian[i, i] > 0.25 ? 1 / Math.Sqrt(hessian[i, i]) : 2;
        if (!Cholesky.TryFactor(hessian)) return spread;
        Matrix covariance = Cholesky.InverseFromFactor(hessian);
        for (int i = 0; i < d; i++)
            if (!(covariance[i, i] < 4)) return spread;
        return Cholesky.TryFactor(covariance) ? Lower(covariance) : spread;
    }

    private static Matrix Lower(Matrix factor)
    {
        for (int j = 0; j < factor.Columns; j++)
            for (int i = 0; i < j; i++) factor[i, j] = 0;
        return factor;
    }
}
