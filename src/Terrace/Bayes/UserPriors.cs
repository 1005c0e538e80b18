namespace Terrace.Bayes;

/// <summary>
/// Puts priors that the user gave in the place of default ones: taken literally, later ones over earlier ones, and those of one coefficient, group or covariate over those of all (as in brms). Checked in
/// <c>UserPriorsTests</c>.
/// </summary>
public static class UserPriors
{
    /// <summary>The priors with the user's in their places.</summary>
    /// <exception cref="ModelException">A prior is on something that the model does not have, or does not suit it; the message has a caret under the target and lists what there is.</exception>
    public static ChosenPriors Apply(ChosenPriors priors, ModelOutline outline, IReadOnlyList<UserPrior> given)
    {
        ArgumentNullException.ThrowIfNull(priors);
        ArgumentNullException.ThrowIfNull(outline);
        // The general ones first, so that the particular ones win wherever they stand.
        foreach (UserPrior prior in given.OrderBy(prior => prior.Target.Count(c => c == ':'))) priors = Apply(priors, outline, prior);
        return priors;
    }

    private static ChosenPriors Apply(ChosenPriors priors, ModelOutline outline, UserPrior given)
    {
        string[] parts = given.Target.Split(':', 2);
        return parts[0] switch
        {
            "intercept" when parts.Length == 1 => Intercept(priors, outline, given),
            "b" => Coefficients(priors, outline, given, parts.Length == 1 ? null : parts[1]),
            "sd" => StandardDeviations(priors, outline, given, parts.Length == 1 ? null : parts[1]),
            "cor" => Correlations(priors, outline, given, parts.Length == 1 ? null : parts[1]),
            _ when parts.Length == 1 && outline.Auxiliary.Contains(parts[0]) => Auxiliary(priors, given),
            _ => throw given.Misplaced($"the model has no '{given.Target}'; it has {Targets(outline)}"),
        };
    }

    private static ChosenPriors Intercept(ChosenPriors priors, ModelOutline outline, UserPrior given)
    {
        if (!outline.HasIntercept) throw given.Misplaced($"the model has no intercept; it has {Targets(outline)}");
        return priors with { Model = priors.Model with { Intercept = given.Univariate() }, Descriptions = Told(priors, given, d => d.Class == "intercept" && d.Term is null) };
    }

    private static ChosenPriors Coefficients(ChosenPriors priors, ModelOutline outline, UserPrior given, string? name)
    {
        if (name is not null && !outline.Coefficients.Any(c => c.Name == name) || outline.Coefficients.Count == 0) throw given.Misplaced($"the model has no coefficient '{name ?? "b"}'; it has {Targets(outline)}");
        Prior prior = given.IsShrinkage && name is null ? ShrinkageArguments.Create(given.Distribution, given.Arguments, outline.Response.Count) : given.Univariate();
        Prior[] coefficients = [.. priors.Model.Coefficients.Select((old, j) => name is null || outline.Coefficients[j].Name == name ? prior : old)];
        return priors with { Model = priors.Model with { Coefficients = coefficients }, Descriptions = ToldOfCoefficients(priors, given, name, $"{prior}") };
    }

    /// <summary>A shrinkage prior is told once for all coefficients, and those that are left out of it after it.</summary>
    private static PriorDescription[] ToldOfCoefficients(ChosenPriors priors, UserPrior given, string? name, string scaled)
    {
        bool Matches(PriorDescription d) => d.Class == "b" && (name is null ? d.Term?.Contains(": ", StringComparison.Ordinal) != true : d.Term == name);
        int first = priors.Descriptions.ToList().FindIndex(Matches);
        if (!given.IsShrinkage && first >= 0) return Told(priors, given, Matches);
        int place = first >= 0 ? first : priors.Descriptions.ToList().FindLastIndex(d => d.Class == "b") + 1;
        return [.. priors.Descriptions.Take(place).Where(d => !Matches(d)), new PriorDescription("b", null, name, Shown(given), scaled), .. priors.Descriptions.Skip(place).Where(d => !Matches(d))];
    }

    private static ChosenPriors StandardDeviations(ChosenPriors priors, ModelOutline outline, UserPrior given, string? place)
    {
        (string Group, string? Term)? wanted = place is null ? null : Place(outline, given, place);
        TermPrior[] terms = [.. priors.Model.Terms];
        bool any = false;
        for (int k = 0; k < terms.Length; k++)
        {
            (string group, IReadOnlyList<string> names) = outline.Terms[k];
            if (wanted is { } one && (one.Group != group || one.Term is not null && !names.Contains(one.Term))) continue;
            any = true;
            terms[k] = given.Distribution == "decov"
                ? new DecovPrior(given.Arguments[0], given.Arguments[1], given.Arguments[2], given.Arguments[3]) { RelativeToSigma = terms[k].RelativeToSigma }
                : Independent(terms[k], names, given, wanted?.Term);
        }
        if (!any) throw given.Misplaced($"the model has no group-level terms; it has {Targets(outline)}");
        bool Matches(PriorDescription d) => d.Class is "sd" or "cor" && (wanted is not { } one || d.Group == one.Group && (one.Term is null || d.Term is null || d.Term == one.Term));
        PriorDescription[] others = [.. priors.Descriptions.Where(d => !Matches(d) || given.Distribution != "decov" && d.Class == "cor")];
        IEnumerable<PriorDescription> own = outline.Terms.Where(t => wanted is not { } one || t.Group == one.Group).SelectMany(t => given.Distribution == "decov"
            ? [new PriorDescription("sd", t.Group, null, given.Distribution, Shown(given))]
            : t.Terms.Where(name => wanted?.Term is null || name == wanted.Value.Term).Select(name => new PriorDescription("sd", t.Group, name, Shown(given), Shown(given))));
        return new ChosenPriors(priors.Model with { Terms = terms }, [.. others, .. own]);
    }

