using System.Runtime.CompilerServices;
using Terrace.Families;
using Terrace.Numerics.Quadrature;

namespace Terrace.MixedModels;

/// <summary>
/// Minus twice the log likelihood of a generalised mixed model with one scalar random-effects term as a function of (θ, γ), each level's random effect integrated out by adaptive
/// Gauss–Hermite quadrature, with the exact gradient of this sum.
/// </summary>
/// <remarks>
/// <para>F = constant + Σ_g [log M_g − 2 log Σ_k w_k exp(x_k²/2 − D_g(u_k)/2 − u_k²/2)], u_k = û_g + M_g^(−½) x_k, η_i = o_i + x_i'γ + z_i θ u, M_g = 1 + θ² Σ z²W at the mode û_g; x_k and w_k
/// are the nodes and weights for a standard normal mean. Pinheiro and Bates (1995), <em>Approximations to the log-likelihood function in the nonlinear mixed-effects model</em>, section 2.4.
/// One node gives <see cref="LaplaceDeviance"/>.</para>
/// <para>Gradient, through mode and scale: with π_k the shares of the nodes in the sum, t_k = 2u_k − 2θ Σ z ℓ'(η_k), A = Σ π_k t_k, B = Σ π_k x_k t_k, C = (1 − ½ M^(−½) B)/M, c_i = C θ² z_i² W'_i,
/// H = 1 + θ² Σ z²W_obs and q = (A + θ Σ z c)/H: ∂F/∂γ = X'(−2 Σ_k π_k ℓ'_k + c − q θ z∘W_obs),
/// ∂F/∂θ = −2 Σ_k π_k u_k Σ z ℓ'_k + û Σ z c + 2Cθ Σ z²W + q (Σ z ℓ' − θ û Σ z²W_obs). Derived in docs/algorithms/mixed-models.md.</para>
/// <para>Symbols: x_k, w_k -> <c>_nodes</c>, <c>_logWeights</c> (log w_k + x_k²/2); π_k -> <c>_shares</c>; ℓ'_k -> <c>_scores</c>; W, W' -> <see cref="LaplaceDeviance.Weights"/>, <see cref="LaplaceDeviance.Slopes"/>.</para>
/// <para>Deviation from lme4: the constants of the rows' likelihood stay in. Check: QuadratureDevianceTests (finite differences, a fine grid, one node).</para>
/// </remarks>
internal sealed class QuadratureDeviance
{
    private readonly MixedModelCells _cells;
    private readonly Observations _observations;
    private readonly LaplaceDeviance _laplace;
    private readonly double[] _nodes;
    private readonly double[] _logWeights;
    private readonly double[] _shares;
    private readonly double[] _effects;
    private readonly int[] _order;
    private readonly int[] _starts;
    private readonly double[] _y;
    private readonly double[] _weight;
    private readonly double[] _z;
    private readonly double[] _eta;
    private readonly double[] _scores;
    private readonly double[] _information;
    private readonly double[] _direct;
    private readonly double[] _coefficients;

    /// <summary>Sets up the sum over <paramref name="points"/> nodes around the modes that <paramref name="laplace"/> finds.</summary>
    /// <exception cref="ModelException">The model has more than one random-effects term, a vector of effects for each level, or a dispersion.</exception>
    public QuadratureDeviance(MixedModelCells cells, Observations observations, LaplaceDeviance laplace, int points)
    {
        Refuse(cells.Layout, observations.Family, points);
        (_cells, _observations, _laplace) = (cells, observations, laplace);
        var rule = new GaussHermite(points);
        _nodes = [.. rule.Nodes];
        _logWeights = [.. rule.Nodes.Zip(rule.Weights, (x, w) => Math.Log(w) + 0.5 * x * x)];
        _shares = new double[points];
        _effects = new double[points];
        int[] codes = cells.Codes[0];
        _order = [.. Enumerable.Range(0, cells.Count).OrderBy(i => codes[i])];
        _starts = new int[cells.Layout.Columns + 1];
        foreach (int code in codes) _starts[code + 1]++;
        int largest = _starts.Max();
        for (int g = 1; g < _starts.Length; g++) _starts[g] += _starts[g - 1];
        _y = [.. _order.Select(i => observations.Y[i])];
        _weight = [.. _order.Select(i => observations.Weight[i])];
        _z = [.. _order.Select(i => cells.Z[0][i])];
        _eta = new double[largest];
        _scores = new double[largest * points];
        _information = new double[largest];
        _direct = new double[cells.Count];
        _coefficients = new double[cells.Coefficients];
    }

    /// <summary>Takes the responses anew, after they have changed.</summary>
    public void Reset()
    {
        for (int i = 0; i < _y.Length; i++) _y[i] = _observations.Y[_order[i]];
    }

