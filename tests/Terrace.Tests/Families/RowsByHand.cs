using Terrace.Design;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Tests.Families;

/// <summary>Model rows written by hand, one cell for each distinct row of X and offset or one for each row.</summary>
internal static class RowsByHand
{
    public static ModelRows Make(double[][] x, ResponseValues? response, double[]? weights = null, double[]? trials = null, double[]? offset = null, bool collapse = false)
    {
        int n = x.Length;
        offset ??= new double[n];
        var cells = new Dictionary<string, int>();
        var rowToCell = new int[n];
        var first = new List<int>();
        for (int i = 0; i < n; i++)
        {
            string key = collapse ? string.Join(" ", x[i].Append(offset[i]).Select(v => v.ToString("R"))) : i.ToString();
            if (cells.TryAdd(key, first.Count)) first.Add(i);
            rowToCell[i] = cells[key];
        }
        int p = n == 0 ? 0 : x[0].Length;
        var matrix = new Matrix(first.Count, p);
        for (int c = 0; c < first.Count; c++)
            for (int j = 0; j < p; j++) matrix[c, j] = x[first[c]][j];
        return new ModelRows
        {
            Design = new DesignMatrices
            {
                X = matrix,
                ColumnNames = [.. Enumerable.Range(0, p).Select(j => j == 0 ? "(Intercept)" : $"x{j}")],
                Assign = [.. Enumerable.Range(0, p)],
                RandomTerms = [],
                Offset = [.. first.Select(i => offset[i])],
            },
            RowToCell = rowToCell,
            SourceRows = [.. Enumerable.Range(0, n)],
            OmittedRows = 0,
            Response = response,
            Weights = weights,
            Trials = trials,
        };
    }

    public static ModelRows Intercept(ResponseValues? response, double[]? weights = null, double[]? trials = null, bool collapse = false) =>
        Make([.. Enumerable.Repeat(new double[] { 1 }, response?.Values.Length ?? 1)], response, weights, trials, null, collapse);

    public static ResponseValues Numbers(params double[] y) => new() { Name = "y", Kind = ResponseKind.Numeric, Values = y };

    public static ResponseValues Levels(string[] levels, params double[] codes) => new() { Name = "vote", Kind = ResponseKind.Categorical, Values = codes, Levels = levels };

    public static ResponseValues Cbind(double[] successes, double[] failures) =>
        new() { Name = "cbind(s, f)", Kind = ResponseKind.SuccessesAndFailures, Values = successes, Failures = failures };
}
