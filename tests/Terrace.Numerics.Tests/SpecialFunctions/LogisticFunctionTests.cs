using Terrace.Numerics.SpecialFunctions;
using static Terrace.Numerics.Tests.Closeness;

namespace Terrace.Numerics.Tests.SpecialFunctions;

public class LogisticFunctionTests
{
    [Theory]
    [InlineData(-800, 0, 0)]
    [InlineData(-40, 4.2483542552915889953e-18, 4.2483542552915889863e-18)]
    [InlineData(-1, 0.26894142136999512075, 0.31326168751822283405)]
    [InlineData(0, 0.5, 0.69314718055994530942)]
    [InlineData(3, 0.95257412682243321912, 3.0485873515737420590)]
    [InlineData(800, 1, 800)]
    public void Logistic_and_log1p_exp_are_accurate(double x, double logistic, double log1pExp)
    {
        Close(logistic, LogisticFunction.Logistic(x), 1e-15);
        Close(log1pExp, LogisticFunction.Log1pExp(x), 1e-15);
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(0.3)]
    [InlineData(0.5000001)]
    [InlineData(0.9)]
    public void Logit_inverts_logistic(double p) => Close(p, LogisticFunction.Logistic(LogisticFunction.Logit(p)), 1e-14);

    [Theory]
    [InlineData(1e-10, 1.00000000005e-10)]
    [InlineData(-0.3, -0.25918177931828213)]
    [InlineData(2, 6.38905609893065)]
    public void Expm1_keeps_small_arguments(double x, double expected) => Close(expected, LogisticFunction.Expm1(x), 1e-14);

    [Theory]
    [InlineData(1e-10, -23.025850929990458)]
    [InlineData(1, -0.45867514538708190)]
    [InlineData(50, -1.9287498479639178e-22)]
    public void Log1m_exp_keeps_both_ends(double x, double expected) => Close(expected, LogisticFunction.Log1mExp(x), 1e-14);

    [Fact]
    public void Not_a_number_stays_so() => Assert.True(double.IsNaN(LogisticFunction.Log1pExp(double.NaN)) && double.IsNaN(LogisticFunction.Logistic(double.NaN)));
}
