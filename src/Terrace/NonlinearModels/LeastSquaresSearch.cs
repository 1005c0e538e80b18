using Terrace.Numerics.LinearAlgebra;

namespace Terrace.NonlinearModels;

/// <summary>
/// Minimises S(φ) = Σ w (y − f(x; φ))² by Levenberg and Marquardt's damped Gauss–Newton steps: (J'WJ + λ D) δ = J'W(y − f), D = diag(J'WJ), λ lowered tenfold after a step
/// that lowers S and raised tenfold after one that does not.
/// </summary>
/// <remarks>
/// <para>Marquardt (1963), An algorithm for least-squares estimation of nonlinear parameters; Moré (1978). It ends when the relative offset √(g'(J'WJ)⁻¹g / S), g = J'W(y − f), of
/// Bates and Watts (1981), A relative offset orthogonality convergence criterion for nonlinear least squares, is below 1e-9 (R's nls: 1e-5) or S is nothing but rounding. Below 1e-6
/// S no longer shows whether a step helps; plain Gauss–Newton steps go on while the offset halves.</para>
/// <para>Symbols: J'WJ -> <c>_products</c>, scaled to a unit diagonal; D^½ -> <c>_scale</c>; g -> <c>_gradient</c>, scaled; λ -> <c>damping</c>.</para>
/// <para>Check: NonlinearLeastSquaresTests (R's nls on its own data sets).</para>
/// </remarks>
internal sealed class LeastSquaresSearch
{
    private const double Tolerance = 1e-9;
    private const double Tolerable = 1e-5;
    private const double Exact = 1e4;
    private const double Polishable = 1e-6;
    private const double LargestDamping = 1e14;
    private readonly NonlinearProblem _problem;
    private readonly Matrix _products;
    private readonly double[] _scale;
    private readonly double[] _gradient;
    private readonly double[] _trialMean;
    private readonly double _rounding;

    public LeastSquaresSearch(NonlinearProblem problem, double[] start)
    {
        _problem = problem;
        int k = start.Length;
        Parameters = [.. start];
        Mean = new double[problem.Count];
        Jacobian = new double[problem.Count * k];
        _products = new Matrix(k, k);
        _scale = new double[k];
        _gradient = new double[k];
        _trialMean = new double[problem.Count];
        for (int i = 0; i < problem.Count; i++) _rounding += 1e-28 * problem.Observations.Weight[i] * problem.Observations.Y[i] * problem.Observations.Y[i];
    }

    /// <summary>A parameter that stays at its start, or −1: its column of J counts as orthogonal to the others and its step is 0.</summary>
    public int Held { get; init; } = -1;

    /// <summary>φ: the best point found.</summary>
    public double[] Parameters { get; private set; }

    /// <summary>f at φ.</summary>
    public double[] Mean { get; }

    /// <summary>J at φ, cell by cell.</summary>
    public double[] Jacobian { get; }

    /// <summary>S at φ.</summary>
    public double Squares { get; private set; }

    /// <summary>How many steps were taken.</summary>
    public int Iterations { get; private set; }

    /// <summary>The relative offset at φ; infinite where J'WJ is singular.</summary>
    public double Offset { get; private set; } = double.PositiveInfinity;

    /// <summary>Whether the offset met the tolerance, or the residuals are 1e-12 of the response.</summary>
    public bool Converged { get; private set; }

    /// <summary>Searches; false if f is not finite at the start.</summary>
    public bool Run(int maximumIterations, CancellationToken cancellation)
    {
        if (!_problem.Evaluate(Parameters, Mean, Jacobian)) return false;
        Squares = _problem.ResidualSquares(Mean);
        double damping = 1e-3;
        while (Iterations < maximumIterations)
        {
            cancellation.ThrowIfCancellationRequested();
            Accumulate();
            Offset = RelativeOffset();
            if (Offset <= Tolerance || Squares <= _rounding)
            {
                Converged = true;
                return true;
            }
            if (Offset < Polishable ? !Polish() : !Advance(ref damping)) break;
            Iterations++;
        }
        Converged = Offset <= Tolerable || Squares <= Exact * _rounding;
        return true;
    }

