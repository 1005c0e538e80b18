using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>
/// Where the search for a generalised linear mixed model begins: relative covariance parameters that maximise penalised quasi-likelihood, and their average information.
/// </summary>
/// <remarks>
/// <para>At the joint mode (u, γ) for the last θ the working response z = η − offset + W⁻¹ℓ' has approximately the linear mixed model z ~ N(Xγ, ZΛΛ'Z' + W⁻¹); its deviance, with the dispersion known,
/// is minimised over θ from cross-products alone, A'Wz = A'WA(b, γ) + A'ℓ', and the joint mode follows, twice. A family whose dispersion is not known begins at the identity.</para>
/// <para>Symbols: S, the factors in the coordinates of <see cref="RandomTermScaling"/> -> <see cref="Point"/>.</para>
/// <para>Breslow and Clayton (1993), <em>Approximate inference in generalized linear mixed models</em>, J. Am. Stat. Assoc. 88, section 2.3, by maximum likelihood; a start only, so the inner searches are loose and
/// diagonal entries are kept above <see cref="Smallest"/>. Check: SearchStartTests, and every fixture of a generalised model through its optimum.</para>
/// </remarks>
internal sealed class PenalizedQuasiLikelihood
{
    private const int Rounds = 2;
    private const double FirstScale = 0.5;
    private const double Smallest = 0.05;
    private const double Largest = 5;
    private readonly MixedModelCells _cells;
    private readonly PenalizedIrls _joint;

    private PenalizedQuasiLikelihood(MixedModelCells cells, Observations observations, PenalizedIrls joint)
    {
        _cells = cells;
        _joint = joint;
        Scaling = new RandomTermScaling(cells, observations.Weight);
        Point = cells.Layout.IdentityTheta();
    }

    /// <summary>The coordinates.</summary>
    public RandomTermScaling Scaling { get; }

    /// <summary>The parameters.</summary>
    public double[] Point { get; private set; }

    /// <summary>The average information there in these coordinates, or null.</summary>
    public Matrix? Information { get; private set; }

    /// <summary>Maximises from the coefficients in <paramref name="joint"/>, which ends at the joint mode of the result.</summary>
    /// <exception cref="ModelException">There is no mode.</exception>
    public static PenalizedQuasiLikelihood Maximise(MixedModelCells cells, Observations observations, PenalizedIrls joint)
    {
        var start = new PenalizedQuasiLikelihood(cells, observations, joint);
        bool known = observations.Family.HasKnownDispersion;
        if (known)
        {
            for (int k = 0; k < start.Point.Length; k++) start.Point[k] *= FirstScale;
        }
        start.FindMode(known ? 1e-4 : 1e-8);
        for (int round = 0; known && round < Rounds; round++)
        {
            start.Improve();
            start.FindMode(round + 1 < Rounds ? 1e-4 : 1e-8);
        }
        return start;
    }

    private void FindMode(double tolerance)
    {
        if (!_joint.Solve(Theta(Point), tolerance))
            throw new ModelException("No starting values were found at which the means are valid for the link; choose another link, or rescale the fixed effects' variables.");
    }

    private double[] Theta(ReadOnlySpan<double> point)
    {
        double[] theta = [.. point];
        Scaling.ToTheta(theta);
        return theta;
    }

    /// <summary>Minimises the working model's deviance over θ.</summary>
    private void Improve()
    {
        var deviance = new ProfiledDeviance(WorkingProducts(), _cells.Count, 0, 0, 0, reml: false, scaleIsKnown: true);
        double[] infinite = [.. Point.Select(_ => double.PositiveInfinity)];
        var options = new OptimizationOptions { MaximumEvaluations = 30, RelativeReduction = 1e-7, GradientTolerance = 1e-3, Curvature = point => Curvature(deviance, point) };
        double Value(ReadOnlySpan<double> point, Span<double> gradient)
        {
            double value = deviance.Evaluate(Theta(point), gradient);
            Scaling.ToGradient(gradient);
            return value;
        }
        var result = BoundedQuasiNewton.Minimize(Value, Point, [.. infinite.Select(x => -x)], infinite, options, CancellationToken.None);
        if (!double.IsFinite(result.Value)) return;
        Point = Keep(result.Point);
        Information = Curvature(deviance, Point);
    }

    private Matrix Curvature(ProfiledDeviance deviance, double[] point)
    {
        var information = deviance.Information(Theta(point));
        Scaling.ToHessian(information);
        for (int k = 0; k < point.Length; k++) information[k, k] += 1e-4;
        return information;
    }

    /// <summary>A'WA at the joint mode with A'Wz.</summary>
    private BlockedCrossProduct WorkingProducts()
    {
        double[] coefficients = new double[_cells.Coefficients], score = new double[_cells.Coefficients];
        _joint.Lambda.Multiply(_joint.Spherical, coefficients);
        _joint.Product.Multiply(coefficients, _joint.Product.RightSide);
        _cells.TransposedProduct(_joint.Score, score);
        double squares = 0;
        for (int j = 0; j < coefficients.Length; j++)
        {
            squares += coefficients[j] * (_joint.Product.RightSide[j] + 2 * score[j]);
            _joint.Product.RightSide[j] += score[j];
        }
        _joint.Product.SumOfSquares = squares;
        return _joint.Product;
    }

    /// <summary>Columns turned to positive diagonals, which are kept within bounds.</summary>
    private double[] Keep(double[] point)
    {
        double[] kept = [.. point];
        foreach (var term in _cells.Layout.Terms)
        {
            for (int c = 0; c < term.Width; c++)
            {
                int k = term.ThetaIndex(c, c);
                if (kept[k] < 0)
                {
                    for (int r = c; r < term.Width; r++) kept[term.ThetaIndex(r, c)] *= -1;
                }
                kept[k] = Math.Clamp(kept[k], Smallest, Largest);
            }
        }
        return kept;
    }
}
