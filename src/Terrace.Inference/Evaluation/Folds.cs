using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.Evaluation;

/// <summary>
/// Which observations are left out together in K-fold cross-validation: at random, with the values of an outcome spread evenly over the folds, or whole groups at a time (loo's <c>kfold_split_random</c>, <c>_stratified</c> and <c>_grouped</c>). Immutable.
/// Checked in <c>FoldsTests</c>.
/// </summary>
public sealed class Folds
{
    private const ulong Stream = 1UL << 45;

    private Folds(int count, int[] ofRow) => (Count, OfRow) = (count, ofRow);

    /// <summary>The number of folds.</summary>
    public int Count { get; }

    /// <summary>The fold of each observation, from 0.</summary>
    public IReadOnlyList<int> OfRow { get; }

    /// <summary>The observations of a fold, ascending.</summary>
    public int[] In(int fold) => [.. Enumerable.Range(0, OfRow.Count).Where(row => OfRow[row] == fold)];

    /// <summary>The observations outside a fold, ascending.</summary>
    public int[] Outside(int fold) => [.. Enumerable.Range(0, OfRow.Count).Where(row => OfRow[row] != fold)];

    /// <summary>Folds at random, whose sizes differ by at most one.</summary>
    /// <exception cref="ArgumentException">There are fewer than two folds, or fewer rows than folds.</exception>
    public static Folds Random(int rows, int count, ulong seed)
    {
        Require(count, rows, "observations");
        return new Folds(count, Deal(Shuffled(rows, seed), count));
    }

    /// <summary>Folds with nearly equal shares of every value: shuffled, ordered by value, dealt out in turn.</summary>
    /// <exception cref="ArgumentException">There are fewer than two folds, or fewer rows than folds.</exception>
    public static Folds Stratified(IReadOnlyList<double> values, int count, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(values);
        Require(count, values.Count, "observations");
        int[] order = Shuffled(values.Count, seed);
        return new Folds(count, Deal([.. order.OrderBy(row => values[row])], count));
    }

    /// <summary>Folds that leave whole groups out; groups of similar size in turn, so that folds have nearly equal numbers of groups.</summary>
    /// <param name="group">The group of each observation, from 0.</param>
    /// <param name="count">The number of folds, at most that of groups.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">There are fewer than two folds, or fewer groups than folds.</exception>
    public static Folds Grouped(IReadOnlyList<int> group, int count, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(group);
        int[] groups = [.. group.Distinct().Order()];
        Require(count, groups.Length, "groups");
        int[] foldOfGroup = Deal(Shuffled(groups.Length, seed), count);
        var fold = new Dictionary<int, int>();
        for (int g = 0; g < groups.Length; g++) fold[groups[g]] = foldOfGroup[g];
        return new Folds(count, [.. group.Select(g => fold[g])]);
    }

    private static int[] Deal(int[] order, int count)
    {
        var fold = new int[order.Length];
        for (int i = 0; i < order.Length; i++) fold[order[i]] = i % count;
        return fold;
    }

    /// <summary>Fisher and Yates's shuffle.</summary>
    private static int[] Shuffled(int count, ulong seed)
    {
        var rng = new Rng(seed, Stream);
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int j = rng.NextInt(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    private static void Require(int count, int items, string what)
    {
        if (count < 2) throw new ArgumentException($"Cross-validation needs at least 2 folds, not {count}.");
        if (count > items) throw new ArgumentException($"There are {items} {what}, too few for {count} folds; give at most {items}.");
    }
}
