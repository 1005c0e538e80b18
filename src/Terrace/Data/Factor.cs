namespace Terrace.Data;

/// <summary>A column of categories: codes into a list of levels. An ordered factor knows that its levels rise.</summary>
public sealed class Factor : Column
{
    private readonly int[] _codes;
    private readonly string[] _levels;

    /// <summary>Creates the factor over <paramref name="codes"/> (−1 where missing) and distinct <paramref name="levels"/>.</summary>
    public Factor(string name, int[] codes, string[] levels, bool isOrdered = false, string? label = null) : base(name, label)
    {
        _codes = codes;
        _levels = levels;
        IsOrdered = isOrdered;
    }

    /// <summary>The position of each row's level in <see cref="Levels"/>, −1 where missing.</summary>
    public ReadOnlySpan<int> Codes => _codes;

    /// <summary>The levels in their order; the first is the reference level of treatment contrasts.</summary>
    public IReadOnlyList<string> Levels => _levels;

    /// <summary>Whether the order of the levels carries meaning (polynomial contrasts by default, as in R).</summary>
    public bool IsOrdered { get; }

    /// <inheritdoc/>
    public override int Count => _codes.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => _codes[row] < 0;

    /// <inheritdoc/>
    public override string? TextAt(int row) => IsMissing(row) ? null : _levels[_codes[row]];

    /// <inheritdoc/>
    public override Column Select(ReadOnlySpan<int> rows) => new Factor(Name, _codes.Pick(rows), _levels, IsOrdered, Label);

    /// <inheritdoc/>
    public override Column WithName(string name) => new Factor(name, _codes, _levels, IsOrdered, Label);
}
