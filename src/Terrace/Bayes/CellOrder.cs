using Terrace.Design;

namespace Terrace.Bayes;

/// <summary>Puts cells that share levels of the longest grouping factors next to each other, so that the sums of <see cref="PredictorEvaluator"/> stay in registers. Checked in <c>PatternSplitTests</c>.</summary>
internal static class CellOrder
{
    /// <summary>The rows with their cells in the order of the terms' levels, the term with most levels first.</summary>
    public static ModelRows Sorted(ModelRows rows)
    {
        int[][] codes = [.. rows.Design.RandomTerms.OrderByDescending(term => term.Levels.Count).Select(term => term.Codes)];
        if (codes.Length == 0) return rows;
        int[] order = [.. Enumerable.Range(0, rows.Cells)];
        int Compare(int a, int b)
        {
            foreach (int[] own in codes)
            {
                int difference = own[a].CompareTo(own[b]);
                if (difference != 0) return difference;
            }
            return a.CompareTo(b);
        }
        Array.Sort(order, Compare);
        var place = new int[order.Length];
        for (int i = 0; i < order.Length; i++) place[order[i]] = i;
        return rows with { Design = ComponentRows.Select(rows.Design, order), RowToCell = Array.ConvertAll(rows.RowToCell, cell => place[cell]) };
    }
}
