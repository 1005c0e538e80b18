using Terrace.MixedModels;
using Terrace.Numerics.Optimization;

namespace Terrace.NonlinearModels;

/// <summary>A nonlinear mixed model searched again from dispersed starts and by a method without gradients: <see cref="RestartCheck"/> for mean functions.</summary>
/// <remarks>The aim of lme4's <c>allFit</c>. Check: NonlinearRefitTests.</remarks>
public static class NonlinearRestarts
{
    /// <summary>Searches the criterion of <paramref name="fit"/> again.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="starts">How many dispersed starts there are, about the least-squares fit without random effects.</param>
    /// <param name="cancellation">Ends the work early.</param>
    public static RestartCheck Of(NonlinearMixedModelFit fit, int starts = 8, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var problem = new NonlinearProblem(fit.Mean, fit.Data.Rows);
        double[] jacobian = new double[problem.Count * problem.Parameters], mean = new double[problem.Count];
        problem.Evaluate(fit.Start.ToArray(), mean, jacobian);
        var linear = new LinearizedCells(problem, fit.Data.Rows, jacobian);
        return RestartCheck.Of(new Problem(fit, linear, problem), fit.FixedNames, fit.LogLikelihood, starts, cancellation);
    }

    private sealed class Problem : SearchProblem
    {
        private readonly NonlinearLaplace _laplace;
        private readonly FixedEffectsBasis _basis;
        private readonly double[] _centre;
        private readonly double _unit;
        private readonly int _rows;
        private readonly Objective _criterion;

        public Problem(NonlinearMixedModelFit fit, LinearizedCells linear, NonlinearProblem problem) : base(linear.Cells.Layout, new RandomTermScaling(linear.Cells, problem.Observations.Weight))
        {
            _laplace = new NonlinearLaplace(linear, problem.Observations, joint: false, fit.Data.Options.Information);
            _basis = linear.Cells.Basis;
            _centre = _basis.FromCoefficients(fit.Start.ToArray());
            (_unit, _rows) = (fit.Sigma, problem.Observations.WeightedRows);
            _criterion = _laplace.InCoordinates(point => new NonlinearPoint(Theta(point), Gamma(point)));
            Start = [.. Layout.IdentityTheta(), .. new double[_centre.Length]];
            Curvature = [.. Layout.Terms.SelectMany(term => Enumerable.Repeat(2.0 * term.Levels.Count, term.ThetaCount)), .. _centre.Select(_ => 2.0)];
        }

        public override double Evaluate(ReadOnlySpan<double> point, Span<double> gradient) => _criterion(point, gradient);

        public override double[] FixedEffects(double[] point) => _basis.ToCoefficients(Gamma(point));

        public override double Sigma(double[] point)
        {
            Evaluate(point, []);
            return Math.Sqrt(_laplace.Modes.Penalised / _rows);
        }

        private double[] Gamma(double[] point) => [.. _centre.Select((c, j) => c + _unit * point[Layout.ThetaCount + j])];
    }
}
