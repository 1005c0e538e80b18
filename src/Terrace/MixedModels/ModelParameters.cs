using System.Globalization;
using Terrace.Families;

namespace Terrace.MixedModels;

/// <summary>
/// The parameters of a mixed model on the scale of standard deviations and correlations, in lme4's order: term by term the lower triangle column by column (sd, correlations below it, next
/// sd), then σ where the family has one, then the fixed effects that are not aliased.
/// </summary>
/// <remarks>Bates, Mächler, Bolker and Walker (2015), section 5.1 for the names. Σ = σ²TT': sd_a = σ|T_a|, cor_ab = T_a·T_b/(|T_a||T_b|) over the rows T_a. Check: RefitTests and ProfileLikelihoodTests.</remarks>
internal sealed class ModelParameters
{
    private readonly RandomEffectsLayout _layout;

    public ModelParameters(RandomEffectsLayout layout, Family family, IReadOnlyList<string> fixedNames, IReadOnlyList<int> estimated)
    {
        _layout = layout;
        List<ModelParameter> list = OfRandomEffects(layout);
        if (!family.HasKnownDispersion) list.Add(new ModelParameter(ModelParameterKind.ResidualStandardDeviation, ".sigma", "sigma"));
        foreach (int j in estimated) list.Add(new ModelParameter(ModelParameterKind.FixedEffect, fixedNames[j], fixedNames[j]) { Coefficient = j });
        All = list;
    }

    /// <summary>The parameters of <paramref name="fit"/>.</summary>
    public static ModelParameters Of(MixedModelFit fit) => new(fit.Joint.Layout, fit.Family, fit.FixedNames, fit.Estimated);

    /// <summary>The standard deviations and correlations in order.</summary>
    public static List<ModelParameter> OfRandomEffects(RandomEffectsLayout layout)
    {
        var list = new List<ModelParameter>();
        for (int t = 0; t < layout.Terms.Count; t++) AddTerm(list, layout, t);
        return list;
    }

    /// <summary>The parameters in order.</summary>
    public IReadOnlyList<ModelParameter> All { get; }

    /// <summary>Their values; a correlation with a standard deviation of 0 is NaN. <paramref name="beta"/> has one entry for each column of the model matrix.</summary>
    public double[] Values(ReadOnlySpan<double> theta, double sigma, ReadOnlySpan<double> beta)
    {
        var values = new double[All.Count];
        for (int k = 0; k < values.Length; k++) values[k] = Value(All[k], theta, sigma, beta);
        return values;
    }

    /// <summary>T_a·T_b of a term.</summary>
    public static double Product(RandomTermLayout term, int a, int b, ReadOnlySpan<double> theta)
    {
        double sum = 0;
        for (int c = 0; c <= Math.Min(a, b); c++) sum += theta[term.ThetaIndex(a, c)] * theta[term.ThetaIndex(b, c)];
        return sum;
    }

    /// <summary>T_a·T_b/(|T_a||T_b|); NaN where a length is 0.</summary>
    public static double Correlation(RandomTermLayout term, int a, int b, ReadOnlySpan<double> theta)
    {
        double own = Math.Sqrt(Product(term, a, a, theta)), other = Math.Sqrt(Product(term, b, b, theta));
        return own > 0 && other > 0 ? Math.Clamp(Product(term, a, b, theta) / (own * other), -1, 1) : double.NaN;
    }

    private double Value(ModelParameter parameter, ReadOnlySpan<double> theta, double sigma, ReadOnlySpan<double> beta)
    {
        if (parameter.Coefficient >= 0) return beta[parameter.Coefficient];
        return parameter.TermIndex < 0 ? sigma : OfRandomEffects(parameter, _layout, theta, sigma);
    }

    /// <summary>The value of a standard deviation or correlation; a correlation with a standard deviation of 0 is NaN.</summary>
    public static double OfRandomEffects(ModelParameter parameter, RandomEffectsLayout layout, ReadOnlySpan<double> theta, double sigma)
    {
        var term = layout.Terms[parameter.TermIndex];
        return parameter.Kind == ModelParameterKind.StandardDeviation
            ? sigma * Math.Sqrt(Product(term, parameter.Row, parameter.Row, theta))
            : Correlation(term, parameter.Row, parameter.Column, theta);
    }

    private static void AddTerm(List<ModelParameter> list, RandomEffectsLayout layout, int t)
    {
        var term = layout.Terms[t];
        for (int c = 0; c < term.Width; c++)
        {
            for (int r = c; r < term.Width; r++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $".sig{term.ThetaIndex(r, c) + 1:00}");
                list.Add(r == c
                    ? new ModelParameter(ModelParameterKind.StandardDeviation, name, $"sd_{term.TermNames[r]}|{term.Group}") { Group = term.Group, Term = term.TermNames[r], TermIndex = t, Row = r, Column = r }
                    : new ModelParameter(ModelParameterKind.Correlation, name, $"cor_{term.TermNames[r]}.{term.TermNames[c]}|{term.Group}")
                    { Group = term.Group, Term = term.TermNames[r], OtherTerm = term.TermNames[c], TermIndex = t, Row = r, Column = c });
            }
        }
    }
}
