using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>Measures gradient and Hessian at the end of a search on the scale of the standard errors: how <see cref="ConvergenceCheck"/> comes about.</summary>
/// <remarks>
/// <para>Parameters inside their range: Ĥ = DHD with D_k = 1/√max(H_kk, ε_k), ε_k the curvature at which a change of the parameter by its own size (at least 1) moves the deviance by 10⁻³. Eigenvalues λ of Ĥ below
/// −10⁻³ are downward; those below 10⁻⁸ count as 10⁻⁸ in H⁻¹, so that a flat direction needs a flat gradient.</para>
/// <para>A column of T that is zero throughout is a boundary: the criterion is even in it, so its gradient and its mixed derivatives vanish, and its own block of the Hessian is twice the slope in the variance, which must not
/// be negative. No parameter of it takes part in the Newton step.</para>
/// <para>Nocedal and Wright (2006), section 3.3; Self and Liang (1987) for one-sided conditions on the boundary. Symbols: D -> <c>scale</c>. Check: ConvergenceCheckTests (exact Hessians, saddles, boundaries).</para>
/// </remarks>
internal sealed class ConvergenceVerification
{
    private const double Downward = -1e-3;
    private const double Flat = 1e-8;
    private const double NoticeableFall = 1e-3;
    private readonly double[] _point;
    private readonly double[] _gradient;
    private readonly Matrix _hessian;
    private readonly string[] _names;
    private readonly bool[] _onBoundary;

    private ConvergenceVerification(RandomEffectsLayout layout, IReadOnlyList<string> fixedNames, double[] point, double[] gradient, Matrix hessian)
    {
        (_point, _gradient, _hessian) = (point, gradient, hessian);
        _names = [.. ParameterNames.Of(layout), .. fixedNames.Select(name => $"the fixed effect {name}")];
        _onBoundary = new bool[point.Length];
        foreach (var term in layout.Terms)
        {
            for (int c = 0; c < term.Width; c++) MarkZeroColumn(term, c);
        }
    }

    /// <summary>Judges the end of a search: by the quasi-Newton Hessian if that is <paramref name="enough"/> and raises no doubt, otherwise by differences of the gradient of <paramref name="criterion"/>.</summary>
    public static ConvergenceCheck Of(RandomEffectsLayout layout, double[] point, VarianceSearch search, Objective criterion, bool enough)
    {
        double[] gradient = [.. search.Gradient];
        if (enough && search.Converged && search.Hessian is { } approximate)
        {
            var quick = Of(layout, [], point, gradient, approximate, isExact: false);
            if (quick.Converged) return quick;
        }
        return Of(layout, [], point, gradient, GradientDifferences.Hessian(criterion, point), isExact: true);
    }

    /// <summary>Judges a point by its gradient and Hessian; parameters after the covariance parameters are fixed effects with these names.</summary>
    public static ConvergenceCheck Of(RandomEffectsLayout layout, IReadOnlyList<string> fixedNames, double[] point, double[] gradient, Matrix hessian, bool isExact) =>
        new ConvergenceVerification(layout, fixedNames, point, gradient, Symmetric(hessian)).Judge(isExact);

    private void MarkZeroColumn(RandomTermLayout term, int c)
    {
        for (int r = c; r < term.Width; r++)
        {
            if (_point[term.ThetaIndex(r, c)] != 0) return;
        }
        for (int r = c; r < term.Width; r++) _onBoundary[term.ThetaIndex(r, c)] = true;
    }

    private ConvergenceCheck Judge(bool isExact)
    {
        int n = _point.Length;
        if (n == 0) return Nothing(isExact);
        if (_hessian.Values.Concat(_gradient).Any(x => !double.IsFinite(x))) return Undefined(isExact);
        int[] free = [.. Enumerable.Range(0, n).Where(k => !_onBoundary[k])], zero = [.. Enumerable.Range(0, n).Where(k => _onBoundary[k])];
        double[] distance = new double[n], share = new double[n];
        double[] eigenvalues = Newton(free, distance, share, out double square);
        bool minimum = eigenvalues.Length == 0 || eigenvalues[^1] >= Downward;
        double[] boundary = Newton(zero, new double[n], share, out _);
        minimum &= boundary.Length == 0 || boundary[^1] >= Downward;
        return new ConvergenceCheck
        {
            StandardErrorsFromOptimum = Math.Sqrt(0.5 * square),
            PromisedFall = 0.5 * square,
            GradientNorm = _gradient.Max(Math.Abs),
            Eigenvalues = eigenvalues,
            Parameters = [.. Enumerable.Range(0, n).Select(k => new ParameterConvergence(_names[k], _gradient[k], distance[k], _hessian[k, k], _onBoundary[k], share[k]))],
            HessianIsExact = isExact,
            IsMinimum = minimum,
        };
    }

    /// <summary>The eigenvalues of the scaled Hessian over some parameters, g'H⁻¹g, the Newton step of each in standard errors, and each one's share in a downward direction.</summary>
    private double[] Newton(int[] members, double[] distance, double[] share, out double square)
    {
        int m = members.Length;
        square = 0;
        if (m == 0) return [];
        double[] scale = [.. members.Select(k => 1 / Math.Sqrt(Math.Max(_hessian[k, k], 2 * NoticeableFall / Math.Max(1, _point[k] * _point[k]))))];
        var scaled = new Matrix(m, m);
        for (int j = 0; j < m; j++)
        {
            for (int i = 0; i < m; i++) scaled[i, j] = _hessian[members[i], members[j]] * scale[i] * scale[j];
        }
        var eigen = SymmetricEigen.Decompose(scaled);
        double[] step = new double[m], variance = new double[m];
        for (int e = 0; e < m; e++)
        {
            double value = Math.Max(eigen.Values[e], Flat), slope = 0;
            for (int i = 0; i < m; i++) slope += eigen.Vectors[i, e] * scale[i] * _gradient[members[i]];
            square += slope * slope / value;
            for (int i = 0; i < m; i++)
            {
                step[i] += eigen.Vectors[i, e] * slope / value;
                variance[i] += eigen.Vectors[i, e] * eigen.Vectors[i, e] / value;
                if (e == m - 1 && eigen.Values[e] < Downward) share[members[i]] = Math.Abs(eigen.Vectors[i, e]);
            }
        }
        for (int i = 0; i < m; i++) distance[members[i]] = step[i] / Math.Sqrt(2 * variance[i]);
        return [.. eigen.Values];
    }

    private static ConvergenceCheck Nothing(bool isExact) => new()
    {
        StandardErrorsFromOptimum = 0,
        PromisedFall = 0,
        GradientNorm = 0,
        Eigenvalues = [],
        Parameters = [],
        HessianIsExact = isExact,
        IsMinimum = true,
    };

    private ConvergenceCheck Undefined(bool isExact) => Nothing(isExact) with
    {
        StandardErrorsFromOptimum = double.NaN,
        PromisedFall = double.NaN,
        GradientNorm = _gradient.Max(Math.Abs),
        Parameters = [.. _names.Select((name, k) => new ParameterConvergence(name, _gradient[k], double.NaN, _hessian[k, k], _onBoundary[k]))],
    };

    private static Matrix Symmetric(Matrix hessian)
    {
        var symmetric = new Matrix(hessian.Rows, hessian.Rows);
        for (int j = 0; j < hessian.Rows; j++)
        {
            for (int i = 0; i < hessian.Rows; i++) symmetric[i, j] = 0.5 * (hessian[i, j] + hessian[j, i]);
        }
        return symmetric;
    }
}
