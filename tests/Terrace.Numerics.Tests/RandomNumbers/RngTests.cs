using Terrace.Numerics.RandomNumbers;

namespace Terrace.Numerics.Tests.RandomNumbers;

public class RngTests
{
    [Fact]
    public void Same_seed_and_stream_give_the_same_numbers_and_others_do_not()
    {
        Rng a = new(7, 1), b = new(7, 1), c = new(7, 2), d = new(8, 1);
        ulong[] first = Words(a);
        Assert.Equal(first, Words(b));
        Assert.Empty(first.Intersect(Words(c)));
        Assert.Empty(first.Intersect(Words(d)));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Resumes_where_its_state_was_taken(int skipped)
    {
        var rng = new Rng(3, 9);
        for (int i = 0; i < skipped; i++) rng.NextUInt64();
        var resumed = new Rng(rng.State);
        Assert.Equal(Words(rng), Words(resumed));
    }

    [Fact]
    public void First_words_are_those_of_the_published_block()
    {
        var rng = new Rng(0, 0);
        Assert.Equal([0xe169c58d6627e8d5UL, 0x9b00dbd8bc57ac4cUL], [rng.NextUInt64(), rng.NextUInt64()]);
    }

    private static ulong[] Words(Rng rng) => [.. Enumerable.Range(0, 50).Select(_ => rng.NextUInt64())];
}
