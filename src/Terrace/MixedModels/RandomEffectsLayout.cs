using Terrace.Design;

namespace Terrace.MixedModels;

/// <summary>
/// The order of all coefficients of a mixed model: first the random effects of the <em>lead</em> grouping factor (the one with most columns, level by level, all
/// its terms together), then the tail: the other terms' random effects, then the fixed effects. Terms are in lme4's order (more levels first).
/// </summary>
/// <remarks>
/// <para>The lead factor's block of Z'WZ is block diagonal, so it is eliminated level by level; only the tail is dense, or sparse where that is cheaper (<see cref="TailChoice"/>): Bates et al.
/// (2015), <em>Fitting linear mixed-effects models using lme4</em>, section 3.4.</para>
/// <para>Symbols: q -> <see cref="Columns"/>; number of lead columns -> <see cref="LeadColumns"/>; k of the lead factor -> <see cref="LeadWidth"/>.</para>
/// <para>Check: MixedModelPropertyTests.</para>
/// </remarks>
internal sealed class RandomEffectsLayout
{
    /// <summary>A diagonal of a factor below this is 0 for all purposes, the covariate being of unit size.</summary>
    public const double SingularDiagonal = 1e-4;

    /// <summary>Lays out the terms of a formula.</summary>
    /// <exception cref="ModelException">There are too many random effects to be numbered.</exception>
    public RandomEffectsLayout(IReadOnlyList<RandomTermDesign> formulaTerms)
        : this([.. formulaTerms.Select(RandomTermLayout.Of)]) { }

    /// <summary>Lays out terms that come in formula order.</summary>
    public RandomEffectsLayout(IReadOnlyList<RandomTermLayout> formulaTerms)
    {
        var ordered = InLme4Order(formulaTerms);
        string lead = LeadGroup(ordered);
        LeadWidth = ordered.Where(t => t.Group == lead).Sum(t => t.Width);
        LeadLevels = ordered.First(t => t.Group == lead).Levels.Count;
        Terms = Place(ordered, lead);
        Columns = Terms.Sum(t => t.Levels.Count * t.Width);
        ThetaCount = Terms.Sum(t => t.ThetaCount);
        (TailTerm, TailComponent) = DescribeTail();
        LeadLambdaMap = [.. Terms.Where(t => t.IsLead)];
        AllScalar = Terms.All(t => t.Width == 1);
        TailIsScalar = Terms.All(t => t.IsLead || t.Width == 1);
    }

    private RandomEffectsLayout()
    {
        (Terms, TailTerm, TailComponent, LeadLambdaMap) = ([], [], [], []);
        AllScalar = TailIsScalar = true;
    }

    /// <summary>No random effects at all.</summary>
    public static RandomEffectsLayout None { get; } = new();

    /// <summary>The terms in lme4's order.</summary>
    public IReadOnlyList<RandomTermLayout> Terms { get; }

    /// <summary>The number of levels of the lead factor.</summary>
    public int LeadLevels { get; }

    /// <summary>The number of columns per level of the lead factor.</summary>
    public int LeadWidth { get; }

    /// <summary>The number of columns of the lead factor.</summary>
    public int LeadColumns => LeadLevels * LeadWidth;

    /// <summary>The number of random-effects columns in the tail.</summary>
    public int TailColumns => Columns - LeadColumns;

    /// <summary>The number q of random effects.</summary>
    public int Columns { get; }

    /// <summary>The number of relative covariance parameters.</summary>
    public int ThetaCount { get; }

    /// <summary>The term of each random column of the tail.</summary>
    public int[] TailTerm { get; }

    /// <summary>The component within its level of each random column of the tail.</summary>
    public int[] TailComponent { get; }

    /// <summary>The lead factor's terms in the order of their columns.</summary>
    public RandomTermLayout[] LeadLambdaMap { get; }

    /// <summary>Whether every term is a single column per level.</summary>
    public bool AllScalar { get; }

    /// <summary>Whether every term of the tail is a single column per level.</summary>
    public bool TailIsScalar { get; }

    /// <summary>The relative covariance parameters at the identity: 1 on the diagonals, 0 elsewhere.</summary>
    public double[] IdentityTheta()
    {
        var theta = new double[ThetaCount];
        foreach (var term in Terms)
        {
            for (int j = 0; j < term.Width; j++) theta[term.ThetaIndex(j, j)] = 1;
        }
        return theta;
    }

    /// <summary>Whether a diagonal of a factor is 0 for all purposes, in units of the response for a typical covariate.</summary>
    public bool IsSingular(ReadOnlySpan<double> theta, RandomTermScaling scaling)
    {
        for (int t = 0; t < Terms.Count; t++)
        {
            for (int j = 0; j < Terms[t].Width; j++)
            {
                if (Math.Abs(theta[Terms[t].ThetaIndex(j, j)]) * scaling.Scale(t, j).Own < SingularDiagonal) return true;
            }
        }
        return false;
    }

    /// <summary>lme4 sorts only when the numbers of levels increase somewhere, and then reverses the order of ties.</summary>
    private static List<RandomTermLayout> InLme4Order(IReadOnlyList<RandomTermLayout> terms)
    {
        bool increasing = false;
        for (int i = 1; i < terms.Count; i++) increasing |= terms[i].Levels.Count > terms[i - 1].Levels.Count;
        return increasing ? [.. terms.OrderBy(t => t.Levels.Count).Reverse()] : [.. terms];
    }

    private static string LeadGroup(List<RandomTermLayout> terms) =>
        terms.GroupBy(t => t.Group).MaxBy(g => (long)g.First().Levels.Count * g.Sum(t => t.Width))!.Key;

    private RandomTermLayout[] Place(List<RandomTermLayout> ordered, string lead)
    {
        int leadOffset = 0, theta = 0;
        long tail = (long)LeadLevels * LeadWidth;
        var placed = new RandomTermLayout[ordered.Count];
        for (int t = 0; t < placed.Length; t++)
        {
            var term = ordered[t];
            bool isLead = term.Group == lead;
            placed[t] = term with { IsLead = isLead, ThetaStart = theta, Start = isLead ? leadOffset : (int)tail, Stride = isLead ? LeadWidth : term.Width };
            theta += term.ThetaCount;
            if (isLead) leadOffset += term.Width;
            else tail += (long)term.Levels.Count * term.Width;
            if (tail > Array.MaxLength) throw new ModelException($"The model has more than {Array.MaxLength:N0} random effects; leave a grouping factor out or merge its levels.");
        }
        return placed;
    }

    private (int[] Term, int[] Component) DescribeTail()
    {
        var owner = new int[TailColumns];
        var component = new int[TailColumns];
        for (int t = 0; t < Terms.Count; t++)
        {
            if (Terms[t].IsLead) continue;
            int first = Terms[t].Start - LeadColumns, width = Terms[t].Width;
            for (int i = 0; i < Terms[t].Levels.Count * width; i++) (owner[first + i], component[first + i]) = (t, i % width);
        }
        return (owner, component);
    }
}
