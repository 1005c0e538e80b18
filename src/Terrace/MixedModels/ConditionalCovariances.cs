namespace Terrace.MixedModels;

/// <summary>The conditional covariances σ² T (M⁻¹)_ll T' of every level of every term, from the diagonal blocks of the selected inverse.</summary>
/// <remarks>lme4's <c>postVar</c>: Bates et al. (2015), section 5. Check: the fixtures' <c>cond_sd</c>.</remarks>
internal static class ConditionalCovariances
{
    /// <summary>Per term, levels × k × k numbers; <paramref name="known"/> is the inverse if it was computed before.</summary>
    public static double[][] Of(RandomEffectsLayout layout, CouplingPattern pattern, BlockedCholesky factor, RelativeCovarianceFactor lambda, double sigma, SelectedInverse? known = null)
    {
        var inverse = known ?? new SelectedInverse(layout, pattern, 0);
        if (known is null) inverse.Compute(factor);
        var result = new double[layout.Terms.Count][];
        for (int t = 0; t < result.Length; t++)
        {
            var term = layout.Terms[t];
            int k = term.Width;
            result[t] = new double[term.Levels.Count * k * k];
            var block = new double[k * k];
            for (int l = 0; l < term.Levels.Count; l++)
            {
                CopyBlock(layout, term, inverse, l, block);
                Scale(lambda.Blocks[t], block, k, sigma * sigma, result[t].AsSpan(l * k * k, k * k));
            }
        }
        return result;
    }

    private static void CopyBlock(RandomEffectsLayout layout, RandomTermLayout term, SelectedInverse inverse, int level, double[] block)
    {
        int k = term.Width, width = layout.LeadWidth, first = term.Index(level, 0) - layout.LeadColumns;
        for (int c = 0; c < k; c++)
        {
            for (int r = 0; r < k; r++)
                block[r + c * k] = term.IsLead ? inverse.Lead[level * width * width + (term.Start + c) * width + term.Start + r] : inverse.TailEntry(first + r, first + c);
        }
    }

    /// <summary>target = f T block T'.</summary>
    private static void Scale(double[] factor, double[] block, int k, double f, Span<double> target)
    {
        var half = new double[k * k];
        for (int c = 0; c < k; c++) RelativeCovarianceFactor.MultiplyLevel(factor, k, block.AsSpan(c * k, k), half.AsSpan(c * k));
        for (int r = 0; r < k; r++)
        {
            for (int c = 0; c < k; c++)
            {
                double sum = 0;
                for (int j = 0; j <= c; j++) sum += half[r + j * k] * factor[c + j * k];
                target[r + c * k] = f * sum;
            }
        }
    }
}
