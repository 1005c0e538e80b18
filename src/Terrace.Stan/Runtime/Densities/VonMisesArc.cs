using MathNet.Numerics.Integration;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The integral of e^(κ cos θ) over an arc, by Gauss–Legendre quadrature with 32 points in panels over which the exponent changes by little more than ten; all terms are positive, so that small tails keep their
/// digits. Panels whose exponent lies 45 below the arc's largest are left out.
/// </summary>
internal static class VonMisesArc
{
    private static readonly GaussLegendreRule Unit = new(0, 1, 32);
    private static readonly double[] Nodes = Unit.Abscissas, Weights = Unit.Weights;

    /// <summary>log ∫ e^(κ cos θ) dθ from … to, and the mean of cos θ under that density.</summary>
    public static double Log(double from, double to, double kappa, out double meanCosine)
    {
        double top = Largest(from, to), sum = 0, sumCosine = 0;
        int panels = (int)Math.Min(1e6, Math.Ceiling((to - from) * (1 + (0.5 * Math.Sqrt(kappa)))));
        double width = (to - from) / panels;
        for (int p = 0; p < panels; p++)
        {
            double start = from + (p * width);
            if (kappa * (Largest(start, start + width) - top) < -45) continue;
            for (int i = 0; i < Nodes.Length; i++)
            {
                double below = Math.Cos(start + (width * Nodes[i])) - top, weight = Weights[i] * Math.Exp(kappa * below);
                sum += weight;
                sumCosine += weight * below;
            }
        }
        meanCosine = top + (sumCosine / sum);
        return (kappa * top) + Math.Log(sum * width);
    }

    /// <summary>The largest cosine on an interval: 1 if it holds a multiple of 2π, else at an end.</summary>
    private static double Largest(double from, double to) =>
        Math.Floor(to / (2 * Math.PI)) >= Math.Ceiling(from / (2 * Math.PI)) ? 1 : Math.Max(Math.Cos(from), Math.Cos(to));
}
