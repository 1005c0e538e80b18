using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// At the estimates of a linear mixed model: the Hessian of the profiled deviance or REML criterion in θ, and the derivatives of the covariance of the fixed effects with respect to θ,
/// σ² being profiled out.
/// </summary>
/// <remarks>
/// <para>Both are central differences, three times with halved steps and extrapolated to step 0 (Richardson 1911), of exact quantities: the gradient of <see cref="ProfiledDeviance"/> and
/// V(θ) = σ̂²(θ)(R_X'R_X)⁻¹. The error is of sixth order in a step of 0.02 times the parameter, or times the size 1/√(Σ w z²/levels) at which it begins to matter, whichever is larger. At a
/// standard deviation of 0 both signs of θ mean the same model, so no one-sided differences are needed.</para>
/// <para>Check: SatterthwaiteTests (differences of a dense likelihood).</para>
/// </remarks>
internal sealed class CriterionCurvature
{
    private const double RelativeStep = 0.02;
    private const double FlatDirection = 1e-8;
    private readonly JointPrecision _joint;
    private readonly ProfiledDeviance _deviance;
    private readonly double[] _theta;
    private readonly double[] _gradient;

    public CriterionCurvature(JointPrecision joint, bool reml, CancellationToken cancellation)
    {
        _joint = joint;
        _deviance = new ProfiledDeviance(joint.Product, joint.Rows, 0, 0, 0, reml);
        _theta = (double[])joint.Theta.Clone();
        _gradient = new double[_theta.Length];
        Degrees = _deviance.Degrees;
        Scales = ScalesOf(joint);
        int m = _theta.Length, p = joint.Basis.Rank;
        Hessian = new Matrix(m, m);
        CovarianceDerivatives = new Matrix[m];
        for (int k = 0; k < m; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] slope = Differentiate(k);
            for (int i = 0; i < m; i++)
            {
                Hessian[i, k] += 0.5 * slope[i];
                Hessian[k, i] += 0.5 * slope[i];
            }
            CovarianceDerivatives[k] = new Matrix(p, p, slope[m..]);
        }
    }

    /// <summary>n for maximum likelihood, n − p for REML.</summary>
    public double Degrees { get; }

    /// <summary>The Hessian of the criterion in θ, σ profiled out.</summary>
    public Matrix Hessian { get; }

    /// <summary>∂V/∂θ_k over the estimated coefficients.</summary>
    public Matrix[] CovarianceDerivatives { get; }

    /// <summary>The size of a change of each θ that matters.</summary>
    private double[] Scales { get; }

    /// <summary>The inverse of the Hessian over the directions in which it is positive.</summary>
    public Matrix InverseHessian()
    {
        int m = _theta.Length;
        var scaled = new Matrix(m, m);
        for (int j = 0; j < m; j++)
        {
            for (int i = 0; i < m; i++) scaled[i, j] = Hessian[i, j] * Scales[i] * Scales[j];
        }
        var eigen = SymmetricEigen.Decompose(scaled);
        var inverse = new Matrix(m, m);
        for (int k = 0; k < m && eigen.Values[k] > FlatDirection * eigen.Values[0]; k++)
        {
            for (int j = 0; j < m; j++)
            {
                for (int i = 0; i < m; i++) inverse[i, j] += eigen.Vectors[i, k] * eigen.Vectors[j, k] * Scales[i] * Scales[j] / eigen.Values[k];
            }
        }
        return inverse;
    }

    /// <summary>The derivative of (gradient, V) with respect to θ_k.</summary>
    private double[] Differentiate(int k)
    {
        double step = RelativeStep * Scales[k];
        double[] whole = Central(k, step), half = Central(k, step / 2), quarter = Central(k, step / 4);
        for (int i = 0; i < whole.Length; i++)
        {
            double coarse = (4 * half[i] - whole[i]) / 3, fine = (4 * quarter[i] - half[i]) / 3;
            whole[i] = (16 * fine - coarse) / 15;
        }
        return whole;
    }

    private double[] Central(int k, double step)
    {
        double at = _theta[k];
        _theta[k] = at + step;
        double[] above = Evaluate();
        _theta[k] = at - step;
        double[] below = Evaluate();
        _theta[k] = at;
        for (int i = 0; i < above.Length; i++) above[i] = (above[i] - below[i]) / (2 * step);
        return above;
    }

    private double[] Evaluate()
    {
        if (double.IsNaN(_deviance.Evaluate(_theta, _gradient))) throw new ModelException("The criterion cannot be evaluated near the estimates, so there are no degrees of freedom by Satterthwaite's method; simplify the random effects.");
        double sigma = Math.Sqrt(_deviance.PenalisedSumOfSquares / Degrees);
        return [.. _gradient, .. _joint.FixedCovariance(_deviance.Factor, sigma).Values];
    }

    /// <summary>Of each θ the size of a change that matters: 1/√(Σ w z²/levels) of its row, or its own size if that is larger.</summary>
    internal static double[] ScalesOf(JointPrecision joint)
    {
        var scales = new double[joint.Theta.Length];
        foreach (var term in joint.Layout.Terms)
        {
            for (int r = 0; r < term.Width; r++)
            {
                double unit = Math.Sqrt(term.Levels.Count / Math.Max(joint.SumOfSquares(term, r), 1e-300));
                for (int c = 0; c <= r; c++) scales[term.ThetaIndex(r, c)] = Math.Max(unit, Math.Abs(joint.Theta[term.ThetaIndex(r, c)]));
            }
        }
        return scales;
    }
}
