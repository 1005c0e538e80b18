using FsCheck;
using FsCheck.Fluent;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.Tests.LinearAlgebra;

public class SparseCholeskyTests
{
    /// <summary>(variables, cliques, largest clique, widest variable, border): sparse and nearly full, fronts below and above the limit of the plain loops.</summary>
    public static TheoryData<int, int, int, int, int> Shapes => new()
    {
        { 1, 1, 1, 1, 0 }, { 12, 10, 3, 1, 0 }, { 40, 60, 3, 2, 3 }, { 60, 300, 5, 1, 2 }, { 200, 150, 3, 3, 1 }, { 90, 40, 20, 2, 4 }, { 150, 30, 50, 1, 0 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Solutions_and_determinants_are_those_of_the_dense_matrix(int variables, int cliques, int largest, int widest, int border)
    {
        var t = CliqueMatrix.Random(variables, cliques, largest, widest, border, seed: 3);
        AssertAgrees(t, t.Structure(MinimumDegree.Order(t.Graph)!));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_selected_inverse_holds_the_entries_of_the_dense_inverse(int variables, int cliques, int largest, int widest, int border)
    {
        var t = CliqueMatrix.Random(variables, cliques, largest, widest, border, seed: 4);
        var structure = t.Structure(MinimumDegree.Order(t.Graph)!);
        var factor = new SparseCholesky(structure);
        Assert.True(factor.TryFactor(t.On(structure)));
        foreach (bool withBorder in (bool[])[true, false])
        {
            var reader = new InverseCheck(structure, t.DenseInverse(withBorder));
            new SparseInverse(structure).Compute(factor, withBorder, reader);
            Assert.InRange(reader.Largest, 0, 1e-10);
            Assert.True(reader.Entries >= structure.Columns - (withBorder ? 0 : border));
        }
    }

    /// <summary>200 random graphs; any order of elimination gives the same solutions as the dense matrix.</summary>
    [Fact]
    public void Any_order_of_elimination_solves_the_same_system() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(7, 31),
        Prop.ForAll(Gen.Choose(1, 25).Zip(Gen.Choose(0, 60)).Zip(Gen.Choose(0, 3).Zip(Gen.Choose(1, 1_000_000))).ToArbitrary(), shape =>
        {
            ((int variables, int cliques), (int border, int seed)) = shape;
            var t = CliqueMatrix.Random(variables, cliques, 4, 2, border, (ulong)seed);
            AssertAgrees(t, t.Structure(t.RandomOrder()));
            AssertAgrees(t, t.Structure(MinimumDegree.Order(t.Graph)!));
        }));

    /// <summary>Leaves first: a star and a path of any length have no fill, whatever the numbering.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Minimum_degree_gives_trees_no_fill(bool star)
    {
        const int n = 300;
        int[] names = [.. Enumerable.Range(0, n)];
        new Random(5).Shuffle(names);
        int[] members = [.. Enumerable.Range(1, n - 1).SelectMany(i => new[] { names[star ? 0 : i - 1], names[i] })];
        var graph = new CliqueGraph([.. Enumerable.Repeat(1, n)], [.. Enumerable.Range(0, n).Select(c => 2 * c)], members);
        var structure = SupernodalStructure.Of(graph, MinimumDegree.Order(graph)!);
        Assert.InRange(structure.LargestFront, 2, 9); // columns may be gathered into small dense blocks
        Assert.InRange(structure.Entries, 2 * n - 1, 9 * n);
    }

    [Fact]
    public void Minimum_degree_keeps_the_fill_of_a_grid_far_below_that_of_the_natural_order()
    {
        const int side = 80;
        var members = new List<int>();
        for (int i = 0; i + 1 < side; i++)
        {
            for (int j = 0; j + 1 < side; j++) members.AddRange([i * side + j, i * side + j + 1, (i + 1) * side + j, (i + 1) * side + j + 1]);
        }

        var graph = new CliqueGraph([.. Enumerable.Repeat(1, side * side)], [.. Enumerable.Range(0, members.Count / 4 + 1).Select(c => 4 * c)], [.. members]);
        long natural = SupernodalStructure.Of(graph, [.. Enumerable.Range(0, side * side)]).Entries, ordered = SupernodalStructure.Of(graph, MinimumDegree.Order(graph)!).Entries;
        Assert.InRange(ordered, side * side, natural / 2);
    }

    [Fact]
    public void The_search_for_an_order_ends_when_the_factor_would_be_too_dear()
    {
        var t = CliqueMatrix.Random(300, 900, 6, 1, 0, seed: 9);
        double flops = SupernodalStructure.Of(t.Graph, MinimumDegree.Order(t.Graph)!).Flops;
        Assert.Null(MinimumDegree.Order(t.Graph, flops / 10));
        Assert.NotNull(MinimumDegree.Order(t.Graph, 2 * flops));
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_is_refused()
    {
        var t = CliqueMatrix.Random(50, 70, 4, 1, 0, seed: 2);
        t.Shift = -50;
        var structure = t.Structure(MinimumDegree.Order(t.Graph)!);
        Assert.False(new SparseCholesky(structure).TryFactor(t.On(structure)));
    }

    [Fact]
    public void Orders_that_are_no_permutations_are_refused()
    {
        var graph = new CliqueGraph([1, 1], [0, 2], [0, 1]);
        Assert.Throws<ArgumentException>(() => SupernodalStructure.Of(graph, [0, 0]));
        Assert.Throws<ArgumentException>(() => new CliqueGraph([1, 1], [0, 1], [2]));
    }

    private static void AssertAgrees(CliqueMatrix t, SupernodalStructure structure)
    {
        var factor = new SparseCholesky(structure);
        Assert.True(factor.TryFactor(t.On(structure)));
        Assert.True(factor.TryFactor(t.On(structure))); // a factor can be used again
        int n = structure.Columns;
        Matrix l = t.Dense.Copy();
        Assert.True(Cholesky.TryFactor(l));
        Assert.InRange(Math.Abs(Cholesky.LogDeterminant(l) - factor.LogDeterminant(0, n)), 0, 1e-10 * (1 + n));
        double[] right = [.. Enumerable.Range(0, n).Select(i => Math.Sin(i + 1.0))], expected = [.. right], permuted = [.. structure.Order.Select(j => right[j])];
        Cholesky.SolveLower(l, expected);
        Cholesky.SolveLowerTransposed(l, expected);
        factor.SolveForward(permuted);
        factor.SolveBackward(permuted);
        for (int k = 0; k < n; k++) Assert.InRange(Math.Abs(permuted[k] - expected[structure.Order[k]]), 0, 1e-10);
    }

    private sealed class InverseCheck(SupernodalStructure structure, Matrix inverse) : IInverseReader
    {
        public double Largest { get; private set; }

        public int Entries { get; private set; }

        public void Read(int supernode, ReadOnlySpan<int> place, ReadOnlySpan<double> front, int size)
        {
            int first = structure.FirstColumn[supernode];
            int[] positions = [.. Enumerable.Range(first, structure.Width(supernode)), .. structure.Rows(supernode)];
            for (int a = 0; a < size; a++)
            {
                Assert.Equal(a, place[positions[a]]);
                for (int b = 0; b < size; b++)
                {
                    Entries++;
                    Largest = Math.Max(Largest, Math.Abs(front[a * size + b] - inverse[structure.Order[positions[a]], structure.Order[positions[b]]]));
                }
            }
        }
    }
}
