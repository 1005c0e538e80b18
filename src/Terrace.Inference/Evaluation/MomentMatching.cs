using Terrace.Inference.Diagnostics;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Inference.Evaluation;

/// <summary>What moment matching needs of a posterior: its draws in unconstrained coordinates, and densities at other ones. Not shared between threads.</summary>
public interface IMatchedPosterior
{
    /// <summary>The number of coordinates.</summary>
    int Dimension { get; }

    /// <summary>The draws, coordinates × draws.</summary>
    Matrix Positions { get; }

    /// <summary>Writes the log posterior density of each column of <paramref name="positions"/> (−∞ where there is none) and the log likelihood of an observation there.</summary>
    void Evaluate(int observation, Matrix positions, Span<double> logDensity, Span<double> logLikelihood);
}

/// <summary>
/// Importance sampling of the posterior without one observation, whose draws are moved to where that posterior lies when importance ratios alone cannot be trusted: by shifting their mean, then their scales, then their whole covariance, each as long as the
/// Pareto k falls, and last with half of the draws moved and half not, whose mixture is the proposal.
/// <code>
/// θ' = Aθ + b,  ratio_s = p(θ'_s | y)/p(y_i | θ'_s) / p(A⁻¹(θ'_s − b) | y)
/// split: half of the draws moved by T, half as they are;  ratio = p(θ | y)/p(y_i | θ) / (p(θ | y) + p(T⁻¹θ | y)/|A|)
/// </code>
/// Paananen, Piironen, Bürkner and Vehtari (2021), Implicitly adaptive importance sampling, sections 2 and 3, algorithms 1 and 2. Checked in <c>MomentMatchingTests</c> against exact fits without the observation.
/// </summary>
public sealed class MomentMatching
{
    private const double Threshold = 0.7;
    private const int MostSteps = 30;
    private readonly IMatchedPosterior _posterior;
    private readonly int _observation;
    private readonly int _count;
    private readonly double[] _base;
    private readonly double _efficiency;
    private Matrix _positions;
    private Matrix _scale;
    private double[] _shift;
    private double[] _logDensity;
    private double[] _logLikelihood;
    private double[] _logWeights;
    private double _k;

    private MomentMatching(IMatchedPosterior posterior, int observation, double efficiency)
    {
        (_posterior, _observation, _efficiency) = (posterior, observation, efficiency);
        _positions = posterior.Positions;
        _count = _positions.Columns;
        (_logDensity, _logLikelihood) = (new double[_count], new double[_count]);
        posterior.Evaluate(observation, _positions, _logDensity, _logLikelihood);
        _base = [.. _logDensity];
        (_scale, _shift) = (Matrix.Identity(posterior.Dimension), new double[posterior.Dimension]);
        (_logWeights, _k) = Weights(_logDensity, _logLikelihood);
    }

    /// <summary>The elpd of an observation, and the k of the importance ratios that gave it.</summary>
    /// <param name="posterior">The posterior.</param>
    /// <param name="observation">The observation to leave out.</param>
    /// <param name="relativeEfficiency">How many independent draws one is worth.</param>
    /// <param name="cancellation">Ends the work early.</param>
    public static (double Elpd, double ParetoK) Elpd(IMatchedPosterior posterior, int observation, double relativeEfficiency = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        var matching = new MomentMatching(posterior, observation, relativeEfficiency);
        if (matching._k > Threshold) matching.Match(cancellation);
        return matching.Result();
    }

