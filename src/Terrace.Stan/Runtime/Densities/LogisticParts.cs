using System.Runtime.CompilerServices;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>e^−|x|, 1/(1 + e^−|x|) and log(1 + e^−|x|) of one number by one polynomial exponential, one division and one polynomial logarithm: half the time of the library's two functions.</summary>
internal static class LogisticParts
{
    /// <summary>Not inlined, so that the compiler's budget for inlining goes to what is inside.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static LogisticCore<double> Of(double x) => LogisticCore<double>.Of<LanesScalar>(x);
}
