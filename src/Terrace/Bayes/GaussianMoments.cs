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
    private const int MostCoefficients = 1000;
    private const double Ridge = 1e-6;

    private GaussianMoments(ModelStructure structure, GaussianResponses responses)
    {
        int n = structure.CoefficientCount;
        var design = new DesignLikelihood(structure, responses);
        double[] weight = new double[structure.Cells], psi = [0], byPsi = [0];
        responses.TryInformation([], psi, weight);
        var information = new Matrix(n, n);
        new CoefficientInformation(structure).Compute(weight, information);
        for (int j = 0; j < n; j++)
            for (int i = j + 1; i < n; i++) information[j, i] = information[i, j];
        Information = SymmetricProduct.Of(information);
        (Centre, Score) = (new double[n], new double[n]);
        design.Evaluate(Centre, psi, Score, byPsi);
        IsSolved = TrySolve(information, Score, Centre);
        double value = design.Evaluate(Centre, psi, Score, byPsi);
        Rows = responses.WeightedRows;
        Squares = byPsi[0] + Rows;
        Constant = value + 0.5 * Squares;
    }

    /// <summary>A.</summary>
    public SymmetricProduct Information { get; }

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

    private bool IsSolved { get; }

    /// <summary>Those of a model; null where responses are not Gaussian with identity link, where there are too many coefficients, or where a pass over the cells, of about c (2 + t/2 + p/8) nanoseconds for these responses, costs less.</summary>
    public static GaussianMoments? Of(ModelStructure structure, ResponseModel responses)
    {
        double cells = structure.Cells * (2 + 0.5 * structure.Terms.Count + 0.125 * structure.FixedCount);
        // Every row of A has its diagonal at least.
        if (responses is not GaussianResponses gaussian || structure.CoefficientCount > MostCoefficients || cells < structure.CoefficientCount) return null;
        var moments = new GaussianMoments(structure, gaussian);
        return moments.IsSolved && moments.Information.Nanoseconds < cells ? moments : null;
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
