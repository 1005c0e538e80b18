using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Densities;

namespace Terrace.Stan.Tests.Runtime;

public sealed class NormalVectorTests
{
    [Theory]
    [InlineData(4, 4, 4)]
    [InlineData(4, 4, 1)]
    [InlineData(4, 1, 1)]
    [InlineData(1, 4, 1)]
    [InlineData(1, 1, 4)]
    [InlineData(4, 1, 4)]
    [InlineData(1, 1, 1)]
    public void The_vector_density_is_the_sum_of_scalar_ones_with_their_derivatives(int outcomes, int locations, int scales)
    {
        double[] y = [.. Enumerable.Range(0, outcomes).Select(i => (0.3 * i) - 0.7)], mu = [.. Enumerable.Range(0, locations).Select(i => 0.1 + (0.2 * i * i))], sigma = [.. Enumerable.Range(0, scales).Select(i => 0.6 + (0.5 * i))];
        double[] value = AdjointCheck.Verify(
            (w, x) => NormalVector.Log(w, -1, x[0], x[1], x[2]), 1e-7, (AdjointCheck.Vector(outcomes), y), (AdjointCheck.Vector(locations), mu), (AdjointCheck.Vector(scales), sigma));
        double expected = 0;
        for (int i = 0; i < Math.Max(outcomes, Math.Max(locations, scales)); i++)
        {
            double s = sigma[i % scales], z = (y[i % outcomes] - mu[i % locations]) / s;
            expected += (-0.5 * z * z) - Math.Log(s) - (0.5 * Math.Log(2 * Math.PI));
        }
        Assert.Equal(expected, value[0], 12);
    }

    [Fact]
    public void A_scale_that_is_not_positive_is_rejected()
    {
        var w = new Workspace();
        StanFaultException fault = Assert.Throws<StanFaultException>(() => NormalVector.Log(w, -1, w.AllocateScalar(0, false), w.AllocateScalar(0, false), w.AllocateScalar(-1, false)));
        Assert.Equal("normal_lpdf: scale is -1, but must be positive", fault.Message);
    }
}