    /// <summary>Independent standard deviations; where decov was before, those not named keep a prior like its own, Exponential of its scale.</summary>
    private static IndependentTermPrior Independent(TermPrior old, IReadOnlyList<string> names, UserPrior given, string? term)
    {
        Prior prior = given.Univariate();
        IReadOnlyList<Prior> before = old switch
        {
            IndependentTermPrior independent => independent.StandardDeviations,
            DecovPrior decov => [.. names.Select(_ => new ExponentialPrior(1 / decov.Scale))],
            _ => throw new InvalidOperationException("There is no such prior of a term."),
        };
        double shape = old is DecovPrior relative ? relative.Regularization : ((IndependentTermPrior)old).LkjShape;
        return new IndependentTermPrior([.. names.Select((name, j) => term is null || name == term ? prior : before[j])], shape);
    }

    private static ChosenPriors Correlations(ChosenPriors priors, ModelOutline outline, UserPrior given, string? group)
    {
        if (given.Distribution != "lkj") throw given.Misplaced("correlations take lkj(shape)");
        if (!outline.Terms.Any(t => t.Terms.Count > 1 && (group is null || t.Group == group))) throw given.Misplaced($"the model has no correlations{(group is null ? "" : $" of '{group}'")}; it has {Targets(outline)}");
        TermPrior[] terms = [.. priors.Model.Terms.Select((old, k) => group is not null && outline.Terms[k].Group != group ? old : old switch
        {
            DecovPrior decov => decov with { Regularization = given.Arguments[0] },
            IndependentTermPrior independent => independent with { LkjShape = given.Arguments[0] },
            _ => old,
        })];
        IEnumerable<PriorDescription> others = priors.Descriptions.Where(d => d.Class != "cor" || group is not null && d.Group != group);
        IEnumerable<PriorDescription> own = outline.Terms.Where(t => t.Terms.Count > 1 && (group is null || t.Group == group)).Select(t => new PriorDescription("cor", t.Group, null, Shown(given), Shown(given)));
        return new ChosenPriors(priors.Model with { Terms = terms }, [.. others, .. own]);
    }

    private static ChosenPriors Auxiliary(ChosenPriors priors, UserPrior given)
    {
        var auxiliary = priors.Model.Auxiliary.ToDictionary(pair => pair.Key, pair => pair.Key == given.Target ? given.Univariate() : pair.Value);
        return priors with { Model = priors.Model with { Auxiliary = auxiliary }, Descriptions = Told(priors, given, d => d.Class == given.Target) };
    }

    private static (string Group, string? Term) Place(ModelOutline outline, UserPrior given, string place)
    {
        // A grouping factor may have a colon in its name, so the longest one that fits is taken.
        foreach (string group in outline.Terms.Select(t => t.Group).OrderByDescending(g => g.Length))
        {
            if (place == group) return (group, null);
            if (!place.StartsWith(group + ":", StringComparison.Ordinal)) continue;
            string term = place[(group.Length + 1)..];
            if (outline.Terms.Any(t => t.Group == group && t.Terms.Contains(term))) return (group, term);
        }
        throw given.Misplaced($"the model has no standard deviation '{place}'; it has {Targets(outline)}");
    }

    private static PriorDescription[] Told(ChosenPriors priors, UserPrior given, Func<PriorDescription, bool> matches) =>
        [.. priors.Descriptions.Select(d => matches(d) ? d with { Prior = Shown(given), Scaled = Shown(given) } : d)];

    private static string Shown(UserPrior given) => given.Distribution is "lkj" or "decov" ? FormattableString.Invariant($"{given.Distribution}({string.Join(", ", given.Arguments.Select(a => a.ToString(System.Globalization.CultureInfo.InvariantCulture)))})") : given.IsShrinkage ? ShrinkageArguments.Show(given.Distribution, given.Arguments) : given.Univariate().ToString()!;

    private static string Targets(ModelOutline outline)
    {
        IEnumerable<string> targets = (outline.HasIntercept ? ["intercept"] : (IEnumerable<string>)[]).Concat(outline.Coefficients.Count > 0 ? ["b"] : []).Concat(outline.Coefficients.Select(c => "b:" + c.Name))
            .Concat(outline.Terms.SelectMany(t => t.Terms.Select(name => $"sd:{t.Group}:{name}"))).Concat(outline.Terms.Where(t => t.Terms.Count > 1).Select(t => "cor:" + t.Group)).Concat(outline.Auxiliary);
        return string.Join(", ", targets.Take(20));
    }
}
