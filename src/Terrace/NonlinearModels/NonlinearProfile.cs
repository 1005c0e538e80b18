using Terrace.LinearModels;
using Terrace.MixedModels;

namespace Terrace.NonlinearModels;

/// <summary>
/// Profiles of a nonlinear model and the intervals from them. Of a least-squares fit they are Bates and Watts' profile t intervals of the parameters (R's <c>confint</c> of an <c>nls</c> fit); of a mixed model profile
/// likelihoods of standard deviations, correlations, σ and fixed effects, which lme4's <c>nlmer</c> has not.
/// </summary>
/// <remarks>
/// Least squares: τ(c) = sign(c − φ̂) √((S(c) − S) / s²), S(c) the least sum of squares with the parameter held at c, s² = S / (n − p); the interval holds the c with |τ| ≤ t quantile (Bates and Watts 1988, section
/// 6.1.2). <see cref="ProfilePoint.Zeta"/> is τ. Mixed models: <see cref="NonlinearMixedProfile"/>. Check: NonlinearProfileTests (R's confint; brute force).
/// </remarks>
public static class NonlinearProfile
{
    /// <summary>Profile t intervals of a least-squares fit; σ has none.</summary>
    /// <exception cref="ModelException">A parameter is not known.</exception>
    public static ProfileLikelihood Of(NonlinearModelFit fit, ProfileOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new ProfileOptions();
        ModelParameter[] all = [.. NonlinearBootstrap.Parameters(fit).Where(parameter => parameter.Kind == ModelParameterKind.FixedEffect)];
        ModelParameter[] wanted = options.Parameters is null ? all : [.. options.Parameters.Select(name => ProfileLikelihood.Named(all, name))];
        return new ProfileLikelihood([.. wanted.Select(parameter => Profile(fit, parameter, options, cancellation))], all);
    }

    /// <summary>Profile likelihoods of a mixed model.</summary>
    /// <exception cref="ModelException">A parameter is not known.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static ProfileLikelihood Of(NonlinearMixedModelFit fit, ProfileOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return ProfileLikelihood.Of(_ => new NonlinearMixedProfile(fit), NonlinearBootstrap.Parameters(fit), null, options ?? new ProfileOptions(), cancellation);
    }

    private static ParameterProfile Profile(NonlinearModelFit fit, ModelParameter parameter, ProfileOptions options, CancellationToken cancellation)
    {
        var problem = new NonlinearProblem(fit.Mean, fit.Data.Rows);
        int held = parameter.Coefficient;
        double estimate = fit.Estimates.Values[held], scale = fit.Deviance / fit.ResidualDf, least = problem.ResidualSquares(Means(problem, fit.Estimates.Values));
        var points = new SortedList<double, (ProfilePoint Point, double[] At)> { [estimate] = (new ProfilePoint(estimate, 0, [.. fit.Estimates.Values]), [.. fit.Estimates.Values]) };
        double TauAt(double value)
        {
            double[] start = [.. points.MinBy(point => Math.Abs(point.Key - value)).Value.At];
            start[held] = value;
            var search = new LeastSquaresSearch(problem, start) { Held = held };
            if (!search.Run(fit.Data.Options.MaximumIterations, cancellation) || !search.Converged) return double.NaN;
            double tau = Math.Sign(value - estimate) * Math.Sqrt(Math.Max(0, search.Squares - least) / scale);
            points[value] = (new ProfilePoint(value, tau, [.. search.Parameters]), search.Parameters);
            return tau;
        }

        double cut = fit.Estimates.CriticalValue(options.Level);
        var curve = new ProfileCurve(estimate, double.NegativeInfinity, double.PositiveInfinity, 0.5 * Math.Sqrt(fit.Estimates.Covariance[held, held]), TauAt);
        curve.Follow(Math.Max(options.Reach, cut));
        var (lower, lowerKind) = curve.Solve(-cut);
        var (upper, upperKind) = curve.Solve(cut);
        return new ParameterProfile(parameter, estimate, [.. points.Values.Select(p => p.Point)], options.Level) { Lower = lower, Upper = upper, LowerKind = lowerKind, UpperKind = upperKind };
    }

    private static double[] Means(NonlinearProblem problem, IReadOnlyList<double> parameters)
    {
        var mean = new double[problem.Count];
        problem.Evaluate([.. parameters], mean, []);
        return mean;
    }
}
