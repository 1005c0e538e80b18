namespace Terrace.MixedModels;

/// <summary>
/// How much larger than χ² with one degree of freedom the restricted likelihood ratio of a standard deviation or correlation is on average, by simulation: the factor by which the cut-off of its interval is
/// stretched.
/// <code>b = max(1, mean over s of d_R(ĉ; y*_s) − min d_R(·; y*_s)),  y*_s drawn from the fit, whose ĉ is the truth there</code>
/// Bartlett (1937), Properties of sufficiency and statistical tests; by simulation: Rocke (1989), Bootstrap Bartlett adjustment in seemingly unrelated regression. A factor below 1 comes of a truth next to the
/// end of the parameter's range, where the ratio is a mixture; it is not used. Each simulation has a stream of random numbers of its own. Checked by the coverage study and in <c>RestrictedProfileTests</c>.
/// </summary>
internal static class BartlettFactor
{
    /// <summary>One factor for each parameter; 1 where no simulation could be fitted.</summary>
    public static double[] Of(MixedModelFit fit, IReadOnlyList<ModelParameter> parameters, ProfileOptions options, CancellationToken cancellation)
    {
        int simulations = options.Simulations;
        IReadOnlyList<double[]> responses = Simulate.Responses(fit, simulations, options.Seed);
        var refit = new MixedModelRefit(fit);
        ModelParameters all = ModelParameters.Of(fit);
        Dictionary<string, double> values = all.All.Zip(all.Values([.. fit.Theta], fit.Sigma, [.. fit.Beta])).ToDictionary(pair => pair.First.Name, pair => pair.Second);
        double[] truth = [.. parameters.Select(parameter => values[parameter.Name])];
        var ratios = new double[simulations][];
        Parallel.For(0, simulations, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Threads), CancellationToken = cancellation }, s =>
            ratios[s] = Ratios(refit, responses[s], parameters, truth, cancellation));
        var factors = new double[parameters.Count];
        for (int k = 0; k < factors.Length; k++)
        {
            double[] finite = [.. ratios.Select(r => r[k]).Where(double.IsFinite)];
            factors[k] = finite.Length == 0 ? 1 : Math.Max(1, finite.Average());
        }
        return factors;
    }

    /// <summary>The ratio of each parameter on one simulated response; NaN where it cannot be computed.</summary>
    private static double[] Ratios(MixedModelRefit refit, double[] response, IReadOnlyList<ModelParameter> parameters, double[] truth, CancellationToken cancellation)
    {
        var ratios = new double[parameters.Count];
        Array.Fill(ratios, double.NaN);
        try
        {
            MixedModelFit simulated = refit.FitCompletely(response, cancellation);
            RefitModel model = RefitModel.Of(simulated, "a profile");
            for (int k = 0; k < ratios.Length; k++)
            {
                var criterion = new GeneralizedProfile(model);
                ModelParameter own = model.Parameters.All.First(p => p.Name == parameters[k].Name);
                ProfileTarget target = criterion.Target(own);
                if (!double.IsNaN(target.Estimate)) ratios[k] = RestrictedProfile.Ratio(target, criterion.Minimum(), criterion.FirstFixed!.Value, truth[k], cancellation);
            }
        }
        catch (ModelException)
        {
            // A simulated response that the model cannot be fitted to tells nothing about the ratio.
        }
        return ratios;
    }
}
