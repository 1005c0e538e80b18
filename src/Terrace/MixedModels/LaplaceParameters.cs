using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.MixedModels;

/// <summary>
/// The coordinates in which −2 log L is minimised: θ as <see cref="RandomTermScaling"/> has it, and ξ with γ = γ₀ + R_X⁻¹ξ, γ₀ the joint mode at the
/// start and R_X'R_X the fixed effects' Schur complement there, so that the Hessian in ξ starts near 2I. Where the fixed effects follow from θ there is no ξ.
/// </summary>
/// <remarks>Nocedal and Wright (2006), section 2.2, on scaling. Symbols: R_X' -> <c>_triangle</c>. Check: MixedModelFixtureTests.</remarks>
internal sealed class LaplaceParameters
{
    private readonly MixedModelCells _cells;
    private readonly LaplaceDeviance _laplace;
    private readonly Objective _criterion;
    private readonly int _fixed;
    private readonly double[] _centre;
    private readonly Matrix _triangle;
    private readonly double[] _natural;
    private Matrix? _startInformation;

    private LaplaceParameters(MixedModelCells cells, LaplaceDeviance laplace, Objective criterion, RandomTermScaling scaling, double[] centre, Matrix triangle)
    {
        _cells = cells;
        _laplace = laplace;
        _criterion = criterion;
        _fixed = centre.Length;
        Scaling = scaling;
        _centre = centre;
        _triangle = triangle;
        _natural = new double[Count];
        StartPoint = [.. cells.Layout.IdentityTheta(), .. new double[_fixed]];
    }

    /// <summary>The maximum of penalised quasi-likelihood, and the joint mode there.</summary>
    public double[] StartPoint { get; }

    /// <summary>The coordinates of θ.</summary>
    public RandomTermScaling Scaling { get; }

    /// <summary>The number of parameters.</summary>
    public int Count => Thetas + _fixed;

    private int Thetas => _cells.Layout.ThetaCount;

    /// <summary>
    /// Finds a start by penalised quasi-likelihood, from the family's starting means on. <paramref name="criterion"/> is a function of (θ, γ), or of θ alone if <paramref name="thetaOnly"/>,
    /// built on <paramref name="laplace"/>.
    /// </summary>
    /// <exception cref="ModelException">There is no mode.</exception>
    public static LaplaceParameters Start(MixedModelCells cells, Observations observations, LaplaceDeviance laplace, Objective criterion, bool thetaOnly = false)
    {
        var joint = new PenalizedIrls(cells, observations, joint: true);
        StartingCoefficients(cells, observations).CopyTo(joint.Spherical, cells.Layout.Columns);
        var start = PenalizedQuasiLikelihood.Maximise(cells, observations, joint);
        joint.Spherical.CopyTo(laplace.Modes.Spherical, 0);
        int p = thetaOnly ? 0 : cells.FixedColumns;
        var parameters = new LaplaceParameters(cells, laplace, criterion, start.Scaling, joint.Spherical[cells.Layout.Columns..][..p], Triangle(joint, cells, p)) { _startInformation = start.Information };
        start.Point.CopyTo(parameters.StartPoint, 0);
        return parameters;
    }

    /// <summary>Coordinates around known parameters: the start is θ and the basis coefficients γ in <paramref name="spherical"/>, (u, γ).</summary>
    /// <exception cref="ModelException">There is no joint mode at θ.</exception>
    public static LaplaceParameters Around(MixedModelCells cells, Observations observations, LaplaceDeviance laplace, Objective criterion, ReadOnlySpan<double> theta, double[] spherical, bool thetaOnly)
    {
        var joint = new PenalizedIrls(cells, observations, joint: true);
        spherical.CopyTo(joint.Spherical, 0);
        if (!joint.Solve(theta, 1e-8)) throw new ModelException("The model has no joint mode at its estimates, so it cannot be refitted from there.");
        int p = thetaOnly ? 0 : cells.FixedColumns;
        var parameters = new LaplaceParameters(cells, laplace, criterion, new RandomTermScaling(cells, observations.Weight), spherical[cells.Layout.Columns..][..p], Triangle(joint, cells, p));
        theta.CopyTo(parameters.StartPoint);
        parameters.Scaling.FromTheta(parameters.StartPoint);
        return parameters;
    }

    /// <summary>The same coordinates and start for another criterion, in a workspace of another thread.</summary>
    public LaplaceParameters For(LaplaceDeviance laplace, Objective criterion)
    {
        var copy = new LaplaceParameters(_cells, laplace, criterion, Scaling, _centre, _triangle);
        StartPoint.CopyTo(copy.StartPoint, 0);
        return copy;
    }

