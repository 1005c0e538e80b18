namespace Terrace.MixedModels;

/// <summary>Names the variance components of a fit that lie on the boundary: standard deviations of 0 and correlations of ±1.</summary>
/// <remarks>As lme4's <c>isSingular</c>: a diagonal entry of a relative factor below 1e-4; deviation: of the factor of orthonormal
/// covariates (<see cref="RandomTermScaling"/>), so that large numbers or an origin far away make no fit singular. Check: the singular fixtures, RandomTermScalingTests.</remarks>
internal static class SingularComponents
{
    private const double Tolerance = 1e-4;

    public static List<string> Of(RandomTermFit[] terms, RandomTermScaling scaling)
    {
        var found = new List<string>();
        for (int t = 0; t < terms.Length; t++)
        {
            for (int j = 0; j < terms[t].TermNames.Count; j++)
            {
                var (whole, rest) = scaling.Scale(t, j);
                if (Math.Abs(terms[t].Factor[j, j]) * rest < Tolerance) found.Add(Describe(terms[t], j, whole));
            }
        }
        return found;
    }

    private static string Describe(RandomTermFit term, int j, double scale)
    {
        double norm = 0;
        for (int c = 0; c <= j; c++) norm += term.Factor[j, c] * term.Factor[j, c];
        string effect = $"{term.TermNames[j]} by {term.Group}";
        if (Math.Sqrt(norm) * scale < Tolerance) return $"the standard deviation of {effect} is 0";
        if (j == 1 && term.Factor[0, 0] != 0)
            return $"the correlation of {term.TermNames[0]} and {term.TermNames[1]} by {term.Group} is {(term.Factor[1, 0] > 0 ? "1" : "-1")}";
        return $"the effects of {effect} are a linear combination of the term's other effects";
    }
}
