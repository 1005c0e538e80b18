namespace Terrace.Numerics.RandomNumbers.RCompatible;

/// <summary>
/// The Mersenne Twister MT19937 seeded as R's <c>set.seed</c> seeds it: 32-bit words and uniforms on (0, 1).
/// <para>Formula: x_k+624 = x_k+397 ^ (high bit of x_k | low bits of x_k+1) A, then tempering. Seeding: s -> 69069 s + 1, the first 50 values skipped, the next one replaced
/// by the position, the following 624 the state.</para>
/// <para>Source: Matsumoto and Nishimura (1998); R's help page "Random" for the seeding. Tests: RGeneratorTests (against R, bit for bit).</para>
/// </summary>
internal sealed class MersenneTwister
{
    private const int Length = 624, Shift = 397;
    private const double Unit = 2.3283064365386963e-10;
    private const double HalfStep = 0.5 * 2.328306437080797e-10;
    private readonly uint[] _state = new uint[Length];
    private int _next = Length;

    public MersenneTwister(int seed)
    {
        uint value = (uint)seed;
        for (int i = 0; i <= 50; i++) value = unchecked(69069 * value + 1);
        for (int i = 0; i < Length; i++) _state[i] = value = unchecked(69069 * value + 1);
    }

    /// <summary>Uniform on (0, 1): 32 bits, the ends moved inwards by half a step.</summary>
    public double NextUniform()
    {
        double value = NextWord() * Unit;
        if (value <= 0) return HalfStep;
        return 1 - value <= 0 ? 1 - HalfStep : value;
    }

    /// <summary>A whole number below <paramref name="n"/>: as many bits as it needs, in groups of 16, drawn again while too large.</summary>
    public long NextIndex(long n)
    {
        if (n <= 0) return 0;
        int bits = (int)Math.Ceiling(Math.Log2(n));
        while (true)
        {
            long value = 0;
            for (int got = 0; got <= bits; got += 16) value = unchecked(65536 * value + (int)Math.Floor(NextUniform() * 65536));
            value &= (1L << bits) - 1;
            if (value < n) return value;
        }
    }

    private uint NextWord()
    {
        if (_next == Length) Refill();
        uint y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >> 18);
    }

    private void Refill()
    {
        for (int k = 0; k < Length; k++)
        {
            uint y = (_state[k] & 0x80000000) | (_state[(k + 1) % Length] & 0x7fffffff);
            _state[k] = _state[(k + Shift) % Length] ^ (y >> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
        }

        _next = 0;
    }
}
