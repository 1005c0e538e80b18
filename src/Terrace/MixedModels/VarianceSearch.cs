using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>
/// Minimises a criterion over relative covariance parameters (and, for a generalised model, fixed effects) so that optima on the boundary are found exactly.
/// </summary>
/// <remarks>
/// <para>The criterion is unchanged when a column of a T changes sign, so it is searched <em>unfolded</em>, without bounds: an optimum at zero is an ordinary stationary
/// point and no false stop at a bound can occur. Afterwards columns with a negative diagonal are turned round, diagonal entries near zero are tried at zero, and from every
/// zero the search is restarted if a step away lowers the criterion (Bates et al. 2015 keep bounds; lme4's restart_edge and boundary.tol have the same aims).</para>
/// <para>Check: ProfiledDevianceTests (singular fits, starts at zero).</para>
/// </remarks>
internal sealed class VarianceSearch
{
    private const double NearZero = 1e-3;
    private const double Indifference = 1e-7;
    private readonly RandomEffectsLayout _layout;
    private readonly Objective _criterion;
    private readonly int _maximumEvaluations;
    private readonly CancellationToken _cancellation;
    private readonly double[] _gradient;
    private Func<double[], Matrix?>? _curvature;

    public VarianceSearch(RandomEffectsLayout layout, Objective criterion, int parameters, int maximumEvaluations, CancellationToken cancellation)
    {
        _layout = layout;
        _criterion = criterion;
        _maximumEvaluations = maximumEvaluations;
        _cancellation = cancellation;
        _gradient = new double[parameters];
    }

    /// <summary>The Hessian at the start where it is known, instead of a guess at its diagonal.</summary>
    public Matrix? InitialHessian { get; init; }

    /// <summary>See <see cref="OptimizationOptions.RelativeReduction"/>.</summary>
    public double RelativeReduction { get; init; } = 1e-14;

    /// <summary>How often the criterion was evaluated.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Whether the last search met its conditions.</summary>
    public bool Converged { get; private set; }

    /// <summary>The largest component of the gradient at the optimum.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>The gradient at the optimum.</summary>
    public ReadOnlySpan<double> Gradient => _gradient;

    /// <summary>The quasi-Newton Hessian at the end of the last search.</summary>
    public Matrix? Hessian { get; private set; }

    /// <summary>The criterion at the optimum.</summary>
    public double Value { get; private set; }

    /// <summary>Searches from <paramref name="start"/>, with a guess at the diagonal of the Hessian there and, where it is known, the Hessian or something near it at any point.</summary>
    public double[] Minimize(double[] start, double[] hessianDiagonal, Func<double[], Matrix?>? curvature = null)
    {
        _curvature = curvature;
        double[] best = Search(start, hessianDiagonal);
        for (int restart = 0; restart < 3; restart++)
        {
            if (StepOffTheEdge(best) is not { } away) break;
            best = Search(away, hessianDiagonal);
        }
        GradientNorm = Norm(best);
        return best;
    }

    private double[] Search(double[] start, double[] hessianDiagonal)
    {
        var infinite = new double[start.Length];
        Array.Fill(infinite, double.PositiveInfinity);
        var options = new OptimizationOptions
        {
            MaximumEvaluations = _maximumEvaluations,
            InitialHessianDiagonal = hessianDiagonal,
            InitialHessian = InitialHessian,
            RelativeReduction = RelativeReduction,
            Curvature = _curvature,
        };
        var result = BoundedQuasiNewton.Minimize(_criterion, start, [.. infinite.Select(x => -x)], infinite, options, _cancellation);
        Evaluations += result.Evaluations;
        Converged = result.Converged;
        Hessian = result.Hessian;
        double[] point = result.Point.ToArray();
        Fold(point);
        Value = Evaluate(point);
        TryZeros(point);
        return point;
    }

    /// <summary>Turns round every column of T whose diagonal is negative, or zero with a negative first entry below.</summary>
    private void Fold(double[] theta)
    {
        foreach (var term in _layout.Terms)
        {
            for (int c = 0; c < term.Width; c++)
            {
                if (theta[term.ThetaIndex(c, c)] >= 0) continue;
                for (int r = c; r < term.Width; r++) TurnRound(theta, term.ThetaIndex(r, c));
            }
        }
    }

    private void TurnRound(double[] theta, int k)
    {
        theta[k] = -theta[k];
        for (int i = 0; i < theta.Length && Hessian is not null; i++)
        {
            Hessian[i, k] = -Hessian[i, k];
            Hessian[k, i] = -Hessian[k, i];
        }
    }

    private void TryZeros(double[] theta)
    {
        foreach (int k in DiagonalNearZero(theta))
        {
            double kept = theta[k];
            if (kept == 0) continue;
            theta[k] = 0;
            double value = Evaluate(theta);
            if (value <= Value + Indifference) Value = Math.Min(value, Value);
            else theta[k] = kept;
        }
        Value = Evaluate(theta);
    }

    private double[]? StepOffTheEdge(double[] theta)
    {
        foreach (int k in DiagonalNearZero(theta))
        {
            foreach (double step in (ReadOnlySpan<double>)[0.02, 0.2])
            {
                double[] away = [.. theta];
                away[k] = step;
                if (Evaluate(away) < Value - 1e-6) return away;
            }
        }
        return null;
    }

    private IEnumerable<int> DiagonalNearZero(double[] theta) =>
        from term in _layout.Terms
        from j in Enumerable.Range(0, term.Width)
        let k = term.ThetaIndex(j, j)
        where theta[k] < NearZero
        select k;

    private double Evaluate(double[] theta)
    {
        Evaluations++;
        return _criterion(theta, _gradient);
    }

    private double Norm(double[] point)
    {
        Evaluate(point);
        double largest = 0;
        foreach (double g in _gradient) largest = Math.Max(largest, Math.Abs(g));
        return largest;
    }
}