    /// <summary>F at (θ, γ), and its gradient unless that span is empty; NaN where there is no mode.</summary>
    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        if (double.IsNaN(_laplace.Evaluate(parameters, []))) return double.NaN;
        double theta = parameters[0], slope = 0;
        double sum = ScaleProfile.MinusTwoLogLikelihood(_observations, _observations.DevianceOfRows(_observations.KernelConstant));
        for (int g = 0; g + 1 < _starts.Length; g++)
        {
            double precision = Precision(g, theta, _laplace.Weights), step = 1 / Math.Sqrt(precision);
            sum += Math.Log(precision) - 2 * Integrate(g, theta, step);
            if (!gradient.IsEmpty) slope += Differentiate(g, theta, precision, step);
        }
        if (gradient.IsEmpty) return sum;
        gradient[0] = slope;
        _cells.TransposedProduct(_direct, _coefficients);
        _coefficients.AsSpan(_cells.Layout.Columns).CopyTo(gradient[1..]);
        return sum;
    }

    private static void Refuse(RandomEffectsLayout layout, Family family, int points)
    {
        string name = QuadratureEngine.NameOf(points);
        if (layout.Terms.Count != 1 || layout.Terms[0].Width != 1)
            throw new ModelException($"{name} needs one scalar grouping factor, as (1 | g); this model has {Description(layout)}. Use laplace.");
        if (!family.HasKnownDispersion)
            throw new ModelException($"{name} needs a family without a dispersion parameter, such as binomial or poisson; the {family.Name} family has one. Use laplace.");
    }

    private static string Description(RandomEffectsLayout layout) => layout.Terms.Count > 1
        ? $"{layout.Terms.Count} group-level terms ({string.Join(", ", layout.Terms.Select(t => t.Group))})"
        : $"{layout.Terms[0].Width} effects ({string.Join(", ", layout.Terms[0].TermNames)}) for each level of {layout.Terms[0].Group}";

    /// <summary>1 + θ² Σ z²W over the cells of a level.</summary>
    private double Precision(int g, double theta, ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (int i = _starts[g]; i < _starts[g + 1]; i++) sum += _z[i] * _z[i] * weights[_order[i]];
        return 1 + theta * theta * sum;
    }

    /// <summary>The logarithm of the sum over the nodes; leaves their shares in it, their effects u_k and the scores there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Integrate(int g, double theta, double step)
    {
        int first = _starts[g], count = _starts[g + 1] - first;
        double mode = _laplace.Modes.Spherical[g], largest = double.NegativeInfinity;
        var eta = _eta.AsSpan(0, count);
        for (int k = 0; k < _nodes.Length; k++)
        {
            double shift = step * _nodes[k], u = mode + shift;
            for (int i = 0; i < count; i++) eta[i] = _laplace.Modes.Eta[_order[first + i]] + _z[first + i] * theta * shift;
            double deviance = count == 0 ? 0 : _observations.Family.Kernel.Evaluate(
                eta, _y.AsSpan(first, count), _weight.AsSpan(first, count), Information.Expected, _scores.AsSpan(k * count, count), _information.AsSpan(0, count), []);
            _effects[k] = u;
            _shares[k] = double.IsNaN(deviance) ? double.NegativeInfinity : _logWeights[k] - 0.5 * (deviance + u * u);
            largest = Math.Max(largest, _shares[k]);
        }
        double total = 0;
        for (int k = 0; k < _nodes.Length; k++) total += _shares[k] = Math.Exp(_shares[k] - largest);
        for (int k = 0; k < _nodes.Length; k++) _shares[k] /= total;
        return largest + Math.Log(total);
    }

    /// <summary>A level's part of ∂F/∂θ; its part of what X' is applied to goes to the cells of <c>_direct</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Differentiate(int g, double theta, double precision, double step)
    {
        int first = _starts[g], count = _starts[g + 1] - first;
        for (int i = 0; i < count; i++) _direct[_order[first + i]] = 0;
        double modeSlope = 0, scaleSlope = 0, slope = 0;
        for (int k = 0; k < _nodes.Length; k++)
        {
            double share = _shares[k];
            if (share == 0) continue;
            double score = 0;
            for (int i = 0; i < count; i++)
            {
                score += _z[first + i] * _scores[k * count + i];
                _direct[_order[first + i]] -= 2 * share * _scores[k * count + i];
            }
            double t = share * 2 * (_effects[k] - theta * score);
            modeSlope += t;
            scaleSlope += t * _nodes[k];
            slope -= 2 * share * _effects[k] * score;
        }
        return slope + ThroughModeAndScale(g, theta, modeSlope, (1 - 0.5 * step * scaleSlope) / precision);
    }

    /// <summary>What the mode and the scale of a level add: <paramref name="modeSlope"/> is A, <paramref name="scaleSlope"/> C.</summary>
    private double ThroughModeAndScale(int g, double theta, double modeSlope, double scaleSlope)
    {
        int first = _starts[g], end = _starts[g + 1];
        var modes = _laplace.Modes;
        double products = 0, weights = 0, observed = 0, score = 0;
        for (int i = first; i < end; i++)
        {
            int cell = _order[i];
            double z = _z[i], c = scaleSlope * theta * theta * z * z * _laplace.Slopes[cell];
            _direct[cell] += c;
            products += z * c;
            weights += z * z * _laplace.Weights[cell];
            observed += z * z * modes.ObservedWeights[cell];
            score += z * modes.Score[cell];
        }
        double adjoint = (modeSlope + theta * products) / (1 + theta * theta * observed);
        for (int i = first; i < end; i++) _direct[_order[i]] -= adjoint * theta * _z[i] * modes.ObservedWeights[_order[i]];
        double mode = modes.Spherical[g];
        return mode * products + 2 * scaleSlope * theta * weights + adjoint * (score - theta * mode * observed);
    }
}
