namespace Terrace.Formulas;

/// <summary>One term of a formula after expansion: a main effect (one variable) or an interaction (several).</summary>
/// <param name="Variables">The variables of the term in the order in which they first appear in the formula: names or calls such as <c>log(x)</c>.</param>
public sealed record FormulaTerm(IReadOnlyList<Expression> Variables)
{
    /// <summary>The term as R labels it: <c>x</c>, <c>a:log(x)</c>.</summary>
    public string Label { get; } = string.Join(':', Variables);

    /// <summary>The number of variables in the term.</summary>
    public int Degree => Variables.Count;

    /// <summary>Whether both terms have equal variables in equal order.</summary>
    public bool Equals(FormulaTerm? other) => other is not null && Variables.SequenceEqual(other.Variables);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Label);

    /// <inheritdoc/>
    public override string ToString() => Label;
}
