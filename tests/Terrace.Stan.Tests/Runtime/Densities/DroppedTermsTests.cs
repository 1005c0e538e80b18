using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Tests.Runtime.Densities;

/// <summary>Which summands of a log density are kept when some arguments are constant, written out for the distributions that models use most.</summary>
public sealed class DroppedTermsTests
{
    private const double Y = 0.3, A = 1.7, B = 2.4;

    [Fact]
    public void Only_what_involves_a_varying_argument_is_kept()
    {
        double z = (Y - A) / B, logZ = (Math.Log(Y) - A) / B, t = (Y - 1.2) / 0.8;
        Same(-0.5 * z * z, "normal", 0b001, Y, A, B);
        Same(-0.5 * z * z, "normal", 0b010, Y, A, B);
        Same((-0.5 * z * z) - Math.Log(B), "normal", 0b111, Y, A, B);
        Same(-0.5 * Y * Y, "std_normal", 0b1, Y);
        Same(-Math.Log(1 + (z * z)), "cauchy", 0b001, Y, A, B);
        Same(-Math.Log(1 + (z * z)) - Math.Log(B), "cauchy", 0b100, Y, A, B);
        Same(((A - 1) * Math.Log(Y)) - (B * Y), "gamma", 0b001, Y, A, B);
        Same((A * Math.Log(B)) - (B * Y), "gamma", 0b100, Y, A, B);
        Same((-(A + 1) * Math.Log(Y)) - (B / Y), "inv_gamma", 0b001, Y, A, B);
        Same((-0.5 * logZ * logZ) - Math.Log(Y), "lognormal", 0b001, Y, A, B);
        Same((-0.5 * logZ * logZ) - Math.Log(B), "lognormal", 0b110, Y, A, B);
        Same(((A - 1) * Math.Log(Y)) + ((B - 1) * Math.Log(1 - Y)), "beta", 0b001, Y, A, B);
        Same(((A - 1) * Math.Log(Y)) + GammaFunction.LogGamma(A + B) - GammaFunction.LogGamma(A), "beta", 0b010, Y, A, B);
        Same(-2 * Math.Log(1 + (t * t / 3)), "student_t", 0b0101, Y, 3, 1.2, 0.8);
        Same((-2 * Math.Log(1 + (t * t / 3))) - Math.Log(0.8), "student_t", 0b1000, Y, 3, 1.2, 0.8);
        Same(-B * Y, "exponential", 0b01, Y, B);
        Same(-Math.Abs(z), "double_exponential", 0b011, Y, A, B);
        Same(((A - 1) * Math.Log(Y)) - Math.Pow(Y / B, A), "weibull", 0b001, Y, A, B);
        Same(0, "uniform", 0b001, Y, 0, B);
        Same(-Math.Log(B), "uniform", 0b100, Y, 0, B);
        Same(-(B + 1) * Math.Log(2.2), "pareto", 0b001, 2.2, A, B);
    }

    private static void Same(double expected, string name, int terms, params double[] x) => Assert.Equal(expected, new ContinuousDistribution(name).Log(x, terms, out _), 1e-13);
}
