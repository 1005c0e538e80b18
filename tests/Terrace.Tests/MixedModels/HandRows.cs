using Terrace.Design;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Tests.MixedModels;

/// <summary>Rows of a design made by hand, and the same rows in another order or with other names of their groups.</summary>
internal static class HandRows
{
    public static ModelRows RowsOf(DesignMatrices design, double[] y) => new()
    {
        Design = design,
        RowToCell = [.. Enumerable.Range(0, y.Length)],
        SourceRows = [.. Enumerable.Range(0, y.Length)],
        OmittedRows = 0,
        Response = new ResponseValues { Name = "y", Kind = ResponseKind.Numeric, Values = y },
    };

    public static ModelRows Permute(ModelRows rows, int[] order) =>
        RowsOf(Pick(rows.Design, order), [.. order.Select(i => rows.Response!.Values[i])]);

    public static DesignMatrices Pick(DesignMatrices design, int[] rows) => design with
    {
        X = Pick(design.X, rows),
        Offset = [.. rows.Select(i => design.Offset[i])],
        RandomTerms = [.. design.RandomTerms.Select(t => t with { Codes = [.. rows.Select(i => t.Codes[i])], Z = Pick(t.Z, rows) })],
    };

    private static Matrix Pick(Matrix m, int[] rows)
    {
        var picked = new Matrix(rows.Length, m.Columns);
        for (int j = 0; j < m.Columns; j++)
        {
            for (int i = 0; i < rows.Length; i++) picked[i, j] = m[rows[i], j];
        }
        return picked;
    }

    /// <summary>The levels of every grouping factor in the order <paramref name="order"/> gives to the factor, under new names; terms of one factor alike.</summary>
    public static ModelRows Relabel(ModelRows rows, Func<string, int, int[]> order)
    {
        var places = rows.Design.RandomTerms.DistinctBy(t => t.Group).ToDictionary(t => t.Group, t => order(t.Group, t.Levels.Count));
        return rows with
        {
            Design = rows.Design with
            {
                RandomTerms = [.. rows.Design.RandomTerms.Select(t => t with
                {
                    Levels = [.. Enumerable.Range(0, t.Levels.Count).Select(l => $"level {l}")],
                    Codes = [.. t.Codes.Select(code => places[t.Group][code])],
                })],
            },
        };
    }
}
