using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan;

/// <summary>Runs of a program without parameters: generated quantities, as often as draws are asked for. There is nothing to warm up, and every draw is independent, so that thinning changes nothing.</summary>
internal static class FixedParameters
{
    /// <summary>The draws of all chains.</summary>
    public static SamplingResult Run(BoundStanModel model, NutsOptions options, CancellationToken cancellation)
    {
        int count = options.Chains * options.Iterations;
        double[] values = new double[model.Layout.Count * count], draw = new double[model.Layout.Count];
        for (int chain = 0; chain < options.Chains; chain++)
        {
            ILogDensity density = model.CreateEvaluator();
            var rng = new Rng(options.Seed, (ulong)chain);
            for (int iteration = 0; iteration < options.Iterations; iteration++)
            {
                cancellation.ThrowIfCancellationRequested();
                density.WriteDraw([], rng, draw);
                for (int column = 0; column < draw.Length; column++) values[(column * count) + (chain * options.Iterations) + iteration] = draw[column];
            }
        }
        var statistics = new SamplerStatistics(options.Chains, options.Iterations, new double[count], [.. Enumerable.Repeat(1.0, count)], new double[count], new int[count], new int[count], new bool[count], new double[count]);
        return new SamplingResult { Draws = new Draws(model.Layout, options.Chains, options.Iterations, values), Statistics = statistics };
    }
}
