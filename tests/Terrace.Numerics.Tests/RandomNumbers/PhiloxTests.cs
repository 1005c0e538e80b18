using Terrace.Numerics.RandomNumbers;

namespace Terrace.Numerics.Tests.RandomNumbers;

/// <summary>The known answers of philox4x32 with 10 rounds that Random123 publishes (its file kat_vectors), as 64-bit words, low half first.</summary>
public class PhiloxTests
{
    [Theory]
    [InlineData(0UL, 0UL, 0UL, 0xe169c58d6627e8d5UL, 0x9b00dbd8bc57ac4cUL)]
    [InlineData(0xffffffffffffffffUL, 0xffffffffffffffffUL, 0xffffffffffffffffUL, 0x41c83b0e408f276dUL, 0x6d5451fda20bc7c6UL)]
    [InlineData(0x85a308d3243f6a88UL, 0x0370734413198a2eUL, 0x299f31d0a4093822UL, 0x94fdccebd16cfe09UL, 0x24126ea15001e420UL)]
    public void Gives_the_published_answers(ulong counterLow, ulong counterHigh, ulong key, ulong first, ulong second) =>
        Assert.Equal((first, second), Philox.Block(counterLow, counterHigh, key));
}
