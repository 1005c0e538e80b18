using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// The profiled deviance or REML criterion of a linear mixed model at one θ, solved iteratively: its gradient (stochastic in one term, exact in the others), its average information, and its value with a Monte Carlo error.
/// </summary>
/// <remarks>
/// <para>As <see cref="ProfiledDeviance"/>, with log |M| = Σ log |Λ₁'D_lΛ₁ + I| + log |S|: the first part and its derivative 2 Σ_l (D_l Λ₁ P_l)_ab are exact, the second is <see cref="StochasticTraces"/>'s. REML adds
/// ∂ log |R_X|² = −2 Σ_ij (K⁻¹)_ij Σ_levels Y_ai U_bj, U = M⁻¹Λ'Z'WX, Y = Z'WX − Z'WZΛU, exact in p solutions.</para>
/// <para>Average information: Gilmour, Thompson and Cullis (1995), equation 7, with σ profiled out: A_ij = ν [(c_i'Gc_j − h_i'H⁻¹h_j)/r² − s_i s_j/r⁴], c_i = dΛ_i u + Λ dΛ_i'v, h = (Λ, I)'G c, s_i = 2 v'dΛ_i u.</para>
/// <para>Check: IterativeLinearMixedModelTests (the exact gradient and value within the stated errors).</para>
/// </remarks>
internal sealed class IterativeDeviance
{
    private readonly BlockedCrossProduct _product;
    private readonly RelativeCovarianceFactor _lambda;
    private readonly RandomEffectsLayout _layout;
    private readonly double _constant;
    private readonly bool _reml;

    /// <summary>Solves the system at θ; the parameters are those of <see cref="ProfiledDeviance"/>.</summary>
    public IterativeDeviance(BlockedCrossProduct product, double[] theta, int rows, double withinCells, double sumLogWeights, double logDeterminantBasis, bool reml)
    {
        (_product, _layout, _reml) = (product, product.Layout, reml);
        Theta = theta;
        Degrees = reml ? rows - product.FixedColumns : rows;
        _constant = (reml ? logDeterminantBasis : 0) - sumLogWeights + Degrees * (1 + Math.Log(2 * Math.PI / Degrees));
        _lambda = new RelativeCovarianceFactor(_layout);
        _lambda.Set(theta);
        System = new IterativeSystem(product, _lambda);
        double[] right = new double[product.RightSide.Length];
        _lambda.MultiplyTransposed(product.RightSide, right);
        Spherical = System.Solve([right])[0];
        var explained = new CompensatedSum();
        for (int i = 0; i < right.Length; i++) explained.Add(right[i] * Spherical[i]);
        PenalisedSumOfSquares = withinCells + product.SumOfSquares - explained.Value;
        Residual = Remainder(Spherical);
    }

    public double[] Theta { get; }

    public double Degrees { get; }

    public IterativeSystem System { get; }

    /// <summary>The spherical random effects and the basis coefficients.</summary>
    public double[] Spherical { get; }

    /// <summary>(Z, X)'W(y − Xβ − Zb).</summary>
    public double[] Residual { get; }

    public double PenalisedSumOfSquares { get; }

    /// <summary>The criterion, given the stochastic part of log |M|.</summary>
    public double Value(StochasticTraces traces) =>
        System.Lead.LogDeterminant + traces.LogDeterminant + (_reml ? System.LogDeterminantFixed : 0) + Degrees * Math.Log(PenalisedSumOfSquares) + _constant;

    /// <summary>The gradient of the criterion, given the stochastic part.</summary>
    public double[] Gradient(StochasticTraces traces)
    {
        double[] gradient = [.. traces.Slopes];
        AddLead(gradient);
        if (_reml) AddFixed(gradient);
        ForEachParameter((term, a, b, k) => gradient[k] -= 2 * Degrees / PenalisedSumOfSquares * LevelProducts.Sum(term, a, b, Residual, Spherical));
        return gradient;
    }

