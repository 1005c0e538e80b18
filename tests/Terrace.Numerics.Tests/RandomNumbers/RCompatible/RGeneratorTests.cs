using Terrace.Numerics.RandomNumbers.RCompatible;

namespace Terrace.Numerics.Tests.RandomNumbers.RCompatible;

/// <summary>Every expected number was printed by R 4.2.2 with 17 digits.</summary>
public class RGeneratorTests
{
    [Fact]
    public void Repeats_uniforms_normals_and_exponentials_to_the_bit()
    {
        var r = new RGenerator(1);
        Assert.Equal([0.26550866314209998, 0.37212389963679016, 0.57285336335189641], r.Uniform(3));
        Assert.Equal([1.3297992629225006, 1.2724293214294047, 0.41464143445640822], r.NormalValues(3));
        Assert.Equal([1.4474842687320371, 0.61478102670744672, 0.26984141999855638, 0.47828374684922692], r.Exponential(4, 2));
    }

    [Fact]
    public void Repeats_ten_thousand_exponentials() => Assert.Equal(28273507446, LowBits(new RGenerator(-5).Exponential(10000)));

    [Fact]
    public void Repeats_ten_thousand_normals() => Assert.Equal(25596043546, LowBits(new RGenerator(7).NormalValues(10000)));

    [Fact]
    public void Repeats_samples_without_weights()
    {
        var r = new RGenerator(3);
        Assert.Equal([5, 7, 4, 2, 3, 8, 9, 6, 10, 1], r.Sample(10));
        Assert.Equal([72840, 58818, 14956, 8453, 81061], r.Sample(100000, 5, false));
        Assert.Equal([8952201, 16748408, 737832, 1434556], r.Sample(20_000_000, 4, false));
        Assert.Equal([3, 6, 7, 2, 3, 5, 7, 3, 6, 7, 5, 7], r.Sample(7, 12, true));
    }

    [Fact]
    public void Repeats_weighted_samples_with_ties()
    {
        var r = new RGenerator(4);
        Assert.Equal([4, 6, 3, 5, 1, 2], r.Sample(6, false, [1, 1, 2, 2, 1, 3]));
        Assert.Equal([5, 2, 1, 3, 8, 7, 3, 1, 4, 4, 1, 6], r.Sample(12, true, [1, 1, 2, 2, 1, 1, 2, 1]));
    }

    [Fact]
    public void Repeats_the_alias_method_for_many_classes()
    {
        double[] weights = [.. Enumerable.Range(1, 300).Select(i => 1.0 + i % 7)];
        int[] drawn = new RGenerator(5).Sample(2000, true, weights);
        Assert.Equal(312529740, drawn.Select((s, i) => (long)s * (i + 1)).Sum());
        Assert.Equal([185, 104, 297, 222, 13, 291, 128, 220], drawn[..8]);
    }

    [Fact]
    public void Repeats_binomials_by_inversion_and_by_rejection()
    {
        (int Size, double Prob, long Hash)[] calls =
        [
            (1, 0.3, 71489), (10, 0.7, 1673375), (100, 0.2, 4785923), (1000, 0.02, 4805277), (100, 0.4, 9533838), (1000, 0.5, 119423022),
            (100000, 0.3, 7166844288), (50, 0.9, 10742603), (2000000, 0.77, 367885802370), (61, 0.5, 7286538),
        ];
        var r = new RGenerator(6);
        foreach ((int size, double prob, long hash) in calls)
        {
            Assert.Equal(hash, r.BinomialValues(5000, [size], [prob]).Select((s, i) => (long)s * ((i + 1) % 97)).Sum());
        }
    }

    [Fact]
    public void Repeats_the_samples_of_the_tutorial_on_students()
    {
        var r = new RGenerator(10);
        int[] representative = r.Sample(1000, true, [4000, 4000, 4000, 4000, 7000]);
        Assert.Equal([188, 172, 185, 156, 299], Counts(representative, 5));
        Assert.Equal(432, Support(r, representative));
        int[] people = new RGenerator(20).Sample(1000, true, [0.4, 0.4, 0.2, 0.1, 0.1]);
        Assert.Equal([341, 326, 148, 95, 90], Counts(people, 5));
        Assert.Equal(552, Support(new RGenerator(30), people));
    }

    [Fact]
    public void Refuses_weights_that_are_no_probabilities()
    {
        var r = new RGenerator(1);
        Assert.Throws<ArgumentException>(() => r.Sample(1, true, [1, -1]));
        Assert.Throws<ArgumentException>(() => r.Sample(2, false, [1, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => r.Sample(3, 4, false));
    }

    private static int Support(RGenerator r, int[] people)
    {
        double[] support = [0.65, 0.65, 0.4, 0.4, 0.2];
        return r.BinomialValues(people.Length, [1], [.. people.Select(c => support[c - 1])]).Sum();
    }

    private static double LowBits(double[] values) => values.Select((x, i) => Modulo(Math.Floor(x * Math.Pow(2, 40))) * (i + 1)).Sum();

    private static double Modulo(double x) => x - 1024 * Math.Floor(x / 1024);

    private static int[] Counts(int[] drawn, int classes) => [.. Enumerable.Range(1, classes).Select(c => drawn.Count(d => d == c))];
}
