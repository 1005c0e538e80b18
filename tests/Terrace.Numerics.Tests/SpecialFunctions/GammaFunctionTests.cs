using Terrace.Numerics.SpecialFunctions;
using static Terrace.Numerics.Tests.Closeness;

namespace Terrace.Numerics.Tests.SpecialFunctions;

/// <summary>Expected values by 40-digit arithmetic; quantiles as R 4.2.2 prints them.</summary>
public class GammaFunctionTests
{
    [Theory]
    [InlineData(1e-10, 23.0258509298827352)]
    [InlineData(0.1, 2.2527126517342059)]
    [InlineData(0.49, 0.592249629335267056)]
    [InlineData(0.99, 5.85480676470978145e-3)]
    [InlineData(1.0000001, -5.7721558299185071e-8)]
    [InlineData(1.4616321449683623, -0.121486290535849608)]
    [InlineData(1.9999, -4.2275208772153458e-5)]
    [InlineData(2.3, 0.154189454959630475)]
    [InlineData(7.5, 7.53436423675873296)]
    [InlineData(14.999, 25.1885468705469279)]
    [InlineData(15.0, 25.1912211827386815)]
    [InlineData(123.4, 469.336097442190586)]
    [InlineData(1e9, 1.97232658275037168e+10)]
    public void Log_gamma_is_accurate(double x, double expected) => Close(expected, GammaFunction.LogGamma(x), 3e-15);

    [Theory]
    [InlineData(0.001, -1000.57557193181028)]
    [InlineData(0.5, -1.96351002602142348)]
    [InlineData(1.0, -0.577215664901532861)]
    [InlineData(1.5, 0.0364899739785765206)]
    [InlineData(11.9, 2.43393353688253749)]
    [InlineData(12.1, 2.45131434817433723)]
    [InlineData(1e6, 13.8155100579641908)]
    public void Digamma_is_accurate(double x, double expected) => Close(expected, GammaFunction.Digamma(x), 1e-14);

    [Theory]
    [InlineData(0.001, 1.00000164253319583e+6)]
    [InlineData(0.5, 4.93480220054467931)]
    [InlineData(1.0, 1.64493406684822644)]
    [InlineData(1.5, 0.934802200544679309)]
    [InlineData(14.9, 0.0694165832070957874)]
    [InlineData(15.1, 0.0684664175962539224)]
    [InlineData(1e6, 1.00000050000016667e-6)]
    public void Trigamma_is_accurate(double x, double expected) => Close(expected, GammaFunction.Trigamma(x), 1e-14);

    [Theory]
    [InlineData(0.5, 0.5, 1.14472988584940017)]
    [InlineData(1e-5, 3, 11.512910465032728)]
    [InlineData(20, 30, -33.968820791977383)]
    [InlineData(0.5, 1e8, -8.63797542780148265)]
    [InlineData(1e6, 1e7, -3.35100301200319093e+6)]
    [InlineData(3, 1e12, -82.1999161672286993)]
    public void Log_beta_is_accurate(double a, double b, double expected) => Close(expected, GammaFunction.LogBeta(a, b), 1e-13);
}