    /// <summary>The average information.</summary>
    public Matrix Information()
    {
        int m = Theta.Length;
        double[][] directions = new double[m][], products = new double[m][], halves = new double[m][];
        var slopes = new double[m];
        ForEachParameter((term, a, b, k) =>
        {
            slopes[k] = 2 * LevelProducts.Sum(term, a, b, Residual, Spherical);
            directions[k] = Direction(term, a, b);
            products[k] = new double[directions[k].Length];
            halves[k] = new double[directions[k].Length];
            _product.Multiply(directions[k], products[k]);
            _lambda.MultiplyTransposed(products[k], halves[k]);
        });
        double[][] solved = System.Solve(halves);
        double scale = Degrees / PenalisedSumOfSquares, squares = scale / PenalisedSumOfSquares;
        var information = new Matrix(m, m);
        for (int j = 0; j < m; j++)
        {
            for (int i = 0; i < m; i++)
                information[i, j] = scale * (ContiguousLoops.Dot(directions[i], products[j]) - ContiguousLoops.Dot(halves[i], solved[j])) - squares * slopes[i] * slopes[j];
        }
        return information;
    }

    /// <summary>(Z, X)'W(y − (Z, X)(Λu, γ)).</summary>
    private double[] Remainder(double[] spherical)
    {
        double[] coefficients = new double[spherical.Length], residual = new double[spherical.Length];
        _lambda.Multiply(spherical, coefficients);
        _product.Multiply(coefficients, residual);
        for (int i = 0; i < residual.Length; i++) residual[i] = _product.RightSide[i] - residual[i];
        return residual;
    }

    private void AddLead(double[] gradient)
    {
        int width = _layout.LeadWidth;
        foreach (var term in _layout.LeadLambdaMap)
        {
            for (int l = 0; l < _layout.LeadLevels; l++)
            {
                var m = System.Lead.M(l);
                var d = _product.Lead.AsSpan(l * width * width, width * width);
                for (int b = 0; b < term.Width; b++)
                {
                    for (int a = b; a < term.Width; a++)
                    {
                        for (int k = 0; k < width; k++) gradient[term.ThetaIndex(a, b)] += 2 * d[term.Start + a + k * width] * m[term.Start + b + k * width];
                    }
                }
            }
        }
    }

    private void AddFixed(double[] gradient)
    {
        double[][] u = System.FixedColumnsSolved();
        var inverse = System.FixedCovariance();
        for (int i = 0; i < u.Length; i++)
        {
            double[] coefficients = new double[u[i].Length], y = new double[u[i].Length], mixed = new double[u[i].Length];
            _lambda.Multiply(u[i], coefficients);
            coefficients[_layout.Columns + i] = -1;
            _product.Multiply(coefficients, y); // −Y
            for (int j = 0; j < u.Length; j++)
            {
                for (int k = 0; k < mixed.Length; k++) mixed[k] += inverse[i, j] * u[j][k];
            }
            ForEachParameter((term, a, b, k) => gradient[k] += 2 * LevelProducts.Sum(term, a, b, y, mixed));
        }
    }

    /// <summary>c = dΛ u + Λ dΛ'v for entry (a, b) of one term's T.</summary>
    private double[] Direction(RandomTermLayout term, int a, int b)
    {
        var c = new double[Spherical.Length];
        double[] block = _lambda.Blocks[_layout.Terms.ToList().IndexOf(term)];
        for (int l = 0; l < term.Levels.Count; l++)
        {
            int first = term.Index(l, 0);
            for (int r = b; r < term.Width; r++) c[first + r] = block[r + b * term.Width] * Residual[first + a];
            c[first + a] += Spherical[first + b];
        }
        return c;
    }

    private void ForEachParameter(Action<RandomTermLayout, int, int, int> action)
    {
        foreach (var term in _layout.Terms)
        {
            for (int b = 0; b < term.Width; b++)
            {
                for (int a = b; a < term.Width; a++) action(term, a, b, term.ThetaIndex(a, b));
            }
        }
    }
}
