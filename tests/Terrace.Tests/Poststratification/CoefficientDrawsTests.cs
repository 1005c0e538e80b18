using Terrace.Design;
using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using Terrace.Poststratification;

namespace Terrace.Tests.Poststratification;

public class CoefficientDrawsTests
{
    [Fact]
    public void Predicts_as_the_sum_over_all_terms_does()
    {
        var rng = new Rng(3, 0);
        const int rows = 37, draws = 5;
        DesignMatrices design = Design(rng, rows);
        int length = CoefficientDraws.Length(design);
        Assert.Equal(2 + (3 + 1) * 1 + (2 + 0) * 2, length);
        double[] values = [.. Enumerable.Range(0, draws * length).Select(_ => rng.NextNormal())];
        var predictions = new CoefficientDraws(design, Family.Binomial(), values);
        Assert.Equal(draws, predictions.Draws);
        var tile = new double[11];
        for (int first = 0; first + tile.Length <= rows; first += tile.Length)
        {
            predictions.Predict(4, first, tile);
            for (int i = 0; i < tile.Length; i++) Assert.Equal(ByHand(design, values.AsSpan(4 * length, length), first + i), tile[i], 1e-14);
        }
    }

    private static double ByHand(DesignMatrices design, ReadOnlySpan<double> draw, int row)
    {
        double eta = design.Offset[row];
        for (int j = 0; j < 2; j++) eta += design.X[row, j] * draw[j];
        eta += draw[2 + design.RandomTerms[0].Codes[row]];
        RandomTermDesign slopes = design.RandomTerms[1];
        for (int j = 0; j < 2; j++) eta += slopes.Z[row, j] * draw[6 + 2 * slopes.Codes[row] + j];
        return 1 / (1 + Math.Exp(-eta));
    }

    private static DesignMatrices Design(Rng rng, int rows)
    {
        var ones = new Matrix(rows, 1);
        ones.Column(0).Fill(1);
        return new DesignMatrices
        {
            X = new Matrix(rows, 2, [.. Enumerable.Range(0, 2 * rows).Select(_ => rng.NextNormal())]),
            ColumnNames = ["(Intercept)", "x"],
            Assign = [0, 1],
            Offset = [.. Enumerable.Range(0, rows).Select(_ => rng.NextNormal())],
            RandomTerms =
            [
                new RandomTermDesign { Group = "g", Levels = ["a", "b", "c"], NewLevels = ["d"], Codes = [.. Enumerable.Range(0, rows).Select(i => i % 4)], TermNames = ["(Intercept)"], Z = ones },
                new RandomTermDesign
                {
                    Group = "h", Levels = ["p", "q"], Codes = [.. Enumerable.Range(0, rows).Select(i => i / 3 % 2)], TermNames = ["(Intercept)", "x"],
                    Z = new Matrix(rows, 2, [.. Enumerable.Range(0, 2 * rows).Select(_ => rng.NextNormal())]),
                },
            ],
        };
    }
}
