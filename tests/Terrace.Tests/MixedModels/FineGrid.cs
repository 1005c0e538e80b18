using Terrace.Families;
using Terrace.MixedModels;

namespace Terrace.Tests.MixedModels;

/// <summary>The likelihood of a generalised mixed model with one grouping factor by brute force: the trapezoidal rule on a grid of the standardised effects, densities of the rows written out.</summary>
internal static class FineGrid
{
    private const double Bound = 9;

    public static double MinusTwoLogLikelihood(double[] parameters, MixedModelCells cells, Observations observations, double step)
    {
        double sum = 0;
        for (int g = 0; g < cells.Layout.LeadLevels; g++)
        {
            int[] rows = [.. Enumerable.Range(0, cells.Count).Where(i => cells.LeadCodes[i] == g)];
            double[] eta = [.. rows.Select(i => FixedPart(i, parameters, cells))];
            double[][] slopes = [.. rows.Select(i => Slopes(i, parameters, cells))];
            double constant = rows.Sum(i => Constant(i, observations));
            double integral = Integrate(0, eta, slopes, step, 0, e => Density(e, rows, observations));
            sum += constant + Math.Log(integral);
        }
        return -2 * sum;
    }

    /// <summary>Over dimension j and those after it.</summary>
    private static double Integrate(int j, double[] eta, double[][] slopes, double step, double squares, Func<double[], double> density)
    {
        if (j == slopes[0].Length) return density(eta) * Math.Exp(-0.5 * squares) * Math.Pow(step / Math.Sqrt(2 * Math.PI), j);
        double sum = 0;
        var moved = new double[eta.Length];
        int count = (int)Math.Round(2 * Bound / step);
        for (int k = 0; k <= count; k++)
        {
            double u = -Bound + k * step;
            for (int i = 0; i < eta.Length; i++) moved[i] = eta[i] + u * slopes[i][j];
            sum += Integrate(j + 1, moved, slopes, step, squares + u * u, density);
        }
        return sum;
    }

    private static double FixedPart(int i, double[] parameters, MixedModelCells cells)
    {
        double eta = cells.Offset[i];
        for (int j = 0; j < cells.FixedColumns; j++) eta += cells.X[i * cells.FixedColumns + j] * parameters[cells.Layout.ThetaCount + j];
        return eta;
    }

    /// <summary>z'T, the terms one after the other.</summary>
    private static double[] Slopes(int i, double[] parameters, MixedModelCells cells) =>
        [.. cells.Layout.Terms.SelectMany((term, t) => Enumerable.Range(0, term.Width).Select(c =>
            Enumerable.Range(c, term.Width - c).Sum(r => cells.Z[t][i * term.Width + r] * parameters[term.ThetaIndex(r, c)])))];

    private static double Density(double[] eta, int[] rows, Observations observations)
    {
        double log = 0;
        for (int k = 0; k < rows.Length; k++)
        {
            double n = observations.Weight[rows[k]], s = Math.Round(n * observations.Y[rows[k]]), mean = observations.Family.Link.Mean(eta[k]);
            log += observations.Family.Distribution == Distribution.Poisson ? s * Math.Log(mean) - mean : s * Math.Log(Math.Max(mean, 1e-300)) + (n - s) * Math.Log(Math.Max(1 - mean, 1e-16));
        }
        return Math.Exp(log);
    }

    private static double Constant(int i, Observations observations)
    {
        double n = observations.Weight[i], s = Math.Round(n * observations.Y[i]);
        return observations.Family.Distribution == Distribution.Poisson ? -LogFactorial(s) : LogFactorial(n) - LogFactorial(s) - LogFactorial(n - s);
    }

    private static double LogFactorial(double n) => Enumerable.Range(1, (int)n).Sum(k => Math.Log(k));
}
