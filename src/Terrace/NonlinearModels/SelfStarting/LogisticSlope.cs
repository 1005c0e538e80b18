namespace Terrace.NonlinearModels.SelfStarting;

/// <summary>What the logistic curves share.</summary>
internal static class LogisticSlope
{
    /// <summary>e^z / (1 + e^z)² without overflow; Verhulst's (1838) curve is symmetric.</summary>
    public static double At(double z)
    {
        double e = Math.Exp(-Math.Abs(z));
        return e / ((1 + e) * (1 + e));
    }

    /// <summary>Midpoints from below the data to above them, scales of both signs from a small part of the range to more than it.</summary>
    public static IEnumerable<double[]> Shapes(InputRange range)
    {
        double[] scales = [.. Shared(0.02, 1.5).Select(part => part * range.Width)];
        for (int i = 0; i <= 30; i++)
        {
            double middle = range.Low + range.Width * (i - 6) / 18.0;
            foreach (double scale in scales) yield return [middle, scale];
            foreach (double scale in scales) yield return [middle, -scale];
        }
    }

    private static IEnumerable<double> Shared(double from, double to) => Enumerable.Range(0, 12).Select(i => from * Math.Pow(to / from, i / 11.0));
}
