namespace Terrace.Inference.Posterior;

/// <summary>What a sampler tells about each iteration, beside the draws: chains × iterations, chain after chain. Immutable. The names in files are CmdStan's (<c>accept_stat__</c> …).</summary>
public sealed class SamplerStatistics
{
    /// <summary>Takes over arrays of chains × iterations values each, chain after chain.</summary>
    /// <exception cref="ArgumentException">An array has another length.</exception>
    public SamplerStatistics(int chains, int iterations, double[] logDensity, double[] acceptance, double[] stepSize, int[] treeDepth, int[] leapfrogSteps, bool[] divergent, double[] energy)
    {
        int count = checked(chains * iterations);
        if (logDensity.Length != count || acceptance.Length != count || stepSize.Length != count || treeDepth.Length != count || leapfrogSteps.Length != count || divergent.Length != count || energy.Length != count)
            throw new ArgumentException($"{chains} chains of {iterations} iterations need {count} values of each statistic.");
        (Chains, Iterations, LogDensity, Acceptance, StepSize, TreeDepth, LeapfrogSteps, Divergent, Energy) = (chains, iterations, logDensity, acceptance, stepSize, treeDepth, leapfrogSteps, divergent, energy);
    }

    /// <summary>The number of chains.</summary>
    public int Chains { get; }

    /// <summary>The number of iterations of a chain.</summary>
    public int Iterations { get; }

    /// <summary>The log density at the draw, Jacobian included (<c>lp__</c>).</summary>
    public IReadOnlyList<double> LogDensity { get; }

    /// <summary>The mean acceptance probability along the trajectory (<c>accept_stat__</c>).</summary>
    public IReadOnlyList<double> Acceptance { get; }

    /// <summary>The step size (<c>stepsize__</c>).</summary>
    public IReadOnlyList<double> StepSize { get; }

    /// <summary>The number of doublings of the trajectory (<c>treedepth__</c>).</summary>
    public IReadOnlyList<int> TreeDepth { get; }

    /// <summary>The number of leapfrog steps, which is the number of gradients (<c>n_leapfrog__</c>).</summary>
    public IReadOnlyList<int> LeapfrogSteps { get; }

    /// <summary>Whether the trajectory diverged (<c>divergent__</c>).</summary>
    public IReadOnlyList<bool> Divergent { get; }

    /// <summary>The Hamiltonian at the draw (<c>energy__</c>).</summary>
    public IReadOnlyList<double> Energy { get; }
}
