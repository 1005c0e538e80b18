using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The profiled deviance (maximum likelihood) or REML criterion of a linear mixed model as a function of θ alone, with its exact gradient.
/// </summary>
/// <remarks>
/// <para>ML: d(θ) = log |M| + n (1 + log(2π r²/n)); REML: log |M| + log |R_X|² + (n − p)(1 + log(2π r²/(n − p))); both − Σ log w. r² is the penalised residual sum of
/// squares: Bates et al. (2015), equations 34 and 42. For entry (a, b) of a term's T: ∂d = 2 tr-part (<see cref="CovarianceTrace"/>) − 2 (n or n − p)/r² Σ_levels v_a u_b,
/// v = Z'W(y − Xβ − Zb), since r² is stationary in (u, β), also where <see cref="Constrain"/> holds a combination of β.</para>
/// <para>Symbols: r² -> <see cref="PenalisedSumOfSquares"/>; (u, γ) -> <see cref="Spherical"/>.</para>
/// <para>Deviation: lme4 has no gradient. Check: ProfiledDevianceTests (finite differences; the same criterion from an explicit V).</para>
/// </remarks>
internal sealed class ProfiledDeviance
{
    private readonly BlockedCrossProduct _product;
    private readonly RelativeCovarianceFactor _lambda;
    private readonly SelectedInverse _inverse;
    private readonly CovarianceTrace _trace;
    private readonly double[] _coefficients;
    private readonly double[] _residual;
    private readonly double[] _theta;
    private readonly double[] _gradient;
    private readonly double[] _traces;
    private readonly double[] _gradientCopy;
    private AverageInformation? _information;
    private double _value = double.NaN;
    private bool _hasGradient;
    private double[]? _constraint;
    private double _constraintValue;
    private readonly double[] _constraintSolution;
    private readonly double _withinCells;
    private readonly double _constant;
    private readonly double _degrees;
    private readonly bool _reml;
    private readonly bool _scaleIsKnown;

    /// <summary>Sets up the criterion of <paramref name="rows"/> rows.</summary>
    /// <param name="product">The cross-products with the response.</param>
    /// <param name="rows">The number of rows n.</param>
    /// <param name="withinCells">The weighted sum of squares of the rows about their cells' means.</param>
    /// <param name="sumLogWeights">Σ log w over the rows.</param>
    /// <param name="logDeterminantBasis">log |X'WX|, which the orthonormal basis has taken out of log |R_X|².</param>
    /// <param name="reml">Whether to use the REML criterion.</param>
    /// <param name="scaleIsKnown">Whether σ is 1 instead of profiled out: then d(θ) = log |M| + r² and a constant.</param>
    public ProfiledDeviance(BlockedCrossProduct product, int rows, double withinCells, double sumLogWeights, double logDeterminantBasis, bool reml, bool scaleIsKnown = false)
    {
        _scaleIsKnown = scaleIsKnown;
        _product = product;
        _withinCells = withinCells;
        _reml = reml;
        _degrees = reml ? rows - product.FixedColumns : rows;
        _constant = (reml ? logDeterminantBasis : 0) - sumLogWeights + _degrees * (1 + Math.Log(2 * Math.PI / _degrees));
        var layout = product.Layout;
        Factor = new BlockedCholesky(layout, product.Pattern, product.FixedColumns);
        _lambda = new RelativeCovarianceFactor(layout);
        int inverseColumns = reml ? product.FixedColumns : 0;
        _inverse = new SelectedInverse(layout, product.Pattern, inverseColumns);
        _trace = new CovarianceTrace(layout, inverseColumns);
        _theta = new double[layout.ThetaCount];
        Array.Fill(_theta, double.NaN);
        _gradient = new double[layout.ThetaCount];
        _traces = new double[layout.ThetaCount];
        _gradientCopy = new double[layout.ThetaCount];
        Spherical = new double[layout.Columns + product.FixedColumns];
        _coefficients = new double[Spherical.Length];
        _residual = new double[Spherical.Length];
        _constraintSolution = new double[Spherical.Length];
    }

    /// <summary>The factor at the last θ.</summary>
    public BlockedCholesky Factor { get; }

    /// <summary>The spherical random effects and the basis coefficients at the last θ.</summary>
    public double[] Spherical { get; }

    /// <summary>r² at the last θ.</summary>
    public double PenalisedSumOfSquares { get; private set; }

    /// <summary>n for maximum likelihood, n − p for REML.</summary>
    public double Degrees => _degrees;

    /// <summary>M⁻¹ at the last θ on the pattern of Z'WZ, if the last gradient was that of a maximum likelihood there; otherwise null.</summary>
    public SelectedInverse? Inverse => _hasGradient && _inverse.FixedColumns == 0 ? _inverse : null;

