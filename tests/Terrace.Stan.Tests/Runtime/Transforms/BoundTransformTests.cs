using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Transforms;

namespace Terrace.Stan.Tests.Runtime.Transforms;

public sealed class BoundTransformTests
{
    private const double Infinity = double.PositiveInfinity;
    private static readonly double[] Y = [-1.2, 0.3, 2.5];

    [Fact]
    public void A_lower_bound_is_an_exponential_above_it()
    {
        double[][] bounds = [[0], [-1.5], [-Infinity], [0.4, -Infinity, 2]];
        foreach (double[] a in bounds)
        {
            (double[] x, double logJacobian) = TransformCheck.Verify((w, b, jacobian) => LowerBoundTransform.Constrain(w, b[0], b[1], jacobian), (x, y) => LowerBoundTransform.Free(x, y, a), [0, 1, 2], (AdjointCheck.Vector(3), Y), (AdjointCheck.Vector(a.Length), a));
            for (int i = 0; i < 3; i++) Assert.Equal(double.IsInfinity(a[i % a.Length]) ? Y[i] : a[i % a.Length] + Math.Exp(Y[i]), x[i], 1e-14);
            Assert.Equal(Enumerable.Range(0, 3).Sum(i => double.IsInfinity(a[i % a.Length]) ? 0 : Y[i]), logJacobian, 1e-14);
        }
    }

    [Fact]
    public void An_upper_bound_is_an_exponential_below_it()
    {
        double[][] bounds = [[0], [1.5], [Infinity], [0.4, Infinity, 2]];
        foreach (double[] b in bounds)
        {
            (double[] x, _) = TransformCheck.Verify((w, i, jacobian) => UpperBoundTransform.Constrain(w, i[0], i[1], jacobian), (x, y) => UpperBoundTransform.Free(x, y, b), [0, 1, 2], (AdjointCheck.Vector(3), Y), (AdjointCheck.Vector(b.Length), b));
            for (int i = 0; i < 3; i++) Assert.Equal(double.IsInfinity(b[i % b.Length]) ? Y[i] : b[i % b.Length] - Math.Exp(Y[i]), x[i], 1e-14);
        }
    }

    [Fact]
    public void An_interval_is_a_logistic_curve_and_an_infinite_end_leaves_the_other_bound()
    {
        (double[] Low, double[] High)[] bounds = [([0], [1]), ([-1.5], [2]), ([-Infinity], [2]), ([-1], [Infinity]), ([-Infinity], [Infinity]), ([0.1, -Infinity, 1], [3]), ([-1], [1, Infinity, 4])];
        foreach ((double[] low, double[] high) in bounds)
        {
            (double[] x, _) = TransformCheck.Verify(
                (w, i, jacobian) => LowerUpperBoundTransform.Constrain(w, i[0], i[1], i[2], jacobian), (x, y) => LowerUpperBoundTransform.Free(x, y, low, high), [0, 1, 2],
                (AdjointCheck.Vector(3), Y), (AdjointCheck.Vector(low.Length), low), (AdjointCheck.Vector(high.Length), high));
            for (int i = 0; i < 3; i++)
            {
                double a = low[i % low.Length], b = high[i % high.Length];
                double expected = (double.IsInfinity(a), double.IsInfinity(b)) switch { (true, true) => Y[i], (true, false) => b - Math.Exp(Y[i]), (false, true) => a + Math.Exp(Y[i]), _ => a + ((b - a) / (1 + Math.Exp(-Y[i]))) };
                Assert.Equal(expected, x[i], 1e-14);
            }
        }
    }

    [Fact]
    public void An_interval_whose_ends_are_in_the_wrong_order_is_refused()
    {
        var w = new Workspace();
        Block one = w.AllocateScalar(1, false);
        Assert.Throws<StanFaultException>(() => LowerUpperBoundTransform.Constrain(w, w.AllocateScalar(0.3, false), one, one, true));
    }

    [Fact]
    public void An_offset_and_a_multiplier_move_and_stretch()
    {
        (double[] Offset, double[] Multiplier)[] cases = [([0.3], [2]), ([1, 2, 3], [0.5]), ([-1], [1, 2, 3]), ([1, 0, -1], [0.2, 2, 1.1])];
        foreach ((double[] mu, double[] sigma) in cases)
        {
            (double[] x, double logJacobian) = TransformCheck.Verify(
                (w, i, jacobian) => OffsetMultiplierTransform.Constrain(w, i[0], i[1], i[2], jacobian), (x, y) => OffsetMultiplierTransform.Free(x, y, mu, sigma), [0, 1, 2],
                (AdjointCheck.Vector(3), Y), (AdjointCheck.Vector(mu.Length), mu), (AdjointCheck.Vector(sigma.Length), sigma));
            for (int i = 0; i < 3; i++) Assert.Equal(mu[i % mu.Length] + (sigma[i % sigma.Length] * Y[i]), x[i], 1e-14);
            Assert.Equal(Enumerable.Range(0, 3).Sum(i => Math.Log(sigma[i % sigma.Length])), logJacobian, 1e-14);
        }
        var workspace = new Workspace();
        Block zero = workspace.AllocateScalar(0, false);
        Assert.Throws<StanFaultException>(() => OffsetMultiplierTransform.Constrain(workspace, zero, zero, zero, true));
    }

    [Fact]
    public void Values_outside_their_bounds_are_named()
    {
        Assert.Contains("element 2 is -1, but must be at least 0", Assert.Throws<ArgumentException>(() => LowerBoundTransform.Free([1, -1], new double[2], [0])).Message);
        Assert.Contains("x: element 1 is 3, but must be at most 2", Assert.Throws<StanFaultException>(() => UpperBoundTransform.Check([3, 1], "x", [2])).Message);
        Assert.Contains("the value is NaN, but must be between 0 and 1", Assert.Throws<ArgumentException>(() => LowerUpperBoundTransform.Free([double.NaN], new double[1], [0], [1])).Message);
        LowerUpperBoundTransform.Check([0, 1, 0.5], "x", [0], [1]);
        OffsetMultiplierTransform.Check([0, 1], "x", [0], [1, 3]);
    }
}
