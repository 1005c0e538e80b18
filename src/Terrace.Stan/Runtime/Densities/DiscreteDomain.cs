using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The checks of outcomes and parameters of discrete distributions: the comparison is inlined, the sentence is made only when it fails.</summary>
internal static class DiscreteDomain
{
    /// <summary>An outcome 0 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Binary(string function, double y)
    {
        if (y != 0 && y != 1) Refuse(function, "outcome", y, "0 or 1");
    }

    /// <summary>A count from 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Count(string function, string name, double n)
    {
        if (!(n >= 0)) Refuse(function, name, n, "nonnegative");
    }

    /// <summary>A count from <paramref name="lower"/> to <paramref name="upper"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Range(string function, string name, double n, double lower, double upper)
    {
        if (!(n >= lower && n <= upper)) RefuseRange(function, name, n, lower, upper);
    }

    /// <summary>A probability.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Probability(string function, string name, double p)
    {
        if (!(p >= 0 && p <= 1)) Refuse(function, name, p, "in the interval [0, 1]");
    }

    /// <summary>A positive finite parameter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Positive(string function, string name, double x)
    {
        if (!(x > 0 && x <= double.MaxValue)) Refuse(function, name, x, "positive and finite");
    }

    /// <summary>A parameter at least 0, which may be infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Nonnegative(string function, string name, double x)
    {
        if (!(x >= 0)) Refuse(function, name, x, "nonnegative");
    }

    /// <summary>A number, which may be infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Number(string function, string name, double x)
    {
        if (double.IsNaN(x)) Refuse(function, name, x, "a number");
    }

    /// <summary>A finite number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finite(string function, string name, double x)
    {
        if (!double.IsFinite(x)) Refuse(function, name, x, "finite");
    }

    /// <summary>Finite numbers.</summary>
    public static void Finite(string function, string name, ReadOnlySpan<double> x)
    {
        foreach (double value in x) Finite(function, name, value);
    }

    /// <summary>Numbers from 0 whose sum is 1 within 1e-8, Stan's tolerance for a simplex.</summary>
    public static void Simplex(string function, string name, ReadOnlySpan<double> p)
    {
        if (p.IsEmpty) Workspace.Reject($"{function}: {name} has no elements, but must be a simplex");
        double sum = 0;
        foreach (double value in p)
        {
            Nonnegative(function, name, value);
            sum += value;
        }
        if (!(Math.Abs(sum - 1) <= 1e-8)) Refuse(function, $"the sum of {name}", sum, "1");
    }

    /// <summary>Strictly increasing finite cutpoints.</summary>
    public static void Ordered(string function, string name, ReadOnlySpan<double> c)
    {
        Finite(function, name, c);
        for (int k = 1; k < c.Length; k++)
            if (!(c[k] > c[k - 1])) Refuse(function, $"element {k + 1} of {name}", c[k], string.Create(CultureInfo.InvariantCulture, $"greater than the one before, {c[k - 1]:R}"));
    }

    /// <summary>Every outcome from <paramref name="lower"/> to <paramref name="upper"/>; one SIMD pass.</summary>
    public static void Range(string function, ReadOnlySpan<int> y, int lower, int upper)
    {
        // An empty range holds nothing, which the search does not know.
        int bad = upper < lower && !y.IsEmpty ? 0 : y.IndexOfAnyExceptInRange(lower, upper);
        if (bad < 0) return;
        string must = upper == int.MaxValue ? string.Create(CultureInfo.InvariantCulture, $"at least {lower}") : string.Create(CultureInfo.InvariantCulture, $"in the range from {lower} to {upper}");
        Refuse(function, $"outcome {bad + 1}", y[bad], must);
    }

    /// <summary>Apart, since the interpolation would otherwise cost the caller's prologue its zeroing of locals.</summary>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RefuseRange(string function, string name, double value, double lower, double upper) =>
        Refuse(function, name, value, string.Create(CultureInfo.InvariantCulture, $"in the range from {lower} to {upper}"));

    /// <summary>Refuses an argument.</summary>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Refuse(string function, string name, double value, string must) =>
        Workspace.Reject(string.Create(CultureInfo.InvariantCulture, $"{function}: {name} is {value:R}, but must be {must}"));
}
