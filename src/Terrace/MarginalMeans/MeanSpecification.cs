using Terrace.Data;

namespace Terrace.MarginalMeans;

/// <summary>Of which factors means are wanted, and within the levels of which others: <c>A*B|C</c>.</summary>
/// <param name="Factors">The factors whose combinations of levels have a mean.</param>
/// <param name="By">The factors within whose levels means are compared.</param>
public sealed record MeanSpecification(IReadOnlyList<string> Factors, IReadOnlyList<string> By)
{
    private static readonly char[] Joints = ['*', ':', '+', ','];

    /// <summary>Reads <c>A</c>, <c>A*B</c> or <c>A*B|C*D</c>; the joint is <c>*</c>, <c>:</c>, <c>+</c> or a comma.</summary>
    /// <exception cref="ModelException">No factor is named, or one twice.</exception>
    public static MeanSpecification Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] sides = text.Split('|');
        if (sides.Length > 2) throw new ModelException($"The means '{text}' have more than one '|'; write A*B|C, for means of A and B within the levels of C.");
        string[] factors = Names(sides[0]), by = sides.Length == 1 ? [] : Names(sides[1]);
        if (factors.Length == 0 || factors.Concat(by).Any(name => name.Length == 0) || (sides.Length == 2 && by.Length == 0))
            throw new ModelException($"The means '{text}' lack a factor; write A, A*B or A*B|C.");
        if (factors.Concat(by).GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ModelException($"The means '{text}' name '{twice.Key}' twice.");
        return new MeanSpecification(factors, by);
    }

    /// <summary>The specification as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Join('*', Factors) + (By.Count == 0 ? "" : "|" + string.Join('*', By));

    private static string[] Names(string side) => [.. side.Split(Joints).Select(name => name.Trim())];

    /// <summary>The specification with the names as <paramref name="known"/> has them, where <c>factor(x)</c> is <c>x</c>.</summary>
    /// <exception cref="ModelException">A name is not known.</exception>
    internal MeanSpecification Resolve(IReadOnlyCollection<string> known, IReadOnlyCollection<string> covariates) =>
        new([.. Factors.Select(name => Resolve(name, known, covariates))], [.. By.Select(name => Resolve(name, known, covariates))]);

    private static string Resolve(string name, IReadOnlyCollection<string> known, IReadOnlyCollection<string> covariates)
    {
        if (known.Contains(name)) return name;
        if (known.FirstOrDefault(column => name.EndsWith($"({column})", StringComparison.Ordinal)) is { } inner) return inner;
        if (covariates.Contains(name)) throw new ModelException($"'{name}' is a number, not a factor; say at which values it has means (--at {name}=V1,V2), or make it a factor.");
        throw new ModelException($"The fixed effects have no factor '{name}'.{NearestName.Hint(name, known.Concat(covariates))} {(known.Count == 0 ? "They have none." : $"Their factors are: {string.Join(", ", known)}.")}"
            + (NearestName.Suggest(name, covariates) is { } covariate && NearestName.Suggest(name, known) is null ? $" '{covariate}' is a number, which has means at values given by --at." : ""));
    }
}
