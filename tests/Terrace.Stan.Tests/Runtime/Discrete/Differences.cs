namespace Terrace.Stan.Tests.Runtime.Discrete;

/// <summary>Derivatives by differences.</summary>
internal static class Differences
{
    /// <summary>A derivative is that of central differences of order 4.</summary>
    public static void Agree(string name, Func<double, double> f, double x, double slope, double tolerance)
    {
        double h = 1e-3 * Math.Max(0.1, Math.Abs(x)), difference = ((8 * (f(x + h) - f(x - h))) - (f(x + (2 * h)) - f(x - (2 * h)))) / (12 * h);
        Assert.True(Math.Abs(difference - slope) <= tolerance * (1 + Math.Abs(difference)), $"{name} at {x}: {slope:R}, by differences {difference:R}");
    }

    /// <summary>Calls a function on a copy with one element changed.</summary>
    public static double With(this double[] values, int index, double at, Func<double[], double> f)
    {
        double[] copy = [.. values];
        copy[index] = at;
        return f(copy);
    }
}