    private static Matrix Triangle(PenalizedIrls joint, MixedModelCells cells, int p)
    {
        var triangle = new Matrix(p, p);
        for (int j = 0; j < p; j++)
        {
            for (int i = j; i < p; i++) triangle[i, j] = joint.Factor.FixedEntry(i, j);
        }
        return triangle;
    }

    /// <summary>(θ, γ) of a point (θ, ξ).</summary>
    public double[] Natural(ReadOnlySpan<double> point)
    {
        point.CopyTo(_natural);
        Scaling.ToTheta(_natural);
        var gamma = _natural.AsSpan(Thetas);
        if (gamma.Length > 0) Cholesky.SolveLowerTransposed(_triangle, gamma);
        for (int j = 0; j < gamma.Length; j++) gamma[j] += _centre[j];
        return _natural;
    }

    /// <summary>−2 log L and its gradient in (θ, ξ).</summary>
    public double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
    {
        double value = _criterion(Natural(point), gradient);
        if (gradient.Length > 0) Scaling.ToGradient(gradient);
        if (gradient.Length > Thetas) Cholesky.SolveLower(_triangle, gradient[Thetas..]);
        return value;
    }

    /// <summary>A guess at the diagonal of the Hessian at the start.</summary>
    public double[] CurvatureGuess()
    {
        var start = new double[Thetas + _cells.FixedColumns];
        Natural(StartPoint).AsSpan(0, Thetas).CopyTo(start);
        _laplace.Modes.Spherical.AsSpan(_cells.Layout.Columns).CopyTo(start.AsSpan(Thetas));
        _laplace.Evaluate(start, new double[start.Length]);
        double[] theta = CovarianceTrace.CurvatureGuess(_cells.Layout, _laplace.Trace.ToArray());
        Scaling.ToCurvature(theta);
        return [.. theta, .. Enumerable.Repeat(2.0, _fixed)];
    }

    /// <summary>What is near the Hessian at the start, the first time it is asked for: the average information of θ beside 2 I of ξ; afterwards nothing.</summary>
    public Matrix? StartCurvature(double[] point)
    {
        if (_startInformation is not { } information) return null;
        _startInformation = null;
        var curvature = new Matrix(Count, Count);
        for (int j = 0; j < Count; j++)
        {
            if (j >= Thetas) curvature[j, j] = 2;
            else information.Column(j).CopyTo(curvature.Column(j));
        }
        return curvature;
    }

    /// <summary>The Hessian in (θ, ξ) by central differences of the gradient.</summary>
    public Matrix Hessian(double[] point) =>
        GradientDifferences.Hessian(Evaluate, point, [.. point.Select((x, k) => k < Thetas ? 1e-4 * Math.Max(1, Math.Abs(x)) : 1e-3)]);

    /// <summary>The covariance of γ, the γ block of 2 Hessian⁻¹; false where the Hessian is not positive definite.</summary>
    public bool TryCovariance(Matrix hessian, out Matrix covariance)
    {
        int p = _fixed;
        covariance = new Matrix(p, p);
        var symmetric = new Matrix(Count, Count);
        for (int j = 0; j < Count; j++)
        {
            for (int i = 0; i < Count; i++) symmetric[i, j] = (hessian[i, j] + hessian[j, i]) / 4;
        }
        if (Count == 0) return true;
        if (!Cholesky.TryFactor(symmetric)) return false;
        var inverse = Cholesky.InverseFromFactor(symmetric);
        var half = new Matrix(p, p);
        for (int j = 0; j < p; j++)
        {
            for (int i = 0; i < p; i++) half[i, j] = inverse[Thetas + i, Thetas + j];
        }
        if (p == 0) return true;
        for (int pass = 0; pass < 2; pass++)
        {
            Cholesky.SolveLowerTransposed(_triangle, half);
            for (int j = 0; j < p; j++)
            {
                for (int i = 0; i < p; i++) covariance[j, i] = half[i, j];
            }
            covariance.Values.CopyTo(half.Values, 0);
        }
        return true;
    }

    /// <summary>The regression of the family's starting linear predictors on X; a response outside the link's range starts at the overall mean.</summary>
    private static double[] StartingCoefficients(MixedModelCells cells, Observations observations)
    {
        var eta = new double[cells.Count];
        double total = 0;
        for (int i = 0; i < eta.Length; i++) total += observations.Weight[i] * observations.Y[i];
        double overall = observations.Family.Link.Eta(total / observations.WeightSum);
        for (int i = 0; i < eta.Length; i++)
        {
            double own = observations.Family.Link.Eta(observations.Family.StartingMean(observations.Y[i], observations.Weight[i]));
            eta[i] = observations.Weight[i] * ((double.IsFinite(own) ? own : overall) - cells.Offset[i]);
        }
        var products = new double[cells.Coefficients];
        cells.TransposedProduct(eta, products);
        return products[cells.Layout.Columns..];
    }
}
