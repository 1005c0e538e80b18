using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Densities;

namespace Terrace.Stan.Tests.Runtime.Discrete;

/// <summary>The number of successes of unequal trials, against the sum over all outcomes of the trials.</summary>
public sealed class PoissonBinomialTests
{
    private static readonly double[] Theta = [0.2, 0.75, 0.5, 0.9];

    private static double Mass(int y, double[] theta)
    {
        double sum = 0;
        for (int set = 0; set < 1 << theta.Length; set++)
        {
            if (System.Numerics.BitOperations.PopCount((uint)set) != y) continue;
            double product = 1;
            for (int i = 0; i < theta.Length; i++) product *= (set >> i & 1) != 0 ? theta[i] : 1 - theta[i];
            sum += product;
        }
        return sum;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Masses_and_tails_are_sums_over_the_outcomes_of_the_trials(int y)
    {
        (Block, double[]) theta = (AdjointCheck.Vector(4), Theta);
        double lower = Enumerable.Range(0, y + 1).Sum(k => Mass(k, Theta));
        Assert.Equal(Math.Log(Mass(y, Theta)), AdjointCheck.Verify((w, b) => PoissonBinomial.Log(w, -1, y, b[0]), 1e-7, theta)[0], 1e-13);
        Assert.Equal(Math.Log(lower), AdjointCheck.Verify((w, b) => PoissonBinomial.LogCdf(w, y, b[0]), 1e-7, theta)[0], 1e-13);
        Assert.Equal(lower, AdjointCheck.Verify((w, b) => PoissonBinomial.Cdf(w, y, b[0]), 1e-7, theta)[0], 1e-13);
        if (y < 4) Assert.Equal(Math.Log(1 - lower), AdjointCheck.Verify((w, b) => PoissonBinomial.LogCcdf(w, y, b[0]), 1e-7, theta)[0], 1e-12);
    }

    [Fact]
    public void Arrays_of_outcomes_and_of_probabilities_are_summed()
    {
        double[] other = [0.4, 0.1, 0.3, 0.6];
        double value = AdjointCheck.Verify((w, b) => PoissonBinomial.Log(w, -1, w.Array([1, 3]), b[0]), 1e-7, (new Block(0, 2, 4, 1, true), [.. Theta, .. other]))[0];
        Assert.Equal(Math.Log(Mass(1, Theta)) + Math.Log(Mass(3, other)), value, 1e-13);
        Assert.Equal(
            Math.Log(Mass(1, Theta)) + Math.Log(Mass(3, Theta)), AdjointCheck.Verify((w, b) => PoissonBinomial.Log(w, -1, w.Array([1, 3]), b[0]), 1e-7, (AdjointCheck.Vector(4), Theta))[0], 1e-13);
    }

    [Fact]
    public void Certain_trials_have_a_derivative_too() =>
        Assert.Equal(Math.Log(0.7), AdjointCheck.Verify((w, b) => PoissonBinomial.Log(w, -1, 1, Combined(w, b[0])), 1e-7, (AdjointCheck.Scalar, [0.3]))[0], 1e-14);

    private static Block Combined(Workspace w, Block x)
    {
        Block result = w.AllocateVector(2, true);
        w.V[result.Offset] = 1;
        w.V[result.Offset + 1] = w.V[x.Offset];
        w.Edge(x.Offset, 1);
        w.CloseLinear(result.Offset + 1, 1);
        return result;
    }

    /// <summary>40,000 draws by χ²; a right sampler fails with probability 1e-5.</summary>
    [Fact]
    public void Draws_have_the_masses()
    {
        Workspace w = Arenas.Create();
        Block theta = w.Vector(Theta);
        var counts = new Dictionary<int, int>();
        for (int i = 0; i < 40_000; i++)
        {
            int k = PoissonBinomial.Draw(w, theta);
            counts[k] = counts.GetValueOrDefault(k) + 1;
        }
        DiscreteDrawTests.Verify("poisson_binomial", 0, 4, k => Mass(k, Theta), counts);
    }
}
