using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The checks of outcomes and parameters of continuous distributions: the comparison is inlined, the sentence is made only when it fails.</summary>
internal static class ContinuousDomain
{
    /// <summary>An outcome that is a number, possibly infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Number(string function, double y)
    {
        if (double.IsNaN(y)) Refuse(function, "outcome", y, "a number");
    }

    /// <summary>An outcome of at least 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NonNegative(string function, string name, double x)
    {
        if (!(x >= 0)) Refuse(function, name, x, "nonnegative");
    }

    /// <summary>A finite parameter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finite(string function, string name, double x)
    {
        if (!double.IsFinite(x)) Refuse(function, name, x, "finite");
    }

    /// <summary>A positive finite parameter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Positive(string function, string name, double x)
    {
        if (!(x > 0 && x < double.PositiveInfinity)) Refuse(function, name, x, "positive and finite");
    }

    /// <summary>A number in 0 … 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Share(string function, string name, double x)
    {
        if (!(x >= 0 && x <= 1)) Refuse(function, name, x, "in the interval [0, 1]");
    }

    /// <summary>A location and a scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LocationAndScale(string function, double y, double location, double scale)
    {
        Number(function, y);
        Finite(function, "location", location);
        Positive(function, "scale", scale);
    }

    /// <summary>Rejects: the argument must be as <paramref name="rule"/> says.</summary>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Refuse(string function, string name, double value, string rule) => Workspace.Reject($"{function}: {name} is {value}, but must be {rule}");
}