    private void Match(CancellationToken cancellation)
    {
        bool whole = _count > 10 * _posterior.Dimension;
        for (int step = 0; step < MostSteps && _k > Threshold; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!Try(Moments.Mean) && !Try(Moments.Scales) && !(whole && Try(Moments.Covariance))) break;
        }
    }

    /// <summary>Moves the draws so that they match moments of the weighted ones; keeps that where k falls.</summary>
    private bool Try(Moments moments)
    {
        (Matrix scale, double[] shift) = Transformation(moments);
        Matrix moved = Moved(_positions, scale, shift);
        double[] density = new double[_count], likelihood = new double[_count];
        _posterior.Evaluate(_observation, moved, density, likelihood);
        (double[] weights, double k) = Weights(density, likelihood);
        if (!(k < _k)) return false;
        (_positions, _logDensity, _logLikelihood, _logWeights, _k) = (moved, density, likelihood, weights, k);
        double[] all = Multiply(scale, _shift);
        for (int i = 0; i < all.Length; i++) all[i] += shift[i];
        (_scale, _shift) = (Gemm.Product(scale, false, _scale, false), all);
        return true;
    }

    private (double[] LogWeights, double K) Weights(double[] density, double[] likelihood)
    {
        var ratios = new double[_count];
        for (int s = 0; s < _count; s++)
        {
            double ratio = density[s] - likelihood[s] - _base[s];
            ratios[s] = double.IsNaN(ratio) ? double.NegativeInfinity : ratio;
        }
        if (!ratios.Any(double.IsFinite)) return (ratios, double.PositiveInfinity);
        double k = ParetoSmoothing.Smooth(ratios, _efficiency);
        return (ratios, k);
    }

    private enum Moments
    {
        Mean,
        Scales,
        Covariance,
    }

    /// <summary>θ' = A(θ − mean) + weighted mean, A = I, the ratios of standard deviations, or L_w L⁻¹.</summary>
    private (Matrix Scale, double[] Shift) Transformation(Moments moments)
    {
        int d = _posterior.Dimension;
        double[] equal = new double[_count], weights = [.. _logWeights.Select(Math.Exp)];
        Array.Fill(equal, 1.0 / _count);
        double[] mean = Mean(equal), target = Mean(weights);
        var scale = Matrix.Identity(d);
        if (moments != Moments.Mean)
        {
            Matrix own = Covariance(equal, mean), wanted = Covariance(weights, target);
            if (moments == Moments.Scales)
                for (int i = 0; i < d; i++) scale[i, i] = Math.Sqrt(wanted[i, i] / own[i, i]);
            else if (Cholesky.TryFactor(own) && Cholesky.TryFactor(wanted)) scale = Ratio(wanted, own);
        }
        double[] shift = Multiply(scale, mean);
        for (int i = 0; i < d; i++) shift[i] = target[i] - shift[i];
        return (scale, shift);
    }

    /// <summary>L_w L⁻¹ of two lower factors.</summary>
    private static Matrix Ratio(Matrix wanted, Matrix own)
    {
        Lower(wanted);
        Matrix inverse = Cholesky.TriangularInverse(own);
        Lower(inverse);
        return Gemm.Product(wanted, false, inverse, false);
    }

    private static void Lower(Matrix factor)
    {
        for (int j = 0; j < factor.Columns; j++) factor.Column(j)[..j].Clear();
    }

    private double[] Mean(double[] weights)
    {
        var mean = new double[_posterior.Dimension];
        for (int s = 0; s < _count; s++) ContiguousLoops.AddMultiple(weights[s], _positions.Column(s), mean);
        return mean;
    }

    private Matrix Covariance(double[] weights, double[] mean)
    {
        int d = mean.Length;
        var scaled = new Matrix(d, _count);
        for (int s = 0; s < _count; s++)
        {
            double root = Math.Sqrt(weights[s]);
            for (int i = 0; i < d; i++) scaled[i, s] = root * (_positions[i, s] - mean[i]);
        }
        return Gemm.Product(scaled, false, scaled, true);
    }

    private static Matrix Moved(Matrix positions, Matrix scale, double[] shift)
    {
        Matrix moved = Gemm.Product(scale, false, positions, false);
        for (int s = 0; s < moved.Columns; s++) ContiguousLoops.AddMultiple(1, shift, moved.Column(s));
        return moved;
    }

    private static double[] Multiply(Matrix a, double[] x)
    {
        var y = new double[a.Rows];
        for (int j = 0; j < a.Columns; j++) ContiguousLoops.AddMultiple(x[j], a.Column(j), y);
        return y;
    }

    /// <summary>log Σ w p(y_i | θ) with the weights so far; after a move with the mixture of moved and unmoved draws as proposal.</summary>
    private (double, double) Result()
    {
        if (IsUnmoved()) return (Expectation(_logWeights, _logLikelihood), _k);
        (double[] weights, double[] likelihood, double k) = Split();
        return (Expectation(weights, likelihood), k);
    }

    private bool IsUnmoved() => ReferenceEquals(_positions, _posterior.Positions);

    private static double Expectation(double[] logWeights, double[] logLikelihood)
    {
        double[] sums = [.. logWeights.Zip(logLikelihood, (w, l) => double.IsNegativeInfinity(w) ? w : w + l)];
        return LogSum.LogSumExp(sums);
    }

    /// <summary>The first half of the draws moved, the second not, weighted by the density of the mixture.</summary>
    private (double[] LogWeights, double[] LogLikelihood, double K) Split()
    {
        int half = _count / 2, d = _posterior.Dimension;
        Matrix original = _posterior.Positions;
        var positions = new Matrix(d, _count);
        for (int s = 0; s < _count; s++) (s < half ? _positions : original).Column(s).CopyTo(positions.Column(s));
        double[] density = new double[_count], likelihood = new double[_count], inverseDensity = new double[_count], unused = new double[_count], ratios = new double[_count];
        _posterior.Evaluate(_observation, positions, density, likelihood);
        (Matrix inverse, double logDeterminant) = Inverse();
        Matrix back = new(d, _count);
        for (int s = 0; s < _count; s++)
        {
            double[] centred = positions.Column(s).ToArray();
            for (int i = 0; i < d; i++) centred[i] -= _shift[i];
            Multiply(inverse, centred).CopyTo(back.Column(s));
        }
        _posterior.Evaluate(_observation, back, inverseDensity, unused);
        for (int s = 0; s < _count; s++)
        {
            double moved = inverseDensity[s] - logDeterminant, largest = Math.Max(density[s], moved);
            double mixture = largest + Math.Log(Math.Exp(density[s] - largest) + Math.Exp(moved - largest));
            double ratio = density[s] - likelihood[s] - mixture;
            ratios[s] = double.IsNaN(ratio) ? double.NegativeInfinity : ratio;
        }
        double k = ParetoSmoothing.Smooth(ratios, _efficiency);
        return (ratios, likelihood, k);
    }

    /// <summary>A⁻¹ column by column by elimination with pivoting, and log |A|.</summary>
    private (Matrix Inverse, double LogDeterminant) Inverse()
    {
        int d = _scale.Rows;
        Matrix work = _scale.Copy(), inverse = Matrix.Identity(d);
        double log = 0;
        for (int j = 0; j < d; j++)
        {
            int pivot = j;
            for (int i = j + 1; i < d; i++)
                if (Math.Abs(work[i, j]) > Math.Abs(work[pivot, j])) pivot = i;
            for (int c = 0; c < d && pivot != j; c++)
            {
                (work[j, c], work[pivot, c]) = (work[pivot, c], work[j, c]);
                (inverse[j, c], inverse[pivot, c]) = (inverse[pivot, c], inverse[j, c]);
            }
            double own = work[j, j];
            log += Math.Log(Math.Abs(own));
            for (int c = 0; c < d; c++)
            {
                work[j, c] /= own;
                inverse[j, c] /= own;
            }
            for (int i = 0; i < d; i++)
            {
                double factor = i == j ? 0 : work[i, j];
                if (factor == 0) continue;
                for (int c = 0; c < d; c++)
                {
                    work[i, c] -= factor * work[j, c];
                    inverse[i, c] -= factor * inverse[j, c];
                }
            }
        }
        return (inverse, log);
    }
}