    /// <summary>1/σ², the factor of the sum of squares' derivative.</summary>
    private double Scale => _scaleIsKnown ? 1 : _degrees / PenalisedSumOfSquares;

    /// <summary>½ of the gradient's trace part at the last θ whose gradient was asked for.</summary>
    public ReadOnlySpan<double> Traces => _traces;

    /// <summary>Forgets the last θ, after the response has changed.</summary>
    public void Reset() => Array.Fill(_theta, double.NaN);

    /// <summary>Holds k'γ, a combination of the basis coefficients, at a value: u and γ minimise the penalised sum of squares under that condition.</summary>
    public void Constrain(double[] combination, double value)
    {
        (_constraint, _constraintValue) = (combination, value);
        Reset();
    }

    /// <summary>The criterion at θ, and its gradient unless that span is empty; NaN where the matrix cannot be factored. Asking again at the last θ costs nothing.</summary>
    public double Evaluate(ReadOnlySpan<double> theta, Span<double> gradient)
    {
        if (!theta.SequenceEqual(_theta)) MoveTo(theta);
        if (double.IsNaN(_value) || gradient.IsEmpty) return _value;
        if (!_hasGradient) Differentiate(_gradient);
        _hasGradient = true;
        _gradient.CopyTo(gradient);
        return _value;
    }

    /// <summary>A guess at the diagonal of the Hessian at θ, for a search that starts there: 4 A² / q_k, A the trace part of the entry's row.</summary>
    public double[] CurvatureGuess(ReadOnlySpan<double> theta)
    {
        Evaluate(theta, new double[theta.Length]);
        return CovarianceTrace.CurvatureGuess(_product.Layout, _traces);
    }

    /// <summary>The average information at θ: nearly the Hessian near the optimum.</summary>
    public Matrix Information(ReadOnlySpan<double> theta)
    {
        if (double.IsNaN(Evaluate(theta, _gradientCopy))) throw new InvalidOperationException("The criterion cannot be evaluated at this point.");
        _information ??= new AverageInformation(_product);
        return _information.At(_lambda, Factor, Spherical, _residual, Scale, _scaleIsKnown ? 0 : Scale / PenalisedSumOfSquares);
    }

    private void MoveTo(ReadOnlySpan<double> theta)
    {
        theta.CopyTo(_theta);
        _hasGradient = false;
        _value = double.NaN;
        _lambda.Set(theta);
        if (!Factor.TryFactor(_product, _lambda)) return;
        Profile();
        _value = Factor.LogDeterminantRandom + (_reml ? Factor.LogDeterminantFixed : 0) + (_scaleIsKnown ? PenalisedSumOfSquares : _degrees * Math.Log(PenalisedSumOfSquares) + _constant);
    }

    private void Profile()
    {
        _lambda.MultiplyTransposed(_product.RightSide, Spherical);
        Factor.SolveForward(Spherical);
        var explained = new CompensatedSum();
        foreach (double c in Spherical) explained.Add(c * c);
        PenalisedSumOfSquares = _withinCells + _product.SumOfSquares - explained.Value;
        Factor.SolveBackward(Spherical);
        if (_constraint is not null) MoveToConstraint(_constraint);
    }

    /// <summary>With e = H⁻¹k and h = k'e: (u, γ) moves by −e (k'γ − c)/h, and r² grows by (k'γ − c)²/h (Lawson and Hanson 1974, chapter 20).</summary>
    private void MoveToConstraint(double[] k)
    {
        int first = _product.Layout.Columns;
        Array.Clear(_constraintSolution, 0, first);
        k.CopyTo(_constraintSolution, first);
        Factor.Solve(_constraintSolution);
        double h = 0, excess = -_constraintValue;
        for (int j = 0; j < k.Length; j++)
        {
            h += k[j] * _constraintSolution[first + j];
            excess += k[j] * Spherical[first + j];
        }
        for (int i = 0; i < Spherical.Length; i++) Spherical[i] -= _constraintSolution[i] * excess / h;
        PenalisedSumOfSquares += excess * excess / h;
    }

    private void Differentiate(Span<double> gradient)
    {
        _inverse.Compute(Factor);
        _trace.Compute(_product, _lambda, _inverse, gradient);
        gradient.CopyTo(_traces);
        _lambda.Multiply(Spherical, _coefficients);
        _product.Multiply(_coefficients, _residual);
        for (int i = 0; i < _residual.Length; i++) _residual[i] = _product.RightSide[i] - _residual[i];
        double scale = Scale;
        foreach (var term in _product.Layout.Terms)
        {
            for (int b = 0; b < term.Width; b++)
            {
                for (int a = b; a < term.Width; a++)
                {
                    int k = term.ThetaIndex(a, b);
                    gradient[k] = 2 * gradient[k] - 2 * scale * LevelProducts.Sum(term, a, b, _residual, Spherical);
                }
            }
        }
    }
}
