using Terrace.MixedModels;

namespace Terrace.DistributionalModels;

/// <summary>A distributional model searched again from dispersed starts and by a method without gradients: <see cref="RestartCheck"/> for families with parameters beside the mean.</summary>
/// <remarks>The aim of lme4's <c>allFit</c>. Check: DistributionalRefitTests.</remarks>
public static class DistributionalRestarts
{
    /// <summary>Searches the criterion of <paramref name="fit"/> again.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="starts">How many dispersed starts there are.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <returns>The fixed effects are the coefficients of all components, those of the zero part as <c>zi~x</c>, of the dispersion as <c>disp~x</c>, on the scales of the predictors.</returns>
    public static RestartCheck Of(DistributionalModelFit fit, int starts = 8, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        DistributionalSearch search = DistributionalSearch.Prepare(fit.Data.Rows, fit.Family, fit.Data.Options, cancellation);
        string[] names = [.. fit.Components.SelectMany(component => component.Estimated.Select(j => component.HasFormula ? DistributionalParameterList.Prefix(component) + component.Names[j] : component.Component))];
        return RestartCheck.Of(new Problem(search), names, fit.LogLikelihood, starts, cancellation);
    }

    private sealed class Problem : SearchProblem
    {
        private readonly DistributionalSearch _search;

        public Problem(DistributionalSearch search) : base(search.Layout, search.Scaling)
        {
            _search = search;
            Start = search.Start;
            Curvature = search.CurvatureGuess();
        }

        public override double Evaluate(ReadOnlySpan<double> point, Span<double> gradient) => _search.Evaluate(point, gradient);

        public override double[] FixedEffects(double[] point)
        {
            double[] natural = _search.Natural(point);
            return [.. DistributionalAssembly.Components(_search.Likelihood, _search.Basis, natural.AsSpan(Layout.ThetaCount)).SelectMany(component => component.Estimated.Select(j => component.Estimates[j]))];
        }

        public override double Sigma(double[] point) => 1;
    }
}
