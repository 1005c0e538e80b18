using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Tests.Runtime;

public sealed class MixtureTests
{
    [Fact]
    public void A_mixture_of_one_observation_is_the_log_of_the_weighted_sum()
    {
        double[] value = AdjointCheck.Verify((w, x) => Mixtures.LogMix(w, x[0], x[1]), 1e-8, (AdjointCheck.Vector(3), [0.2, 0.5, 0.3]), (AdjointCheck.Vector(3), [-1, 0.4, -2]));
        Assert.Equal(Math.Log((0.2 * Math.Exp(-1)) + (0.5 * Math.Exp(0.4)) + (0.3 * Math.Exp(-2))), value[0], 14);
    }

    [Fact]
    public void Several_observations_add_up()
    {
        double[] value = AdjointCheck.Verify((w, x) => Mixtures.LogMix(w, x[0], x[1]), 1e-8, (AdjointCheck.Vector(2), [0.2, 0.8]), (new Block(0, 3, 2, 1, true), [-1, 0.4, -2, 1, 0, 3]));
        double expected = 0;
        foreach ((double a, double b) in ((double, double)[])[(-1, 0.4), (-2, 1), (0, 3)]) expected += Math.Log((0.2 * Math.Exp(a)) + (0.8 * Math.Exp(b)));
        Assert.Equal(expected, value[0], 13);
    }
}
