namespace Terrace.Numerics.RandomNumbers;

/// <summary>
/// The counter-based generator Philox4x32-10: a bijection of 128-bit counters under a 64-bit key, whose values at 0, 1, 2, ... are random bits.
/// <para>Formula: ten rounds of (c0, c1, c2, c3) -> (hi(M1 c2) ^ c1 ^ k0, lo(M1 c2), hi(M0 c0) ^ c3 ^ k1, lo(M0 c0)), the key raised by (W0, W1) between rounds.</para>
/// <para>Source: Salmon, Moraes, Dror and Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, section 3.3.
/// Tests: PhiloxTests (the known answers published with Random123).</para>
/// </summary>
internal static class Philox
{
    private const uint M0 = 0xD2511F53, M1 = 0xCD9E8D57, W0 = 0x9E3779B9, W1 = 0xBB67AE85;

    /// <summary>The block of random bits for a counter and a key; low words first.</summary>
    public static (ulong Low, ulong High) Block(ulong counterLow, ulong counterHigh, ulong key)
    {
        uint c0 = (uint)counterLow, c1 = (uint)(counterLow >> 32), c2 = (uint)counterHigh, c3 = (uint)(counterHigh >> 32);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = (ulong)M0 * c0, p1 = (ulong)M1 * c2;
            c0 = (uint)(p1 >> 32) ^ c1 ^ k0;
            c1 = (uint)p1;
            c2 = (uint)(p0 >> 32) ^ c3 ^ k1;
            c3 = (uint)p0;
            k0 = unchecked(k0 + W0);
            k1 = unchecked(k1 + W1);
        }

        return (((ulong)c1 << 32) | c0, ((ulong)c3 << 32) | c2);
    }
}
