namespace Terrace.MixedModels;

/// <summary>Names the variance components of a fit that lie on the boundary: standard deviations of 0 and correlations of ±1.</summary>
/// <remarks>As lme4's <c>isSingular</c>: a diagonal entry of a relative factor T below 1e-4. Check: the singular fixtures.</remarks>
internal static class SingularComponents
{
    private const double Tolerance = 1e-4;

    public static List<string> Of(IEnumerable<RandomTermFit> terms)
    {
        var found = new List<string>();
        foreach (var term in terms)
        {
            for (int j = 0; j < term.TermNames.Count; j++)
            {
                if (Math.Abs(term.Factor[j, j]) < Tolerance) found.Add(Describe(term, j));
            }
        }
        return found;
    }

    private static string Describe(RandomTermFit term, int j)
    {
        double norm = 0;
        for (int c = 0; c <= j; c++) norm += term.Factor[j, c] * term.Factor[j, c];
        string effect = $"{term.TermNames[j]} by {term.Group}";
        if (Math.Sqrt(norm) < Tolerance) return $"the standard deviation of {effect} is 0";
        if (j == 1 && Math.Abs(term.Factor[0, 0]) >= Tolerance)
            return $"the correlation of {term.TermNames[0]} and {term.TermNames[1]} by {term.Group} is {(term.Factor[1, 0] > 0 ? "1" : "-1")}";
        return $"the effects of {effect} are a linear combination of the term's other effects";
    }
}
