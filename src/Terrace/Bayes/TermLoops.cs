namespace Terrace.Bayes;

/// <summary>Z u and Z's of one group-level term, over cells or patterns.</summary>
internal static class TermLoops
{
    /// <summary>Adds the effects of each row's level, times its covariates (null for 1), to <paramref name="sums"/>.</summary>
    public static void Gather(int[] codes, double[]?[] covariates, ReadOnlySpan<double> effects, Span<double> sums)
    {
        int width = covariates.Length;
        for (int j = 0; j < width; j++)
        {
            double[]? z = covariates[j];
            if (z is null && width == 1)
                for (int i = 0; i < sums.Length; i++) sums[i] += effects[codes[i]];
            else if (z is null)
                for (int i = 0; i < sums.Length; i++) sums[i] += effects[codes[i] * width + j];
            else
                for (int i = 0; i < sums.Length; i++) sums[i] += z[i] * effects[codes[i] * width + j];
        }
    }

    /// <summary>Overwrites <paramref name="sums"/> by the sums of <paramref name="values"/> over each level, times the covariates.</summary>
    public static void Scatter(int[] codes, double[]?[] covariates, ReadOnlySpan<double> values, Span<double> sums)
    {
        sums.Clear();
        int width = covariates.Length;
        for (int j = 0; j < width; j++)
        {
            double[]? z = covariates[j];
            if (z is null && width == 1)
                for (int i = 0; i < values.Length; i++) sums[codes[i]] += values[i];
            else if (z is null)
                for (int i = 0; i < values.Length; i++) sums[codes[i] * width + j] += values[i];
            else
                for (int i = 0; i < values.Length; i++) sums[codes[i] * width + j] += z[i] * values[i];
        }
    }
}
