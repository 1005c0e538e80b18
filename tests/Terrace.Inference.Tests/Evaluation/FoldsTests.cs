using Terrace.Inference.Evaluation;

namespace Terrace.Inference.Tests.Evaluation;

public class FoldsTests
{
    [Fact]
    public void Random_folds_have_sizes_that_differ_by_at_most_one_and_follow_from_the_seed()
    {
        Folds folds = Folds.Random(23, 5, 7);
        Assert.Equal([4, 4, 5, 5, 5], Enumerable.Range(0, 5).Select(k => folds.In(k).Length).Order());
        Assert.Equal(folds.OfRow, Folds.Random(23, 5, 7).OfRow);
        Assert.NotEqual(folds.OfRow, Folds.Random(23, 5, 8).OfRow);
        Assert.Equal(Enumerable.Range(0, 23), folds.In(2).Concat(folds.Outside(2)).Order());
    }

    [Fact]
    public void Stratified_folds_have_equal_shares_of_every_value()
    {
        double[] y = [.. Enumerable.Range(0, 60).Select(i => i % 6 == 0 ? 1.0 : 0)];
        Folds folds = Folds.Stratified(y, 5, 3);
        Assert.All(Enumerable.Range(0, 5), k => Assert.Equal((2, 12), (folds.In(k).Count(row => y[row] == 1), folds.In(k).Length)));
    }

    [Fact]
    public void Grouped_folds_never_divide_a_group()
    {
        int[] group = [.. Enumerable.Range(0, 50).Select(i => i * i % 11)];
        Folds folds = Folds.Grouped(group, 3, 2);
        foreach (IGrouping<int, int> rows in Enumerable.Range(0, 50).GroupBy(row => group[row])) Assert.Single(rows.Select(row => folds.OfRow[row]).Distinct());
        Assert.Equal(3, folds.OfRow.Distinct().Count());
        Assert.Throws<ArgumentException>(() => Folds.Grouped(group, 7, 2));
    }
}
