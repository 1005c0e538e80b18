namespace Terrace.MixedModels;

/// <summary>What the relative covariance parameters stand for, in words, in their order.</summary>
internal static class ParameterNames
{
    /// <summary>The names of all entries of θ.</summary>
    public static string[] Of(RandomEffectsLayout layout)
    {
        var names = new string[layout.ThetaCount];
        foreach (var term in layout.Terms)
        {
            for (int c = 0; c < term.Width; c++)
            {
                names[term.ThetaIndex(c, c)] = $"the standard deviation of {term.TermNames[c]} by {term.Group}";
                for (int r = c + 1; r < term.Width; r++) names[term.ThetaIndex(r, c)] = $"the correlation of {term.TermNames[c]} and {term.TermNames[r]} by {term.Group}";
            }
        }
        return names;
    }
}
