namespace Terrace.Inference.Diagnostics;

/// <summary>Splits each chain into halves, so that a drift within a chain shows as a difference between chains; of an odd number of draws the middle one is left out. Gelman et al. (2013), Bayesian Data Analysis, section 11.4.</summary>
internal static class ChainHalves
{
    /// <summary>Twice as many chains of half the length.</summary>
    public static double[] Of(ReadOnlySpan<double> draws, int chains)
    {
        int length = draws.Length / chains, half = length / 2;
        var halves = new double[2 * chains * half];
        for (int chain = 0; chain < chains; chain++)
        {
            ReadOnlySpan<double> whole = draws.Slice(chain * length, length);
            whole[..half].CopyTo(halves.AsSpan(2 * chain * half));
            whole[(length - half)..].CopyTo(halves.AsSpan((2 * chain + 1) * half));
        }
        return halves;
    }

    /// <summary>Whether statistics of the draws are defined: all are finite and not all are equal.</summary>
    public static bool AreUsable(ReadOnlySpan<double> draws)
    {
        if (draws.Length == 0) return false;
        bool varies = false;
        foreach (double value in draws)
        {
            if (!double.IsFinite(value)) return false;
            varies |= Math.Abs(value - draws[0]) > double.Epsilon;
        }
        return varies;
    }
}
