using System.Runtime.CompilerServices;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The chain rule for functions of z = (y − μ)/σ: arguments outcome, location, scale at consecutive places.</summary>
internal static unsafe class LocationScale
{
    /// <summary>Partials of g(z) − log σ, with <paramref name="slope"/> = g′(z): (g′, −g′, −(z g′ + 1)) / σ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Density(double* d, double slope, double z, double inverse)
    {
        d[0] = slope * inverse;
        d[1] = -slope * inverse;
        d[2] = -((slope * z) + 1) * inverse;
    }

    /// <summary>Partials of g(z): (g′, −g′, −z g′) / σ, all 0 where g is flat.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tail(double* d, double slope, double z, double inverse)
    {
        d[0] = slope * inverse;
        d[1] = -slope * inverse;
        d[2] = slope == 0 ? 0 : -slope * z * inverse;
    }
}
