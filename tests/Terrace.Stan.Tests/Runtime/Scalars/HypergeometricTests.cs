using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Scalars;

namespace Terrace.Stan.Tests.Runtime.Scalars;

/// <summary>Hypergeometric functions against elementary functions and integrals, with gradients by every parameter.</summary>
public sealed class HypergeometricTests
{
    private static (Block, double[]) S(double x) => (AdjointCheck.Scalar, [x]);

    private static (Block, double[]) V(params double[] x) => (AdjointCheck.Vector(x.Length), x);

    [Theory]
    [InlineData(0.7, 0.4)]
    [InlineData(-2.5, -0.8)]
    public void One_zero_is_a_power(double a, double z) =>
        Assert.Equal(Math.Pow(1 - z, -a), AdjointCheck.Verify((w, b) => Hypergeometric.OneZero(w, b[0], b[1]), 1e-7, S(a), S(z))[0], 1e-13);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(-0.6)]
    [InlineData(-4.2)]
    public void Two_one_of_ones_is_a_logarithm(double z) =>
        // 2F1(1, 1; 2; z) = −log(1 − z)/z.
        Assert.Equal(-Math.Log(1 - z) / z, AdjointCheck.Verify((w, b) => Hypergeometric.TwoOne(w, b[0], b[1], b[2], b[3]), 1e-6, S(1), S(1), S(2), S(z))[0], 1e-13);

    [Theory]
    [InlineData(0.3, 1.4, 2.9, 0.6)]
    [InlineData(1.7, 0.8, 2.2, -3)]
    [InlineData(-2, 1.5, 0.7, 3.5)]
    public void Two_one_is_Eulers_integral(double a, double b, double c, double z)
    {
        // With z beyond the circle the series must end, so the upper parameter stays where it is.
        double value = a == -2
            ? AdjointCheck.Verify((w, x) => Hypergeometric.TwoOne(w, w.AllocateScalar(a, false), x[0], x[1], x[2]), 1e-6, S(b), S(c), S(z))[0]
            : AdjointCheck.Verify((w, x) => Hypergeometric.TwoOne(w, x[0], x[1], x[2], x[3]), 1e-6, S(a), S(b), S(c), S(z))[0];
        // A polynomial for a = −2: 1 + ab/c z + a(a+1)b(b+1)/(c(c+1)) z²/2; else Γ(c)/(Γ(b)Γ(c−b)) ∫ t^(b−1) (1−t)^(c−b−1) (1−zt)^(−a) dt with t = 1/(1 + e^(−u)).
        double expected = 1 + (a * b / c * z) + (a * (a + 1) * b * (b + 1) / (c * (c + 1)) * z * z / 2);
        if (a != -2)
        {
            double sum = 0;
            for (int k = -600; k <= 600; k++)
            {
                double u = 0.1 * k, t = 1 / (1 + Math.Exp(-u)), rest = 1 / (1 + Math.Exp(u));
                sum += 0.1 * Math.Pow(t, b) * Math.Pow(rest, c - b) * Math.Pow(1 - (z * t), -a);
            }
            expected = sum * Math.Exp(MathNet.Numerics.SpecialFunctions.GammaLn(c) - MathNet.Numerics.SpecialFunctions.GammaLn(b) - MathNet.Numerics.SpecialFunctions.GammaLn(c - b));
        }
        Assert.Equal(expected, value, 1e-10 * Math.Max(1, Math.Abs(expected)));
    }

    [Fact]
    public void The_general_function_has_the_elementary_ones_as_cases()
    {
        // 0F0(z) = e^z; 1F1(1; 2; z) = (e^z − 1)/z; 0F1(; 3/2; −z²/4) = sin z/z; 3F2(1, 1, 1; 2, 2; z) = Li₂(z)/z.
        Assert.Equal(Math.Exp(0.7), AdjointCheck.Verify((w, b) => Hypergeometric.PFq(w, b[0], b[1], b[2]), 1e-7, V(), V(), S(0.7))[0], 1e-14);
        Assert.Equal((Math.Exp(-1.3) - 1) / -1.3, AdjointCheck.Verify((w, b) => Hypergeometric.PFq(w, b[0], b[1], b[2]), 1e-7, V(1), V(2), S(-1.3))[0], 1e-14);
        Assert.Equal(Math.Sin(2) / 2, AdjointCheck.Verify((w, b) => Hypergeometric.PFq(w, b[0], b[1], b[2]), 1e-7, V(), V(1.5), S(-1))[0], 1e-14);
        double dilogarithm = 0;
        for (int k = 1; k < 60; k++) dilogarithm += Math.Pow(0.5, k) / (k * k);
        Assert.Equal(dilogarithm / 0.5, AdjointCheck.Verify((w, b) => Hypergeometric.ThreeTwo(w, b[0], b[1], b[2]), 1e-7, V(1, 1, 1), V(2, 2), S(0.5))[0], 1e-14);
        Assert.Equal(1, AdjointCheck.Verify((w, b) => Hypergeometric.PFq(w, b[0], b[1], b[2]), 1e-7, V(0.3, 1.2), V(2.5), S(0))[0]);
    }

    [Theory]
    [InlineData("hypergeometric_1F0(1, 1.5)", "hypergeometric_1F0: argument is 1.5")]
    [InlineData("hypergeometric_2F1(1, 1, 2, 1.5)", "hypergeometric_2F1: the series with 2 upper and 1 lower parameters does not converge at 1.5")]
    [InlineData("hypergeometric_pFq([1]', {-1}, 0.5)", "hypergeometric_pFq: a lower parameter is -1")]
    [InlineData("hypergeometric_3F2([1, 2]', {1, 2}, 0.5)", "hypergeometric_3F2: there are 2 upper and 2 lower parameters")]
    public void Arguments_outside_the_domain_are_refused(string expression, string message) =>
        Assert.Contains(message, Assert.Throws<StanRunException>(() => new Language.Program($"transformed data {{ real x = {expression}; }}")).Message, StringComparison.Ordinal);
}
