namespace Terrace.Stan.Tests.Runtime.Scalars;

/// <summary>Derivatives by central differences with two Richardson extrapolations (error of order h⁶), at the step of four whose extrapolations agree best, for comparison with written derivatives.</summary>
internal static class Differences
{
    /// <summary>The derivative of <paramref name="f"/> at <paramref name="x"/> and a bound of its rounding error. Steps are relative to |x|, so that a domain that ends at 0 is not left.</summary>
    public static (double Derivative, double Error) Of(Func<double, double> f, double x)
    {
        double best = double.NaN, bestError = double.PositiveInfinity, size = Math.Abs(f(x));
        foreach (double relative in (double[])[0.02, 4e-3, 4e-4, 4e-5, 2e-6])
        {
            double h = relative * (x == 0 ? 1 : Math.Abs(x));
            double a = Central(f, x, h), b = Central(f, x, h / 2), c = Central(f, x, h / 4);
            double ab = b + ((b - a) / 3), bc = c + ((c - b) / 3), estimate = bc + ((bc - ab) / 15);
            double error = (2e-15 * size / h) + (0.2 * Math.Abs(bc - ab));
            if (!(error < bestError)) continue;
            (best, bestError) = (estimate, error);
        }
        return (best, bestError);
    }

    /// <summary>Whether <paramref name="slope"/> is the derivative, to a relative accuracy beyond the error of the differences; the message if not.</summary>
    public static string? Disagreement(Func<double, double> f, double x, double slope, double tolerance = 1e-7)
    {
        (double difference, double error) = Of(f, x);
        if (double.IsNaN(slope) && double.IsNaN(difference)) return null;
        bool sharp = error <= 1e-4 * Math.Abs(difference) || error <= 1e-9;
        bool agrees = Math.Abs(difference - slope) <= (tolerance * Math.Abs(difference)) + error;
        return sharp && agrees ? null : $"written {slope:R}, differences {difference:R} ± {error:G2}";
    }

    private static double Central(Func<double, double> f, double x, double h)
    {
        double up = x + h, down = x - h;
        return (f(up) - f(down)) / (up - down);
    }
}
