using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Design;

/// <summary>
/// The matrix S by which one coding of a model's columns is made from another, whatever the data are: X₂ = X₁ S, found by least squares on rows of random levels and numbers. Then
/// coefficients of the second model are those of the first with β₁ = Sβ₂.
/// </summary>
/// <remarks>Searle (1971), Linear Models, section 5.1 (models that span one space). Every combination of levels occurs among so many rows but for a probability below 1e-4, and the rank tells. Tests: DesignMappingTests.</remarks>
internal static class DesignMapping
{
    private const int Attempts = 4;
    private const double Negligible = 1e-10;
    private const double SameSpace = 1e-7;

    /// <summary>S of <paramref name="from"/> -> <paramref name="to"/>; null where a column of the second is no combination of the first's, for then the models are not nested.</summary>
    public static Matrix? Between(DesignColumns from, DesignColumns to, IReadOnlyList<ModelVariable> variables)
    {
        if (from.Selection(to) is { } places) return Selecting(from.Names.Count, places);
        int columns = from.Names.Count;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            int rows = (int)(columns * (Math.Log(columns + 1) + 10) * (1 << attempt)) + 50;
            VariableValues[] values = Artificial(variables, rows);
            Matrix x = from.Build(rows, values);
            PivotedQr qr = PivotedQr.Factor(x.Copy());
            if (qr.Rank == columns || attempt == Attempts - 1) return Solved(qr, x, to.Build(rows, values));
        }
        return null;
    }

    private static Matrix Selecting(int columns, int[] places)
    {
        var map = new Matrix(columns, places.Length);
        for (int j = 0; j < places.Length; j++) map[places[j], j] = 1;
        return map;
    }

    private static VariableValues[] Artificial(IReadOnlyList<ModelVariable> variables, int rows)
    {
        var rng = new Rng(1, 0);
        return [.. variables.Select(variable => variable.Levels is { } levels
            ? new VariableValues([.. Enumerable.Range(0, rows).Select(_ => rng.NextInt(levels.Count))], null)
            : new VariableValues(null, [.. Enumerable.Range(0, variable.Parts).Select(_ => Numbers(rng, rows))]))];
    }

    private static double[] Numbers(Rng rng, int rows) => [.. Enumerable.Range(0, rows).Select(_ => rng.NextNormal())];

    private static Matrix? Solved(PivotedQr qr, Matrix x, Matrix target)
    {
        var map = new Matrix(x.Columns, target.Columns);
        for (int j = 0; j < target.Columns; j++)
        {
            double[] solution = qr.Solve(target.Column(j));
            for (int i = 0; i < solution.Length; i++) map[i, j] = Math.Abs(solution[i]) > Negligible ? solution[i] : 0;
        }
        Matrix made = Gemm.Product(x, false, map, false);
        double worst = 0;
        for (int i = 0; i < made.Values.Length; i++) worst = Math.Max(worst, Math.Abs(made.Values[i] - target.Values[i]));
        return worst < SameSpace ? map : null;
    }
}
