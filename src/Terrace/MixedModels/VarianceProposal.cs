namespace Terrace.MixedModels;

/// <summary>
/// The proposal from which relative covariance parameters are drawn: independent two-piece Student t distributions, those of diagonal entries folded at zero so that the boundary is inside.
/// </summary>
/// <remarks>
/// <para>The posterior of a standard deviation under a flat prior falls like sd^-(J − 1) with J levels, a t with J − 2 degrees of freedom; the proposal's are 1, 2 or 4 below that, so weights
/// stay bounded. Scales begin where the log density has dropped by 2 and are then matched to weighted quantiles of a first sample (Owen and Zhou 2000; Cappé et al. 2004 on adaptation).</para>
/// <para>Deviation: unfolded T columns have a sign symmetry that only their diagonals are folded for; the rest of a column keeps the sign it has with a positive diagonal.</para>
/// <para>Check: VarianceParameterSamplerTests.</para>
/// </remarks>
internal sealed class VarianceProposal
{
    private readonly FoldedStudentT[] _coordinates;

    private VarianceProposal(FoldedStudentT[] coordinates) => _coordinates = coordinates;

    /// <summary>The number of coordinates.</summary>
    public int Count => _coordinates.Length;

    /// <summary>Finds centres and scales by walking from <paramref name="mode"/> along each coordinate until the log density has dropped by 2.</summary>
    public static VarianceProposal Around(double[] mode, RandomEffectsLayout layout, Func<double[], double> logDensity)
    {
        double[] centre = AwayFromZero(mode, layout, logDensity);
        double peak = logDensity(centre);
        var coordinates = new FoldedStudentT[mode.Length];
        foreach (var term in layout.Terms)
        {
            for (int c = 0; c < term.Width; c++)
            {
                for (int r = c; r < term.Width; r++)
                {
                    int k = term.ThetaIndex(r, c);
                    double right = Drop(centre, k, 1, peak, logDensity), left = Drop(centre, k, -1, peak, logDensity);
                    coordinates[k] = new FoldedStudentT(centre[k], Math.Min(left, 3 * right), right, Degrees(term.Levels.Count), r == c);
                }
            }
        }
        return new VarianceProposal(coordinates);
    }

    /// <summary>The value of coordinate <paramref name="k"/> at a probability.</summary>
    public double Quantile(int k, double p) => _coordinates[k].Quantile(p);

    /// <summary>The log density of θ.</summary>
    public double LogDensity(ReadOnlySpan<double> theta)
    {
        double log = 0;
        for (int k = 0; k < _coordinates.Length; k++) log += Math.Log(_coordinates[k].Density(theta[k]));
        return log;
    }

    /// <summary>A proposal with each coordinate's centre and scales matched to the weighted median and the 16 and 84 % quantiles of a sample.</summary>
    public VarianceProposal Adapted(double[][] sample, double[] weights)
    {
        var adapted = new FoldedStudentT[Count];
        int[] order = new int[sample.Length];
        for (int k = 0; k < Count; k++)
        {
            for (int i = 0; i < order.Length; i++) order[i] = i;
            Array.Sort([.. sample.Select(s => s[k])], order);
            double low = WeightedQuantile(k, 0.16, sample, weights, order), middle = WeightedQuantile(k, 0.5, sample, weights, order), high = WeightedQuantile(k, 0.84, sample, weights, order);
            var old = _coordinates[k];
            double right = Math.Max(high - middle, 1e-6 * (1 + Math.Abs(middle))), left = Math.Max(middle - low, 0.3 * right);
            bool piledAtZero = old.Folded && low < 0.35 * middle;
            adapted[k] = piledAtZero
                ? old with { Centre = 0, Left = WeightedQuantile(k, 0.68, sample, weights, order), Right = WeightedQuantile(k, 0.68, sample, weights, order) }
                : old with { Centre = middle, Left = left, Right = right };
        }
        return new VarianceProposal(adapted);
    }

    private static int Degrees(int levels) => levels <= 3 ? 1 : levels <= 5 ? 2 : 4;

    /// <summary>Vector-valued terms have density 0 where a diagonal entry is 0, so a mode on that boundary is moved inside.</summary>
    private static double[] AwayFromZero(double[] mode, RandomEffectsLayout layout, Func<double[], double> logDensity)
    {
        double[] best = [.. mode];
        foreach (var term in layout.Terms.Where(t => t.Width > 1))
        {
            for (int j = 0; j < term.Width; j++)
            {
                int k = term.ThetaIndex(j, j);
                double bestValue = double.NegativeInfinity, bestEntry = 1;
                for (double factor = 8; factor > 1e-4; factor /= 2)
                {
                    double[] trial = [.. best];
                    trial[k] = factor * Math.Max(mode[k], 0.05);
                    for (int i = j + 1; i < term.Width; i++) trial[term.ThetaIndex(i, i)] = Math.Max(trial[term.ThetaIndex(i, i)], 0.05);
                    double value = logDensity(trial);
                    if (value > bestValue) (bestValue, bestEntry) = (value, trial[k]);
                }
                best[k] = bestEntry;
            }
        }
        return best;
    }

    private static double Drop(double[] centre, int k, int side, double peak, Func<double[], double> logDensity)
    {
        double[] probe = [.. centre];
        double low = 0, high = 0.1 * Math.Max(0.1, Math.Abs(centre[k]));
        double At(double step)
        {
            probe[k] = centre[k] + side * step;
            return logDensity(probe);
        }
        for (int i = 0; i < 40 && At(high) > peak - 2; i++) (low, high) = (high, 2 * high);
        for (int i = 0; i < 8; i++)
        {
            double middle = 0.5 * (low + high);
            if (At(middle) > peak - 2) low = middle;
            else high = middle;
        }
        return 0.5 * high;
    }

    private static double WeightedQuantile(int k, double p, double[][] sample, double[] weights, int[] order)
    {
        double sum = 0;
        foreach (int i in order)
        {
            sum += weights[i];
            if (sum >= p) return sample[i][k];
        }
        return sample[order[^1]][k];
    }
}
