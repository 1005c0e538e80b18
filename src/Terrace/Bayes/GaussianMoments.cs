using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>
/// Sufficient statistics of Gaussian responses with identity link: the sum of squares as a quadratic of the coefficients, about their least-squares values x₀, where nothing is lost to cancellation.
/// <code>S(x) = Σ W (Y − η)² + within = S₀ − 2 g'd + d'Ad    d = x − x₀    A = M'WM    g = M'W(Y − η₀)</code>
/// Gelman, Carlin, Stern, Dunson, Vehtari and Rubin (2013), Bayesian Data Analysis, section 14.2. x₀ solves the normal equations with a little added to the diagonal, since effects and intercept tell apart in the priors only; g
/// is what is left over. Immutable. Checked in <c>GaussianMomentsTests</c>.
/// </summary>
internal sealed class GaussianMoments
{
    private const int MostCoefficients = 2000;
    private const double Ridge = 1e-6;

    private GaussianMoments(ModelStructure structure, GaussianResponses responses)
    {
        int n = structure.CoefficientCount;
        var design = new DesignLikelihood(structure, responses);
        double[] weight = new double[structure.Cells], psi = [0], byPsi = [0];
        responses.TryInformation([], psi, weight);
        Information = new Matrix(n, n);
        new CoefficientInformation(structure).Compute(weight, Information);
        for (int j = 0; j < n; j++)
            for (int i = j + 1; i < n; i++) Information[j, i] = Information[i, j];
        (Centre, Score) = (new double[n], new double[n]);
        design.Evaluate(Centre, psi, Score, byPsi);
        IsSolved = TrySolve(Information, Score, Centre);
        double value = design.Evaluate(Centre, psi, Score, byPsi);
        Rows = responses.WeightedRows;
        Squares = byPsi[0] + Rows;
        Constant = value + 0.5 * Squares;
    }

    private bool IsSolved { get; }

    /// <summary>A, both triangles.</summary>
    public Matrix Information { get; }

    /// <summary>x₀.</summary>
    public double[] Centre { get; }

    /// <summary>g.</summary>
    public double[] Score { get; }

    /// <summary>S₀.</summary>
    public double Squares { get; }

    /// <summary>The number of rows, by which the log of σ is multiplied.</summary>
    public double Rows { get; }

    /// <summary>The log likelihood but for S and σ.</summary>
    public double Constant { get; }

    /// <summary>Those of a model; null where responses are not Gaussian with identity link, or where a pass over the cells costs less: n² against c (4 + t + p/4), as in <see cref="SamplerChoice"/>, a product of A taking a quarter of a nanosecond.</summary>
    public static GaussianMoments? Of(ModelStructure structure, ResponseModel responses)
    {
        double n = structure.CoefficientCount;
        bool pays = n <= MostCoefficients && 0.25 * n * n < structure.Cells * (4 + structure.Terms.Count + 0.25 * structure.FixedCount);
        return pays && responses is GaussianResponses gaussian && new GaussianMoments(structure, gaussian) is { IsSolved: true } moments ? moments : null;
    }

    private static bool TrySolve(Matrix information, double[] score, double[] x)
    {
        int n = x.Length;
        var factor = new Matrix(n, n);
        information.Values.CopyTo(factor.Values.AsSpan());
        for (int j = 0; j < n; j++) factor[j, j] += Ridge * Math.Max(factor[j, j], 1);
        if (!Cholesky.TryFactor(factor)) return false;
        score.CopyTo(x, 0);
        Cholesky.SolveLower(factor, x);
        Cholesky.SolveLowerTransposed(factor, x);
        return true;
    }
}
