using Terrace.Design;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Tests.MixedModels;

/// <summary>Small random designs for comparisons with dense algebra.</summary>
internal static class RandomMixedDesign
{
    /// <summary>The kinds of random-effects structure that the blocked code treats differently: (group, levels, width) per term.</summary>
    public static readonly (string Group, int Levels, int Width)[][] Structures =
    [
        [("a", 6, 1)],
        [("a", 6, 2)],
        [("a", 7, 1), ("b", 4, 1)],
        [("a", 7, 2), ("b", 5, 3)],
        [("b", 3, 1), ("a", 8, 1), ("c", 5, 2)],
        [("a", 6, 1), ("a", 6, 1), ("b", 4, 2)],
        [("a", 9, 3), ("b", 4, 1), ("c", 4, 1), ("d", 2, 1)],
        [("a", 5, 2), ("a", 5, 1)],
    ];

    public static DesignMatrices Create(Rng rng, int rows, (string Group, int Levels, int Width)[] structure, int fixedColumns = 3)
    {
        var x = new Matrix(rows, fixedColumns);
        for (int j = 0; j < fixedColumns; j++)
        {
            for (int i = 0; i < rows; i++) x[i, j] = j == 0 ? 1 : rng.NextNormal() * j + 3;
        }
        var codes = structure.Select(s => s.Group).Distinct().ToDictionary(g => g, g => Codes(rng, rows, structure.First(s => s.Group == g).Levels));
        return new DesignMatrices
        {
            X = x,
            ColumnNames = [.. Enumerable.Range(0, fixedColumns).Select(j => j == 0 ? "(Intercept)" : $"x{j}")],
            Assign = [.. Enumerable.Range(0, fixedColumns)],
            RandomTerms = [.. structure.Select(s => Term(rng, rows, s, codes[s.Group]))],
            Offset = new double[rows],
        };
    }

    public static MixedModelCells Cells(DesignMatrices design, double[] weights, Factorisation factorisation = Factorisation.Automatic) =>
        new(design, FixedEffectsBasis.Of(design.X, weights), factorisation);

    public static double[] Normals(Rng rng, int count) => [.. Enumerable.Range(0, count).Select(_ => rng.NextNormal())];

    public static double[] Positive(Rng rng, int count) => [.. Enumerable.Range(0, count).Select(_ => 0.3 + rng.NextDouble())];

    /// <summary>Z in the order of the layout, dense.</summary>
    public static Matrix DenseZ(MixedModelCells cells)
    {
        var z = new Matrix(cells.Count, cells.Layout.Columns);
        for (int t = 0; t < cells.Codes.Length; t++)
        {
            var term = cells.Layout.Terms[t];
            for (int i = 0; i < cells.Count; i++)
            {
                for (int j = 0; j < term.Width; j++) z[i, term.Index(cells.Codes[t][i], j)] = cells.Z[t][i * term.Width + j];
            }
        }
        return z;
    }

    /// <summary>Λ, dense.</summary>
    public static Matrix DenseLambda(RandomEffectsLayout layout, double[] theta)
    {
        var lambda = new Matrix(layout.Columns, layout.Columns);
        foreach (var term in layout.Terms)
        {
            for (int l = 0; l < term.Levels.Count; l++)
            {
                for (int c = 0; c < term.Width; c++)
                {
                    for (int r = c; r < term.Width; r++) lambda[term.Index(l, r), term.Index(l, c)] = theta[term.ThetaIndex(r, c)];
                }
            }
        }
        return lambda;
    }

    private static int[] Codes(Rng rng, int rows, int levels) => [.. Enumerable.Range(0, rows).Select(i => i < levels ? i : rng.NextInt(levels))];

    private static RandomTermDesign Term(Rng rng, int rows, (string Group, int Levels, int Width) s, int[] codes)
    {
        var z = new Matrix(rows, s.Width);
        for (int j = 0; j < s.Width; j++)
        {
            for (int i = 0; i < rows; i++) z[i, j] = j == 0 && s.Width > 1 ? 1 : rng.NextNormal();
        }
        return new RandomTermDesign
        {
            Group = s.Group,
            Levels = [.. Enumerable.Range(1, s.Levels).Select(l => $"{s.Group}{l}")],
            Codes = codes,
            TermNames = [.. Enumerable.Range(0, s.Width).Select(j => $"z{j}")],
            Z = z,
        };
    }
}