    /// <summary>A plain Gauss–Newton step near the optimum, where S changes by less than its rounding; false where it no longer helps.</summary>
    private bool Polish()
    {
        double before = Offset, squares = Squares;
        double[] kept = Parameters;
        double[] step = Solve(0)!;
        Move([.. kept.Select((phi, a) => phi + step[a] / _scale[a])]);
        Accumulate();
        Offset = RelativeOffset();
        if (Offset < 0.5 * before && Squares <= squares * (1 + 1e-11)) return true;
        Move(kept);
        Offset = before;
        return false;
    }

    private bool Move(double[] parameters)
    {
        if (!_problem.Evaluate(parameters, Mean, Jacobian))
        {
            _problem.Evaluate(Parameters, Mean, Jacobian);
            return false;
        }
        Parameters = parameters;
        Squares = _problem.ResidualSquares(Mean);
        return true;
    }

    /// <summary>J'WJ and J'W(y − f), both scaled by D^-½.</summary>
    private void Accumulate()
    {
        int k = _scale.Length;
        Array.Clear(_products.Values);
        Array.Clear(_gradient);
        for (int i = 0; i < Mean.Length; i++)
        {
            ReadOnlySpan<double> row = Jacobian.AsSpan(i * k, k);
            double w = _problem.Observations.Weight[i], residual = _problem.Observations.Y[i] - Mean[i];
            for (int a = 0; a < k; a++)
            {
                _gradient[a] += w * row[a] * residual;
                for (int b = a; b < k; b++) _products[b, a] += w * row[a] * row[b];
            }
        }
        if (Held >= 0) Hold(Held);
        for (int a = 0; a < k; a++) _scale[a] = _products[a, a] > 0 ? Math.Sqrt(_products[a, a]) : 1;
        for (int a = 0; a < k; a++)
        {
            _gradient[a] /= _scale[a];
            for (int b = a; b < k; b++) _products[b, a] /= _scale[a] * _scale[b];
        }
    }

    private void Hold(int held)
    {
        for (int a = 0; a < _scale.Length; a++) _products[Math.Max(a, held), Math.Min(a, held)] = 0;
        _products[held, held] = 1;
        _gradient[held] = 0;
    }

    private double RelativeOffset()
    {
        double[]? step = Solve(0);
        if (step is null || Squares <= 0) return double.PositiveInfinity;
        double sum = 0;
        for (int a = 0; a < step.Length; a++) sum += step[a] * _gradient[a];
        return Math.Sqrt(Math.Max(0, sum) / Squares);
    }

    private double[]? Solve(double damping)
    {
        Matrix damped = _products.Copy();
        for (int a = 0; a < damped.Rows; a++) damped[a, a] = _products[a, a] + damping * Math.Max(_products[a, a], 1e-8);
        if (!Cholesky.TryFactor(damped)) return null;
        double[] step = [.. _gradient];
        Cholesky.SolveLower(damped, step.AsSpan());
        Cholesky.SolveLowerTransposed(damped, step.AsSpan());
        return step;
    }

    /// <summary>Takes the first damped step that lowers S; false where none does.</summary>
    private bool Advance(ref double damping)
    {
        for (; damping <= LargestDamping; damping *= 10)
        {
            if (Solve(damping) is not { } step) continue;
            double[] trial = [.. Parameters.Select((phi, a) => phi + step[a] / _scale[a])];
            if (!_problem.Evaluate(trial, _trialMean, [])) continue;
            if (!(_problem.ResidualSquares(_trialMean) < Squares)) continue;
            if (!Move(trial)) continue;
            damping = Math.Max(damping / 10, 1e-12);
            return true;
        }
        damping = 1e-3;
        return false;
    }
}
