using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.Numerics.Tests.Optimization;

public class GradientDifferencesTests
{
    [Fact]
    public void The_hessian_of_a_known_function_is_found()
    {
        // f = x² y + exp(y): gradient (2xy, x² + exp(y)).
        static double Function(ReadOnlySpan<double> x, Span<double> gradient)
        {
            (gradient[0], gradient[1]) = (2 * x[0] * x[1], x[0] * x[0] + Math.Exp(x[1]));
            return x[0] * x[0] * x[1] + Math.Exp(x[1]);
        }
        Matrix hessian = GradientDifferences.Hessian(Function, [3, 0.5]);
        Assert.Equal(1, hessian[0, 0], 1e-7);
        Assert.Equal(6, hessian[0, 1], 1e-7);
        Assert.Equal(6, hessian[1, 0], 1e-7);
        Assert.Equal(Math.Exp(0.5), hessian[1, 1], 1e-7);
    }

    [Fact]
    public void A_step_outside_the_domain_gives_NaN_in_its_column()
    {
        static double Function(ReadOnlySpan<double> x, Span<double> gradient)
        {
            (gradient[0], gradient[1]) = (1 / x[0], 1);
            return x[0] > 0 ? Math.Log(x[0]) + x[1] : double.NaN;
        }
        Matrix hessian = GradientDifferences.Hessian(Function, [1e-6, 1]);
        Assert.True(double.IsNaN(hessian[0, 0]));
        Assert.Equal(0, hessian[1, 1], 1e-6);
    }
}
